// What may be given to ssh as a machine. Pure.
#pragma once

#include <string>
#include <string_view>

namespace procatlas {

// Why this is no name of a machine; empty: ssh may be given it. No such name can be an option of ssh or a command of a shell.
[[nodiscard]] std::string why_no_machine(std::string_view machine);

}  // namespace procatlas
