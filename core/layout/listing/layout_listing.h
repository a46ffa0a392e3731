// Source, machine code and bytes of a process -> Scene. Pure.
#pragma once

#include "core/layout/listing/byte_rows.h"
#include "core/layout/listing/code_rows.h"
#include "core/layout/listing/source_rows.h"
#include "core/narrate/messages.h"
#include "core/scene/scene.h"

namespace procatlas {

struct ListingScene {
    Scene scene;
    Box current;  // the row where the process is; empty: none is
};

// Each as wide as `width`; texts that do not fit are cut. The row where the process is has an outline and an arrow.
[[nodiscard]] ListingScene layout_source(const SourceRows& source, float width, const Messages& words,
                                         const TextMeasure& measure);
[[nodiscard]] ListingScene layout_code(const CodeRows& code, float width, const Messages& words, const TextMeasure& measure);
[[nodiscard]] ListingScene layout_bytes(const ByteRows& bytes, float width, const Messages& words, const TextMeasure& measure);

// "▶ 41, 42" and "↳ 43", what the source says beside a line.
[[nodiscard]] std::string mark_text(const SourceRow& row);

}  // namespace procatlas
