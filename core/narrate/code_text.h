// A line of source as it is quoted. Pure.
#pragma once

#include <string_view>

namespace procatlas {

// Without indentation, and without a comment at its end: " //" or " #" outside of quotes. A line that is only a comment stays.
[[nodiscard]] std::string_view without_comment(std::string_view line);

// Whether nothing of a line of C or C++ says what it does: it is empty, a comment, or only a closing brace.
[[nodiscard]] bool says_nothing(std::string_view line);

}  // namespace procatlas
