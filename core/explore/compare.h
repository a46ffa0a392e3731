// What is equal in two recordings, what has moved, and what differs only by chance. Pure.
//
// By chance differ: PIDs, times, addresses (ASLR), the order of events of different processes, and what a program prints of
// them. Processes are matched by their names (outcome.h), their events in order, their regions by kind, file and order.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/model/recording.h"
#include "core/model/region.h"

namespace procatlas {

// equal: in every byte. chance: equal but for what chance gives.
enum class Sameness { equal, chance, different };

enum class RegionChange { equal, moved, resized, only_first, only_second };

struct ComparedRegion {
    RegionKind kind = RegionKind::anonymous;
    LibraryPart part = LibraryPart::none;
    std::string file;    // raw bytes
    AddressRange first;  // empty: it has none
    AddressRange second;
    RegionChange change = RegionChange::equal;
};

struct ComparedProcess {
    std::string name;  // P, C1, ...
    std::pair<std::int32_t, std::int32_t> pids;
    Sameness events =
        Sameness::equal;  // whether it did the same, in the same order; memory calls count if both recordings have them
    Sameness output = Sameness::equal;         // what it printed
    std::pair<std::string, std::string> exit;  // "0", "SIGKILL"; empty: not seen
    std::vector<ComparedRegion> regions;       // of its last maps, ascending in the first
};

struct Comparison {
    std::vector<ComparedProcess> processes;  // those that are in both, in order of birth in the first
    std::vector<std::string> only_first;
    std::vector<std::string> only_second;
    Sameness output = Sameness::equal;  // of all, as it came to the terminal
    Sameness order = Sameness::equal;   // of the events of all; chance: each process did the same, in another order among them
    std::vector<std::pair<std::size_t, std::size_t>> together;  // the moments of the first events, which are the same in both
    std::optional<std::pair<std::size_t, std::size_t>>
        parts_at;                    // the moments of the first events that are not the same; at an end: behind the last
    Sameness all = Sameness::equal;  // the worst of all of it; what moved is chance
};

[[nodiscard]] Comparison compare_recordings(const Recording& first, const Recording& second);

// "equal", "chance", "different"; "equal", "moved", "resized", "only_first", "only_second".
[[nodiscard]] std::string_view sameness_name(Sameness sameness);
[[nodiscard]] std::string_view region_change_name(RegionChange change);

}  // namespace procatlas
