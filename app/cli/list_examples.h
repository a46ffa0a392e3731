// `procatlas examples`: lists the sample programs, one per line.
#pragma once

#include <string_view>

namespace procatlas {

// `language` is "en" or "ko". Returns the exit status.
[[nodiscard]] int print_examples(std::string_view language);

}  // namespace procatlas
