// Where in a recording something last happened to a thing. Pure.
#pragma once

#include <cstddef>
#include <optional>

#include "core/model/recording.h"
#include "core/scene/thing.h"

namespace procatlas {

// The latest event before or at `moment` at which
//   a variable got the value that it has, a function was called, a block was handed out or freed, a source line was reached,
//   an instruction was executed, a memory call changed a region, a process was born.
// nullopt: the recording does not tell.
[[nodiscard]] std::optional<std::size_t> last_moment_of(const Thing& thing, const Recording& recording, std::size_t moment);

}  // namespace procatlas
