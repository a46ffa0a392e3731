// Pages as bytes: each run is encoded by its distance from the one before.
#pragma once

#include "core/model/pages.h"
#include "core/stream/codec.h"

namespace procatlas {

void write_pages(Encoder& out, const Pages& pages);

// Returns ascending runs within the address space, or sets `in` to failed.
[[nodiscard]] Pages read_pages(Decoder& in);

}  // namespace procatlas
