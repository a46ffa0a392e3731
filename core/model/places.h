// Places in an address space that the kernel or a register points to.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "core/model/region.h"
#include "core/model/world.h"

namespace procatlas {

// The kernel's places are brk, the stack's start and the entry point; the others are registers.
enum class PlaceKind { program_counter, stack_pointer, brk, stack_start, entry };
struct Place {
    PlaceKind kind = PlaceKind::program_counter;
    Address address = 0;
    std::int32_t thread = 0;  // 0: the leader's
};

// The known places, of at most `thread_limit` threads.
[[nodiscard]] std::vector<Place> places_of(const Process& process, std::span<const Region> regions,
                                           std::size_t thread_limit = 4);

}  // namespace procatlas
