// Numbers, characters and strings as gdb prints them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/text.h"
#include "core/inspect/dwarf/real_format.h"

namespace procatlas {

// "0x1f".
[[nodiscard]] std::string hex_text(std::uint64_t value);
// The little-endian number in `bytes`, at most eight.
[[nodiscard]] std::uint64_t number_in(std::string_view bytes);
// The signed number in the lowest `bits`.
[[nodiscard]] std::int64_t signed_from(std::uint64_t value, unsigned bits);
// "65 'A'".
[[nodiscard]] std::string character_text(std::int64_t value);
// A floating-point number, whose format is known. nullopt: `bytes` are too few, or this machine cannot write the format.
[[nodiscard]] std::optional<std::string> real_text(RealFormat format, std::string_view bytes);
// A number of up to 128 bits.
[[nodiscard]] std::string wide_text(bool has_sign, std::string_view bytes);
// The name of a symbol as its C++ source has it: "vtable for Shop"; empty: it is no such name.
[[nodiscard]] std::string demangled(const std::string& symbol);
// Bytes as a string literal: "abc", '\000' <repeats 12 times>. A very long one is cut, and ends in "...".
[[nodiscard]] std::string string_text(std::string_view bytes);

}  // namespace procatlas
