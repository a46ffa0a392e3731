// The lives of processes in moments, as the timeline needs them, collected as events arrive. One thread only.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "core/model/recording.h"

namespace procatlas {

struct ProcessLane {
    std::uint32_t born = 0;
    std::optional<std::uint32_t> exit;  // of one that was watched from outside: when it was gone, as `reap`
    std::optional<std::uint32_t> reap;  // when the process is gone
    std::optional<std::size_t> parent;  // index in World::processes
    std::vector<std::uint32_t> execs;
    std::vector<std::uint32_t> steps;   // moments of its lifecycle events, ascending
    std::vector<std::uint32_t> traces;  // moments of its other events (output, memory, threads), ascending
};

// As they were known at a moment: nothing in them is later, and who was born later has none.
[[nodiscard]] std::vector<ProcessLane> lanes_until(std::span<const ProcessLane> lanes, std::size_t moment);

class ProcessLanes {
public:
    // Takes in the new events of `recording`.
    void follow(const Recording& recording);
    void clear();
    // Indexed as World::processes.
    [[nodiscard]] std::span<const ProcessLane> lanes() const { return lanes_; }

private:
    void take(const Recording& recording, std::size_t moment);

    std::vector<ProcessLane> lanes_;
    std::size_t taken_ = 0;  // events taken in
};

}  // namespace procatlas
