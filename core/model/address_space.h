// The memory map of one process at one moment, as the kernel reports it.
#pragma once

#include <algorithm>
#include <iterator>
#include <memory>
#include <vector>

#include "core/base/address.h"
#include "core/model/mapping.h"

namespace procatlas {

// Addresses that the kernel keeps for a process: /proc/PID/stat fields 26-28 and 45-51, and AT_ENTRY of /proc/PID/auxv.
// 0 where not available.
struct AddressMarks {
    Address start_code = 0;
    Address end_code = 0;
    Address start_data = 0;
    Address end_data = 0;  // end of the initialised data of the executable: its bss starts here
    Address start_brk = 0;
    Address start_stack = 0;  // the stack pointer at the first instruction
    Address arg_start = 0;
    Address arg_end = 0;
    Address env_start = 0;
    Address env_end = 0;
    Address entry = 0;

    bool operator==(const AddressMarks&) const = default;
};

struct AddressSpace {
    std::vector<Mapping> mappings;  // ascending, not overlapping
    AddressMarks marks;
    bool torn = false;                  // the map kept changing in three readings, because the process was running
    std::shared_ptr<const void> names;  // keeps what Mapping::name points into; null where all names are literals

    bool operator==(const AddressSpace& other) const {
        return mappings == other.mappings && marks == other.marks && torn == other.torn;
    }
};

// The mapping that contains `address`, or nullptr.
[[nodiscard]] inline const Mapping* find_mapping(const AddressSpace& space, Address address) {
    const auto after = std::ranges::upper_bound(space.mappings, address, {}, [](const Mapping& m) { return m.range.start; });
    return after != space.mappings.begin() && std::prev(after)->range.contains(address) ? &*std::prev(after) : nullptr;
}

}  // namespace procatlas
