// One vertical axis for several memory maps: the same address is at the same height in every column, high addresses on top.
// Piecewise linear between the boundaries of all blocks; what no column maps is folded to a fixed height.
#pragma once

#include <span>
#include <vector>

#include "core/base/address.h"

namespace procatlas {

struct AxisBlock {
    AddressRange range;
    float height = 0;  // at least
};

struct AxisSegment {
    AddressRange range;
    float top = 0;
    float height = 0;
    bool gap = false;  // no column maps anything here
};

class AddressAxis {
public:
    AddressAxis() = default;
    AddressAxis(std::span<const AxisBlock> blocks, float gap_height);

    // 0 at the top, `height()` at the lowest address; addresses outside are clamped.
    [[nodiscard]] float y(Address address) const;
    [[nodiscard]] float top(const AddressRange& range) const { return y(range.end); }
    [[nodiscard]] float bottom(const AddressRange& range) const { return y(range.start); }
    [[nodiscard]] float height() const { return height_; }
    // Ascending addresses, so descending y.
    [[nodiscard]] std::span<const AxisSegment> segments() const { return segments_; }

private:
    std::vector<AxisSegment> segments_;
    float height_ = 0;
};

}  // namespace procatlas
