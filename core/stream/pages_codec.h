// Pages as bytes: each run by what lies between it and the one before.
#pragma once

#include "core/model/pages.h"
#include "core/stream/codec.h"

namespace procatlas {

void write_pages(Encoder& out, const Pages& pages);

// Runs that ascend and lie within the address space, or `in` has failed.
[[nodiscard]] Pages read_pages(Decoder& in);

}  // namespace procatlas
