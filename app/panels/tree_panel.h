// The tree of processes: parents, programs and states.
#pragma once

#include <array>
#include <cstddef>
#include <tuple>
#include <utility>
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
    [[nodiscard]] const std::vector<std::size_t>& order() const { return tree_.last().tree.order; }
    // In pixels, with which it need not scroll, as of the last draw.
    [[nodiscard]] float wanted_height(const Frame& frame) const;

private:
    using Key = std::tuple<std::array<std::size_t, 4>, std::pair<float, float>, std::size_t, std::vector<std::size_t>,
                           ProcessChoice, std::size_t, bool, bool>;
    struct Shown {
        TreeScene tree;
        float wanted_height = 0;  // with all rows for the processes above the first
    };
    static constexpr float least_seen = 12;  // of a card, without which it is scrolled out

    // With as many rows for the processes above the first as `height` leaves room for; `least_rows` at least.
    [[nodiscard]] static Shown lay_out(const Frame& frame, TreeView view, float height, std::size_t least_rows);
    // Where to scroll: the card of `shown_`, with the first process if there is room for both.
    [[nodiscard]] Box place_to_show(const TreeScene& tree, float height) const;
    [[nodiscard]] std::size_t count_above(const TreeScene& tree) const;

    Memo<Key, Shown> tree_;
    ProcessFilter filter_;
    std::size_t processes_ = 0;  // as of the last draw
    CueWatch shows_;
    int settling_ = 0;  // draws that still scroll to `shown_`: ImGui knows only in the next one how far it can
    std::size_t shown_ = 0;
    float scrolled_ = 0;  // logical pixels, as of the last draw
    std::size_t generation_ = 0;
    std::pair<float, float> size_;  // pixels, as of the last draw
};

}  // namespace procatlas
