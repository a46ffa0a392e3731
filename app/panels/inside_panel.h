// The stack, globals and heap of the selected process, or its source, code and bytes, as far as it was inspected.
#pragma once

#include <array>
#include <cstddef>
#include <tuple>
#include <vector>

#include "app/paint/frame.h"
#include "core/base/memo.h"
#include "core/layout/listing/layout_listing.h"

namespace procatlas {

class InsidePanel {
public:
    void draw(const Frame& frame, Actions& actions, const Box& place);

private:
    using Key =
        std::tuple<std::array<std::size_t, 4>, float, std::size_t, InsideTab, std::size_t, std::vector<std::size_t>, bool>;

    static ListingScene layout(const Frame& frame, std::size_t process, float room);

    Memo<Key, ListingScene> listing_;
    int settling_ = 0;  // draws that still scroll to that row
};

}  // namespace procatlas
