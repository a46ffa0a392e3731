// Each process has one colour, everywhere.
#pragma once

#include <cstddef>

#include "core/scene/palette.h"
#include "core/scene/scene.h"

namespace procatlas {

// `process`: index in World::processes.
[[nodiscard]] inline Role role_of_process(std::size_t process) {
    return static_cast<Role>(static_cast<std::size_t>(Role::lane_1) + process % process_colours);
}

}  // namespace procatlas
