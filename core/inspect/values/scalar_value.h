// Values without parts as gdb prints them: numbers, characters, truth values, enumerators, pointers.
#pragma once

#include <string>
#include <string_view>

#include "core/base/result.h"
#include "core/inspect/values/value_pieces.h"

namespace procatlas {

inline constexpr std::size_t shown_elements = 200;  // gdb's `print elements`

// `bytes` are all those of a value of `type`, which is neither an array nor a structure. Error: why it cannot be told.
[[nodiscard]] Result<std::string> scalar_value(const ValueSources& sources, const Type& type, std::string_view bytes);

// The value of a bit-field.
[[nodiscard]] Result<std::string> bits_value(const ValueSources& sources, const Type& type, std::uint64_t value, unsigned bits);

}  // namespace procatlas
