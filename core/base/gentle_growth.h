// Room in a vector that grows for as long as a run goes on, and whose elements are large: doubling would take twice what is
// used.
#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

namespace procatlas {

// To be called before one more element is added.
template <typename T>
void grow_gently(std::vector<T>& list) {
    if (list.size() == list.capacity()) {
        list.reserve(list.size() + std::max<std::size_t>(8, list.size() / 8));
    }
}

}  // namespace procatlas
