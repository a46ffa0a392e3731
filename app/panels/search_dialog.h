// Ctrl K: a field, and what it finds. Arrows choose, Enter goes there.
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <tuple>
#include <vector>

#include "app/control/search_items.h"
#include "app/paint/frame.h"
#include "core/base/memo.h"

namespace procatlas {

class SearchDialog {
public:
    void draw(const Frame& frame, Actions& actions);

private:
    std::array<char, 256> typed_{};
    std::size_t chosen_ = 0;
    Memo<std::tuple<std::string, std::array<std::size_t, 4>>, std::vector<SearchItem>> found_;
    bool was_open_ = false;
};

}  // namespace procatlas
