// Names of templates' instances as a person writes them.
#pragma once

#include <string>
#include <string_view>

namespace procatlas {

// "vector<int, std::allocator<int> >" is vector<int>, and "std::__cxx11::basic_string<char, ...>" is std::string: arguments
// that the C++ library fills in by default are left out, as the source leaves them out. Other names stay as they are.
[[nodiscard]] std::string without_default_arguments(std::string_view name);
// The same for Rust: "Vec<alloc::string::String, alloc::alloc::Global>" is Vec<String>.
[[nodiscard]] std::string without_rust_paths(std::string_view name);

}  // namespace procatlas
