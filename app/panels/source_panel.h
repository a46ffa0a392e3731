// The source of the selected process, with an arrow for each process that runs it.
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <tuple>
#include <vector>

#include "app/paint/frame.h"
#include "core/base/memo.h"
#include "core/layout/listing/layout_listing.h"

namespace procatlas {

class SourcePanel {
public:
    void draw(const Frame& frame, Actions& actions, const Box& place);

private:
    using Key =
        std::tuple<std::array<std::size_t, 4>, float, std::size_t, bool, std::vector<LineStop>, std::vector<Pointed>, bool>;

    struct Shown {
        std::string title;  // the file's name; empty: there is no source
        std::string hint;   // the function
        std::string path;
        ListingScene listing;
    };

    Memo<Key, Shown> shown_;
    int settling_ = 0;  // draws that still scroll to the current line
};

}  // namespace procatlas
