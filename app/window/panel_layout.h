// Places the panels: side by side, or one at a time if zoom or a small window leaves no room.
#pragma once

#include <cstddef>
#include <vector>

#include "app/paint/frame.h"
#include "app/panels/beside_panel.h"
#include "app/panels/details_panel.h"
#include "app/panels/dialogs.h"
#include "app/panels/history_panel.h"
#include "app/panels/inside_panel.h"
#include "app/panels/lesson_panel.h"
#include "app/panels/memory_panel.h"
#include "app/panels/output_panel.h"
#include "app/panels/pages_panel.h"
#include "app/panels/presenter_marks.h"
#include "app/panels/source_panel.h"
#include "app/panels/splitter.h"
#include "app/panels/stage_panel.h"
#include "app/panels/storyboard_panel.h"
#include "app/panels/text_selection.h"
#include "app/panels/thing_menu_popup.h"
#include "app/panels/timeline_panel.h"
#include "app/panels/toolbar_panel.h"
#include "app/panels/tree_panel.h"

namespace procatlas {

class PanelLayout {
public:
    void draw(const Frame& frame, Actions& actions);
    // Processes from top to bottom, as of the last draw.
    [[nodiscard]] const std::vector<std::size_t>& tree_order() const { return tree_.order(); }
    // How many memory columns fit, as of the last draw.
    [[nodiscard]] std::size_t columns_room() const { return columns_room_; }
    [[nodiscard]] ThingMenuPopup& menu() { return menu_; }
    // The last draw included the details panel.
    [[nodiscard]] bool shows_details() const { return shows_details_; }

private:
    void arrange(const Frame& frame, Actions& actions, float width, float height);
    // Of the height of both, its own and that of the details below it.
    [[nodiscard]] float tree_height(const Frame& frame, float both) const;
    void draw_side_by_side(const Frame& frame, Actions& actions, const Box& whole);
    void draw_lesson(const Frame& frame, Actions& actions, float width, float height);
    float draw_lesson_timeline(const Frame& frame, Actions& actions, const Box& place);
    void draw_presentation(const Frame& frame, Actions& actions, float width, float height);
    void draw_aside(const Frame& frame, Actions& actions, const Box& place);
    void draw_memory(const Frame& frame, Actions& actions, const Box& place);
    void draw_whole(const Frame& frame, Actions& actions, const Box& rest);
    void draw_one(const Frame& frame, Actions& actions, Tab tab, const Box& place);
    void draw_tabs(const Frame& frame, Actions& actions, const Box& rest);

    ToolbarPanel toolbar_;
    TreePanel tree_;
    SourcePanel source_;
    StagePanel stage_;
    MemoryPanel memory_;
    InsidePanel inside_;
    PagesPanel pages_;
    StoryboardPanel story_;
    OutputPanel output_;
    HistoryPanel history_;
    DetailsPanel details_;
    TimelinePanel timeline_;
    Dialogs dialogs_;
    ThingMenuPopup menu_;
    TextSelection selection_;
    PresenterMarks marks_;
    LessonPanel lesson_;
    BesidePanel beside_;
    CueWatch whole_;
    Tab pointed_ = Tab::memory;  // the panel under the pointer, as of the last draw
    std::size_t columns_room_ = 2;
    bool shows_details_ = false;
};

}  // namespace procatlas
