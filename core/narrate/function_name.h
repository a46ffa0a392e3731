// How a function is named in text. Pure.
#pragma once

#include <string>
#include <string_view>

namespace procatlas {

// "square()"; as it is what nobody calls by a name: "<module>", "<class Dog>". `name` is safe to draw already.
[[nodiscard]] inline std::string with_brackets(std::string_view name) {
    return std::string(name) + (name.empty() || name.starts_with('<') ? "" : "()");
}

}  // namespace procatlas
