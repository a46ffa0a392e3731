#include "core/base/address_ranges.h"

#include <algorithm>

namespace procatlas {

AddressRanges common_part(const AddressRanges& a, const AddressRanges& b) {
    AddressRanges both;
    for (std::size_t i = 0, j = 0; i < a.size() && j < b.size();) {
        const AddressRange part{std::max(a[i].start, b[j].start), std::min(a[i].end, b[j].end)};
        if (!part.empty()) {
            both.push_back(part);
        }
        a[i].end < b[j].end ? ++i : ++j;
    }
    return both;
}

AddressRanges joined_ranges(AddressRanges a, const AddressRanges& b) {
    a.insert(a.end(), b.begin(), b.end());
    std::ranges::sort(a);
    AddressRanges all;
    for (const AddressRange& range : a) {
        if (!all.empty() && range.start <= all.back().end) {
            all.back().end = std::max(all.back().end, range.end);
        } else {
            all.push_back(range);
        }
    }
    return all;
}

AddressRanges without(const AddressRanges& a, const AddressRanges& b) {
    AddressRanges left;
    auto gone = b.begin();
    for (AddressRange range : a) {
        while (gone != b.end() && gone->end <= range.start) {
            ++gone;
        }
        for (auto hole = gone; hole != b.end() && hole->start < range.end && !range.empty(); ++hole) {
            if (range.start < hole->start) {
                left.push_back({range.start, hole->start});
            }
            range.start = std::max(range.start, hole->end);
        }
        if (!range.empty()) {
            left.push_back(range);
        }
    }
    return left;
}

ByteCount size_of(const AddressRanges& ranges) {
    ByteCount size = 0;
    for (const AddressRange& range : ranges) {
        size += range.size();
    }
    return size;
}

}  // namespace procatlas
