// A command of `procatlas trace` whose first word is a source: "-- mine.c 1 2".
#pragma once

#include <expected>
#include <string>
#include <vector>

#include "core/narrate/messages.h"

namespace procatlas {

// Whether the command's first word names a source that the system would not find or execute by itself.
[[nodiscard]] bool names_source(const std::vector<std::string>& command);

// What to execute for it, compiled if it must be. What the compiler says goes to standard error. Error: the exit status, when
// the reason has been printed or a signal has ended the compiler.
[[nodiscard]] std::expected<std::vector<std::string>, int> ready_command(const std::vector<std::string>& command,
                                                                         const Messages& words);

}  // namespace procatlas
