// Each process has one colour, everywhere.
#pragma once

#include <array>
#include <cstddef>

#include "core/scene/scene.h"

namespace procatlas {

// `process`: index in World::processes.
[[nodiscard]] inline Role role_of_process(std::size_t process) {
    constexpr std::array<Role, 6> roles{Role::lane_1, Role::lane_2, Role::lane_3, Role::lane_4, Role::lane_5, Role::lane_6};
    return roles[process % roles.size()];
}

}  // namespace procatlas
