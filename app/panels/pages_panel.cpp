#include "app/panels/pages_panel.h"
#include "app/paint/paint_scene.h"
#include "app/paint/ui.h"
#include "app/panels/action_button.h"
#include "app/panels/column_pager.h"
#include "app/panels/thing_menu_popup.h"
#include "core/layout/pages/layout_compare.h"

namespace procatlas {

void PagesPanel::draw_kind_switch(const Frame& frame, Actions& actions, float left) {
    ImGui::SetCursorPos({left, frame.px(8)});
    for (const bool side_by_side : {false, true}) {
        const bool on = (frame.view.middle == Middle::side_by_side) == side_by_side;
        if (draw_button(frame, side_by_side ? "side_by_side" : "cells",
                        frame.words.text(side_by_side ? "compare.title" : "pages.cells"),
                        on ? ButtonLook::toggled : ButtonLook::plain, true,
                        frame.words.text(side_by_side ? "compare.hint" : "pages.hint"))) {
            actions.put(action::ShowPages{side_by_side ? Middle::side_by_side : Middle::pages});
        }
        ImGui::SameLine(0, frame.px(4));
    }
}

PagesScene PagesPanel::cells(const Frame& frame, const std::vector<std::size_t>& columns, float room) {
    PagesView view;
    view.width = room;
    view.most_regions = 12;
    if (frame.view.region.kind == HitKind::region) {
        view.only = frame.view.region.address;
    }
    return layout_pages(frame.layout_context(), columns, view);
}

PagesScene PagesPanel::side_by_side(const Frame& frame, const std::vector<std::size_t>& columns, float room) {
    CompareView view;
    view.width = room;
    view.most_regions = 40;
    PagesScene pages;
    pages.scene = layout_compare(frame.layout_context(), columns, view);
    return pages;
}

void PagesPanel::draw(const Frame& frame, Actions& actions, const Box& place) {
    const PanelScope panel(frame, "pages_panel", place, frame.words.text("pages.title"), {});
    const ImVec2 below = ImGui::GetCursorPos();
    ImGui::PushStyleVar(ImGuiStyleVar_FramePadding, ImVec2(frame.px(9), frame.px(3)));
    if (!frame.lesson) {  // which says what is shown
        draw_head_switch(frame, actions, Bar::middle);
        draw_kind_switch(frame, actions,
                         below.x + frame.px(frame.fonts.width(frame.words.text("pages.title"), TextStyle::strong) + 16));
    }
    const float pager = ImGui::GetCursorPosX() + frame.px(10);
    ImGui::SetCursorPos(below);
    draw_column_pager(frame, actions, pager, head_switch_left(frame, Bar::middle));
    ImGui::PopStyleVar();
    ImGui::SetCursorPos(below);
    const World& world = frame.world();
    std::vector<std::size_t> columns = frame.view.columns;
    std::erase_if(columns, [&](std::size_t process) { return process >= world.processes.size(); });
    if (columns.empty()) {
        draw_text(frame, frame.words.text("memory.empty"), TextStyle::body, Role::muted, Wrap::yes);
        return;
    }
    constexpr float margin = 6;
    const float room = (ImGui::GetContentRegionAvail().x - ImGui::GetStyle().ScrollbarSize) / frame.fonts.scale() - margin;
    const bool neighbours = frame.view.middle == Middle::side_by_side;
    columns_room_ = neighbours ? compare_columns_that_fit(room) : pages_columns_that_fit(room);
    const PagesScene& pages = pages_.at({frame.revision(), room, columns, frame.view.region, neighbours}, [&] {
        settling_ = 2;
        return neighbours ? side_by_side(frame, columns, room) : cells(frame, columns, room);
    });
    // What the event copied comes into view, from its title on.
    Box copied = pages.copied;
    copied.width = std::min(copied.width, 1.0F);
    copied.height = std::min(copied.height, ImGui::GetContentRegionAvail().y / frame.fonts.scale());
    const bool show = copied.height > 0 && settling_ > 0;
    settling_ = std::max(settling_ - 1, 0);
    const SceneClick click =
        scroll_scene("pages_scene", pages.scene, frame.fonts, frame.palette, 0, show ? &copied : nullptr, nullptr);
    offer_menu(actions, click.asked);
    const PageCell* cell = click.pointer ? pages.cell_at(*click.pointer) : nullptr;
    if (cell) {
        std::string tip;
        for (const std::string& line :
             page_lines(world, columns, frame.run.recording().images(), cell->start, cell->count, frame.words)) {
            tip += (tip.empty() ? "" : "\n") + line;
        }
        draw_tip(frame, tip);
        if (frame.lesson && frame.lesson->asks_place() == PlaceOf::page && ImGui::IsMouseClicked(ImGuiMouseButton_Left)) {
            actions.put(action::ClickPlace{{PlaceOf::page, cell->process, cell->start}});
        }
    }
}

}  // namespace procatlas
