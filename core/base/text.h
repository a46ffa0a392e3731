// Text that comes from outside (names, paths, arguments, output) made safe to show.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/base/address.h"

namespace procatlas {

// Valid UTF-8 without control, bidirectional-override or invisible characters: each offending byte or character becomes a
// visible escape (`\n`, `\x1b`, `\u202e`). Keeps newlines and tabs where `keep_lines` is true.
[[nodiscard]] std::string display_text(std::string_view bytes, bool keep_lines = false);

// A program's arguments in one line, each as display_text; "…" at the end if they were `cut`, which is more than are here.
[[nodiscard]] std::string arguments_text(const std::vector<std::string>& arguments, bool cut);

// The first `most` characters of a text, and "…" if there were more.
[[nodiscard]] std::string first_characters(std::string_view text, std::size_t most);

// Valid UTF-8, otherwise unchanged: each byte that is not part of a well-formed sequence becomes U+FFFD.
[[nodiscard]] std::string valid_utf8(std::string_view bytes);

// Returns the code point of `text` at `at` and moves `at` past it. A malformed sequence gives U+FFFD and moves `at` by one
// byte.
[[nodiscard]] char32_t next_code_point(std::string_view text, std::size_t& at);

// "132 KiB", "1.9 MiB", "46.6 TiB": binary units, at most one decimal.
[[nodiscard]] std::string size_text(ByteCount bytes);

// "7", "4,096", "1,048,576".
[[nodiscard]] std::string count_text(std::uint64_t count);

// "7ffd0e9c1000": 12 hex digits or more; `grouped` sets a space before every 4 digits from the right ("7ffd 0e9c 1000").
[[nodiscard]] std::string address_text(Address address, bool grouped = false);

// The last component of a path.
[[nodiscard]] std::string_view base_name(std::string_view path);

// "0x7ffd0e9c1000": address_text with its prefix.
[[nodiscard]] inline std::string hex_address(Address address) {
    return "0x" + address_text(address);
}

// Raw bytes as "48 89 e5".
[[nodiscard]] std::string hex_text(std::string_view bytes);
// Printable ASCII bytes as they are, every other byte as a dot.
[[nodiscard]] std::string ascii_text(std::string_view bytes);

}  // namespace procatlas
