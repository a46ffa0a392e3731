// Splits a command line into arguments. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"

namespace procatlas {

// Splits at blanks. '…' keeps everything; "…" keeps everything except \" and \\; a backslash keeps the next character. No other
// shell syntax: no variables, no wildcards. Error: an unclosed quotation mark.
[[nodiscard]] Result<std::vector<std::string>> split_command(std::string_view line);

// A line that `split_command` makes into these arguments.
[[nodiscard]] std::string join_command(const std::vector<std::string>& arguments);

}  // namespace procatlas
