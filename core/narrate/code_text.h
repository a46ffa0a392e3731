// A line of source as it is quoted. Pure.
#pragma once

#include <string_view>

namespace procatlas {

// Without indentation, and without a comment at its end: " //" or " #" outside of quotes. A line that is only a comment stays.
[[nodiscard]] std::string_view without_comment(std::string_view line);

}  // namespace procatlas
