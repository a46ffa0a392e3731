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
    // How many fit beside each other; at least one.
    [[nodiscard]] static std::size_t that_fit(float room, float gap, float least) {
        return static_cast<std::size_t>(std::max(1.0F, (room + gap) / (least + gap)));
    }
    [[nodiscard]] float x(std::size_t i) const { return static_cast<float>(i) * (width + gap); }
    [[nodiscard]] float whole() const { return x(count) - gap; }
};

}  // namespace procatlas
