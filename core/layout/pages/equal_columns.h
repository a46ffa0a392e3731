// Columns of equal width side by side. They fill the available width, but are never narrower than their minimum. Pure.
#pragma once

#include <algorithm>
#include <cstddef>

namespace procatlas {

struct EqualColumns {
    float width = 0;  // of each column
    float gap = 0;    // between two columns
    std::size_t count = 1;

    [[nodiscard]] static EqualColumns in(float room, std::size_t count, float gap, float least) {
        const std::size_t columns = std::max<std::size_t>(count, 1);
        const auto gaps = static_cast<float>(columns - 1) * gap;
        return {std::max(least, (room - gaps) / static_cast<float>(columns)), gap, columns};
    }
    [[nodiscard]] float x(std::size_t i) const { return static_cast<float>(i) * (width + gap); }
    [[nodiscard]] float whole() const { return x(count) - gap; }
};

}  // namespace procatlas
