// The arguments of `procatlas`, taken apart by the table in command_line.h.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/cli/command_line.h"

namespace procatlas {

// Parses, and prints help, the version or an error if necessary. Returns the exit status if there is nothing left to do.
[[nodiscard]] std::optional<int> parse_command_line(int argc, char** argv, Typed& typed);

// The language that --language asks for among `words`, although they are wrong usage; else `otherwise`.
[[nodiscard]] std::string asked_language(const std::vector<std::string>& words, std::string_view otherwise);

// What the terminal is told of arguments that CLI11 does not take, as it says it in English: two lines, in this language if
// there are words in it.
[[nodiscard]] std::string usage_error_text(std::string_view wrong, std::string_view language);

}  // namespace procatlas
