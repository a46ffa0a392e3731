// Sets of addresses, as ranges that ascend and do not overlap. Pure.
#pragma once

#include <vector>

#include "core/base/address.h"

namespace procatlas {

using AddressRanges = std::vector<AddressRange>;

[[nodiscard]] AddressRanges common_part(const AddressRanges& a, const AddressRanges& b);
// The addresses in `a` or `b`. Ranges that touch become one.
[[nodiscard]] AddressRanges joined_ranges(AddressRanges a, const AddressRanges& b);
// The addresses in `a` that are not in `b`.
[[nodiscard]] AddressRanges without(const AddressRanges& a, const AddressRanges& b);
[[nodiscard]] ByteCount size_of(const AddressRanges& ranges);

}  // namespace procatlas
