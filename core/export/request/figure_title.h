// Chooses the title of a figure.
#pragma once

#include <string>
#include <string_view>

#include "core/model/world.h"

namespace procatlas {

// `chosen`, or if that is empty, the command of the first process. Safe to show, never empty.
[[nodiscard]] std::string figure_title(const World& world, std::string_view chosen);

}  // namespace procatlas
