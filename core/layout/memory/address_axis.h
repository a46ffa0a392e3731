// One vertical axis for several memory maps: an address is at the same height in every column, high addresses at the top.
// Linear between neighbouring block boundaries. A range that no column maps is folded to a fixed height.
#pragma once

#include <span>
#include <vector>

#include "core/base/address.h"

namespace procatlas {

struct AxisBlock {
    AddressRange range;
    float height = 0;  // minimum
};

struct AxisSegment {
    AddressRange range;
    float top = 0;
    float height = 0;
    bool gap = false;  // no column maps this segment
};

class AddressAxis {
public:
    AddressAxis() = default;
    AddressAxis(std::span<const AxisBlock> blocks, float gap_height);

    // Distance from the top; `height()` at the lowest address. Clamps addresses outside the axis.
    [[nodiscard]] float y(Address address) const;
    [[nodiscard]] float top(const AddressRange& range) const { return y(range.end); }
    [[nodiscard]] float bottom(const AddressRange& range) const { return y(range.start); }
    [[nodiscard]] float height() const { return height_; }
    // By ascending address, so by descending y.
    [[nodiscard]] std::span<const AxisSegment> segments() const { return segments_; }

private:
    void add_apart(std::span<const AxisBlock> blocks);
    void add_crossing(std::span<const AxisBlock> blocks);
    void stack_up(float gap_height);

    std::vector<AxisSegment> segments_;
    float height_ = 0;
};

}  // namespace procatlas
