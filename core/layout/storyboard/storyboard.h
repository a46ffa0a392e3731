// Which moments of a recording tell its story in a row: before a fork, after it, after the child's exec, at its exit. Pure.
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
    before_exec,
    after_exec,
    failed_exec,
    at_exit,
    chosen,
};

struct StoryStep {
    StoryPart part = StoryPart::chosen;
    std::size_t moment = 0;
    std::vector<std::size_t> processes;  // indices in World::processes, in the order in which they stand side by side
};

// The first fork whose child then runs another program, else the first whose child tries to, else the first fork. Without any:
// the exec by which the first program became another one, else how it began. Who only failed to exec shows its last attempt,
// for a search along PATH fails many times. Only the steps that the recording has; empty where nothing of the kind happened.
[[nodiscard]] std::vector<StoryStep> default_story(const Recording& recording);

// The moments in the order given. At each who of `processes` (indices) was born by then; where there are none of these, the
// process whose event it was, with the child that it brought and the zombies of the moment, and of nobody's event the first
// process and the youngest others.
[[nodiscard]] std::vector<StoryStep> chosen_story(const Recording& recording, std::span<const std::size_t> moments,
                                                  std::span<const std::size_t> processes);

[[nodiscard]] std::string_view story_part_key(StoryPart part);  // "story.before_fork", ...; takes the moment

}  // namespace procatlas
