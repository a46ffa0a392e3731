// The stage: the memory of the chosen processes as a textbook draws it, at a glance.
#pragma once

#include <array>
#include <cstddef>
#include <tuple>
#include <vector>

#include "app/paint/frame.h"
#include "core/base/memo.h"
#include "core/layout/stage/layout_stage.h"

namespace procatlas {

class StagePanel {
public:
    void draw(const Frame& frame, Actions& actions, const Box& place);
    // How many columns fit, as of the last draw.
    [[nodiscard]] std::size_t columns_room() const { return columns_room_; }

private:
    using Key = std::tuple<std::array<std::size_t, 4>, float, float, std::vector<std::size_t>, Hit, int, bool>;

    Memo<Key, Scene> scene_;
    std::size_t columns_room_ = 2;
};

}  // namespace procatlas
