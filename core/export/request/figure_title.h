// What a figure is called.
#pragma once

#include <string>
#include <string_view>

#include "core/model/world.h"

namespace procatlas {

// `chosen`, or where it is empty the command of the first process; safe to show, and never empty.
[[nodiscard]] std::string figure_title(const World& world, std::string_view chosen);

}  // namespace procatlas
