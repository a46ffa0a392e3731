// Text for a terminal whose locale is not UTF-8.
#pragma once

#include <string>
#include <string_view>

namespace procatlas {

// `utf8` in the environment's character set. What that lacks becomes something alike in ASCII, or an escape (`\u00e9`).
[[nodiscard]] std::string terminal_text(std::string_view utf8);

// The same for the character set of this name, as iconv(3) knows it; of an unknown one only ASCII is used.
[[nodiscard]] std::string text_in_charset(std::string_view utf8, const std::string& charset);

// The character set that these variables ask for (locale(7)); null or empty: not set.
[[nodiscard]] std::string charset_of(const char* lc_all, const char* lc_ctype, const char* lang);

}  // namespace procatlas
