// Names for blocks of memory and for places in them.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "core/model/memory_blocks.h"
#include "core/model/places.h"
#include "core/narrate/messages.h"

namespace procatlas {

// "heap", "libc.so.6", "stack of thread 1234", ...
[[nodiscard]] std::string block_name(const Block& block, std::span<const Region> regions, const Messages& words);

// The names of what a folded block contains: "libc.so.6, ld-linux-x86-64.so.2".
[[nodiscard]] std::string folded_names(const Block& block, std::span<const Region> regions);

[[nodiscard]] std::string_view place_key(PlaceKind kind);  // "place.pc", ...

}  // namespace procatlas
