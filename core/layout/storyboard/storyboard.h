// Chooses the moments that tell a recording's story: before a fork, after it, after the child's exec, at its exit. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "core/model/recording.h"

namespace procatlas {

enum class StoryPart : std::uint8_t {
    before_fork,
    after_fork,
    before_vfork,
    after_vfork,
    before_clone,
    after_clone,
    before_exec,
    after_exec,
    failed_exec,
    child_writes,
    at_exit,
    chosen,
};

struct StoryStep {
    StoryPart part = StoryPart::chosen;
    std::size_t moment = 0;
    std::vector<std::size_t> processes;  // indices in World::processes, in the order of their columns

    bool operator==(const StoryStep&) const = default;
};

// Prefers the first fork whose child execs successfully, then the first whose child tries to, then the first fork. Where a page
// of the program's own data was seen to be copied, that moment is among them. Without a fork, shows the exec by which the first
// process changed its program, or else its start. If all execs failed, shows the last attempt, because a search along PATH
// fails many times. Leaves out steps that the recording does not have; may be empty.
[[nodiscard]] std::vector<StoryStep> default_story(const Recording& recording);

// The given moments, in that order. Each step shows those of `processes` (indices) that were born by then. If `processes` is
// empty, it shows the process of the event, the child that the event created, and the zombies. If the event belongs to no
// process, it shows the first process and the youngest others.
[[nodiscard]] std::vector<StoryStep> chosen_story(const Recording& recording, std::span<const std::size_t> moments,
                                                  std::span<const std::size_t> processes);

[[nodiscard]] std::string_view story_part_key(StoryPart part);  // "story.before_fork", ...; its text needs the moment

}  // namespace procatlas
