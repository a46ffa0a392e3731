// Which processes are named in a panel's head, and which are only counted there because there is no room for all names. Pure.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "core/model/world.h"

namespace procatlas {

// Indices in World::processes, in the order in which they were given.
struct ProcessChips {
    std::vector<std::size_t> named;  // empty: not even those that have a column fit
    std::vector<std::size_t> counted;
};

// What the chips take of the width of a head.
struct ChipWidths {
    std::span<const float> names;  // of each process of the order
    float count = 0;               // of the chip that counts the others
    float room = 0;
};

// Those of `columns` are named before others, and the living before zombies, and zombies before those that were reaped.
[[nodiscard]] ProcessChips process_chips(const World& world, std::span<const std::size_t> order,
                                         std::span<const std::size_t> columns, const ChipWidths& widths);

}  // namespace procatlas
