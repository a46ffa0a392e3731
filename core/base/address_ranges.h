// Sets of addresses, as ranges that ascend and do not overlap. Pure.
#pragma once

#include <vector>

#include "core/base/address.h"

namespace procatlas {

using AddressRanges = std::vector<AddressRange>;

[[nodiscard]] AddressRanges common_part(const AddressRanges& a, const AddressRanges& b);
// In either; ranges that touch are one.
[[nodiscard]] AddressRanges joined_ranges(AddressRanges a, const AddressRanges& b);
// What of `a` is not in `b`.
[[nodiscard]] AddressRanges without(const AddressRanges& a, const AddressRanges& b);
[[nodiscard]] ByteCount size_of(const AddressRanges& ranges);

}  // namespace procatlas
