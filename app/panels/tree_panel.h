// The tree of processes: who came of whom, which program, in what state.
#pragma once

#include <array>
#include <cstddef>
#include <tuple>
#include <vector>

#include "app/paint/frame.h"
#include "core/layout/tree/layout_tree.h"

namespace procatlas {

class TreePanel {
public:
    void draw(const Frame& frame, Actions& actions, const Box& place);
    // From top to bottom, as drawn last.
    [[nodiscard]] const std::vector<std::size_t>& order() const { return tree_.order; }

private:
    using Key = std::tuple<std::array<std::size_t, 4>, float, std::size_t, std::vector<std::size_t>>;

    TreeScene tree_;
    Key key_;                    // what tree_ was made of
    std::size_t processes_ = 0;  // when drawn last
    CueWatch shows_;
    std::size_t generation_ = 0;
};

}  // namespace procatlas
