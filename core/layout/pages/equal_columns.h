// Columns of one width beside one another, as wide as the room lets them be, but never narrower than they need. Pure.
#pragma once

#include <algorithm>
#include <cstddef>

namespace procatlas {

struct EqualColumns {
    float width = 0;  // of each
    float gap = 0;    // between two
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
