// The tree of processes: parents, programs and states.
#pragma once

#include <array>
#include <cstddef>
#include <tuple>
#include <vector>

#include "app/paint/frame.h"
#include "app/panels/process_filter.h"
#include "core/base/memo.h"
#include "core/layout/tree/layout_tree.h"

namespace procatlas {

class TreePanel {
public:
    void draw(const Frame& frame, Actions& actions, const Box& place);
    // From top to bottom, as of the last draw.
    [[nodiscard]] const std::vector<std::size_t>& order() const { return tree_.last().order; }

private:
    using Key = std::tuple<std::array<std::size_t, 4>, float, std::size_t, std::vector<std::size_t>, ProcessChoice, std::size_t,
                           bool, bool>;

    Memo<Key, TreeScene> tree_;
    ProcessFilter filter_;
    std::size_t processes_ = 0;  // as of the last draw
    CueWatch shows_;
    std::size_t generation_ = 0;
};

}  // namespace procatlas
