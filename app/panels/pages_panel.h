// The pages of the processes in the memory columns: those of the clicked region, or those that a fork shares.
#pragma once

#include <array>
#include <cstddef>
#include <tuple>
#include <vector>

#include "app/paint/frame.h"
#include "core/base/memo.h"
#include "core/layout/pages/layout_pages.h"

namespace procatlas {

class PagesPanel {
public:
    void draw(const Frame& frame, Actions& actions, const Box& place);
    // How many processes fit side by side, as of the last draw.
    [[nodiscard]] std::size_t columns_room() const { return columns_room_; }

private:
    using Key = std::tuple<std::array<std::size_t, 4>, float, std::vector<std::size_t>, Hit, bool>;

    static void draw_kind_switch(const Frame& frame, Actions& actions, float left);
    static PagesScene cells(const Frame& frame, const std::vector<std::size_t>& columns, float room);
    static PagesScene side_by_side(const Frame& frame, const std::vector<std::size_t>& columns, float room);

    Memo<Key, PagesScene> pages_;
    std::size_t columns_room_ = 2;
    int settling_ = 0;  // draws that still scroll to what was copied
};

}  // namespace procatlas
