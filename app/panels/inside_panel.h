// Stack, globals and heap of the selected process, or its source, code and bytes, as far as somebody looked inside.
#pragma once

#include <array>
#include <cstddef>
#include <tuple>
#include <vector>

#include "app/paint/frame.h"
#include "core/layout/listing/layout_listing.h"

namespace procatlas {

class InsidePanel {
public:
    void draw(const Frame& frame, Actions& actions, const Box& place);

private:
    using Key = std::tuple<std::array<std::size_t, 4>, float, std::size_t, InsideTab, std::size_t, std::vector<std::size_t>>;

    static ListingScene layout(const Frame& frame, std::size_t process, float room);

    Scene scene_;
    Box current_;       // the row where the process is
    Key key_;           // what scene_ was made of
    int settling_ = 0;  // frames in which that row is brought into view
};

}  // namespace procatlas
