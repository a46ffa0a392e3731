#include "app/paint/paint_scene.h"
#include "app/panels/panels.h"
#include "app/ui.h"

namespace procatlas {

void PagesPanel::draw(Frame& frame, const Box& place) {
    const PanelScope panel(frame, "pages_panel", place, frame.words.text("pages.title"), {});
    const ImVec2 below = ImGui::GetCursorPos();
    ImGui::PushStyleVar(ImGuiStyleVar_FramePadding, ImVec2(frame.px(9), frame.px(3)));
    draw_inside_switch(frame, below.x + ImGui::GetContentRegionAvail().x, frame.px(8));
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
    if (Key key{frame.revision(), room, columns, frame.view.region}; key != key_) {
        PagesView view;
        view.width = room;
        view.most_regions = 12;
        if (frame.view.region.kind == HitKind::region) {
            view.only = frame.view.region.address;
        }
        pages_ = layout_pages(frame.session.recording(), world, columns, frame.moment(), view, frame.words, frame.fonts);
        key_ = std::move(key);
    }
    const SceneClick click = draw_scene("pages_scene", pages_.scene, frame.fonts, frame.palette, 0, nullptr, nullptr);
    const PageCell* cell = click.pointer ? pages_.cell_at(*click.pointer) : nullptr;
    if (cell) {
        std::string tip;
        for (const std::string& line :
             page_lines(world, columns, frame.session.recording().images(), cell->start, cell->count, frame.words)) {
            tip += (tip.empty() ? "" : "\n") + line;
        }
        draw_tip(frame, tip);
    }
}

}  // namespace procatlas
