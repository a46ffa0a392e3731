// A typed command line as arguments. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"

namespace procatlas {

// Splits at blanks; '…' keeps everything, "…" everything but \" and \\, a backslash keeps the next character. Nothing else of a
// shell: no variables, no wildcards. Fails on a quotation mark that is not closed.
[[nodiscard]] Result<std::vector<std::string>> split_command(std::string_view line);

}  // namespace procatlas
