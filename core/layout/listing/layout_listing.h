// Draws the source, machine code and bytes of a process: rows -> Scene. Pure.
#pragma once

#include <cstdint>
#include <vector>

#include "core/layout/listing/byte_rows.h"
#include "core/layout/listing/code_rows.h"
#include "core/layout/listing/source_rows.h"
#include "core/narrate/messages.h"
#include "core/scene/scene.h"

namespace procatlas {

struct ListingScene {
    Scene scene;
    Box current;         // the row of the process's current position; empty: no row
    float row = 0;       // the height of each row of a source, if it is rows alone; else 0
    Box inhabited = {};  // of the source: from the first to the last row at which a process is; empty: none is
};

// Each scene is `width` wide and cuts texts that do not fit. The row of the current position
// is marked.
enum class ListingHeading : std::uint8_t { shown, left_out };
// `stops`: the lines at which the program is to be held, which have a mark in a margin that can be clicked; null: no margin.
[[nodiscard]] ListingScene layout_source(const SourceRows& source, float width, const Messages& words,
                                         const TextMeasure& measure, ListingHeading heading = ListingHeading::shown,
                                         const std::vector<std::uint32_t>* stops = nullptr);
[[nodiscard]] ListingScene layout_code(const CodeRows& code, float width, const Messages& words, const TextMeasure& measure);
[[nodiscard]] ListingScene layout_bytes(const ByteRows& bytes, float width, const Messages& words, const TextMeasure& measure);

// The mark beside a source line: "▶ 41, 42" and "↳ 43".
[[nodiscard]] std::string mark_text(const SourceRow& row);

}  // namespace procatlas
