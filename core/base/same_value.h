// Whether two shared pointers point to the same object or to equal ones, or are both null.
#pragma once

#include <memory>

namespace procatlas {

template <typename T>
[[nodiscard]] bool same_value(const std::shared_ptr<const T>& a, const std::shared_ptr<const T>& b) {
    return a == b || (a && b && *a == *b);
}

}  // namespace procatlas
