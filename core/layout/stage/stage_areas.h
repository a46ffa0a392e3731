// The areas of one process's memory as a textbook names them: stack, libraries, heap, data, read-only data, code. Pieces that
// belong together are one area, even where others lie between them. Pure.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "core/model/region.h"
#include "core/narrate/messages.h"
#include "core/scene/scene.h"

namespace procatlas {

struct StageArea {
    Role role = Role::anonymous;
    std::string key;                  // the same area has the same key in all processes: "heap", "stack 7ffd…"
    std::string title;                // "heap"
    std::string note;                 // "▲ grows up"
    std::vector<AddressRange> parts;  // ascending
    std::vector<bool> of_file;        // for each part: its pages belong to a file until the first write
    ByteCount size = 0;
    bool shared_memory = false;
    bool furniture = false;  // needed by every process, and not what a lesson is about

    // Areas stand in descending order of this. The parts of the program's file are the lowest, in a fixed order.
    [[nodiscard]] std::pair<Address, int> place() const;
    [[nodiscard]] bool contains(Address address) const;
    [[nodiscard]] AddressRange hull() const { return {parts.front().start, parts.back().end}; }
};

// From high to low addresses, but the program's file as data, read-only data, code. An address in `interesting` gives the
// mapping that contains it an area of its own, where it would otherwise be one of the libraries' and the like. At most
// `most_stage_areas`.
inline constexpr std::size_t most_stage_areas = 12;
[[nodiscard]] std::vector<StageArea> stage_areas(std::span<const Region> regions, std::span<const Address> interesting,
                                                 const Messages& words);

}  // namespace procatlas
