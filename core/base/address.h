// Virtual addresses and ranges of them.
#pragma once

#include <compare>
#include <cstdint>

namespace procatlas {

using Address = std::uint64_t;    // a virtual address in a traced process
using ByteCount = std::uint64_t;  // bytes

// Half-open: `end` is the first address after the range.
struct AddressRange {
    Address start = 0;
    Address end = 0;

    [[nodiscard]] constexpr ByteCount size() const { return end - start; }
    [[nodiscard]] constexpr bool empty() const { return end <= start; }
    [[nodiscard]] constexpr bool contains(Address address) const { return start <= address && address < end; }
    [[nodiscard]] constexpr bool overlaps(const AddressRange& other) const { return start < other.end && other.start < end; }
    auto operator<=>(const AddressRange&) const = default;
};

}  // namespace procatlas
