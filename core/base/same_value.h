// Two shared values that are the same object, or equal, or both none.
#pragma once

#include <memory>

namespace procatlas {

template <typename T>
[[nodiscard]] bool same_value(const std::shared_ptr<const T>& a, const std::shared_ptr<const T>& b) {
    return a == b || (a && b && *a == *b);
}

}  // namespace procatlas
