// Where the panels stand: side by side, or one at a time where zoom or a small window leaves no room.
#pragma once

#include <vector>

#include "app/panels/panels.h"

namespace procatlas {

class Desk {
public:
    void draw(Frame& frame);
    // Processes from top to bottom, as drawn last.
    [[nodiscard]] const std::vector<std::size_t>& tree_order() const { return tree_.order(); }

private:
    void arrange(Frame& frame, float width, float height);
    void draw_side_by_side(Frame& frame, const Box& whole);
    void draw_memory(Frame& frame, const Box& place);
    void draw_tabs(Frame& frame, const Box& rest);

    TreePanel tree_;
    MemoryPanel memory_;
    InsidePanel inside_;
    PagesPanel pages_;
    OutputPanel output_;
    HistoryPanel history_;
    DetailsPanel details_;
    TimelinePanel timeline_;
    Dialogs dialogs_;
};

}  // namespace procatlas
