#include <algorithm>
#include <cmath>
#include <iterator>
#include <utility>

#include "app/paint/paint_scene.h"
#include "app/paint/ui.h"
#include "app/panels/action_button.h"
#include "app/panels/column_pager.h"
#include "app/panels/memory_panel.h"
#include "app/panels/shown_regions.h"
#include "app/panels/thing_menu_popup.h"

namespace procatlas {

void MemoryPanel::gather(const Frame& frame) {
    const World& world = frame.world();
    const auto images = frame.run.recording().images();
    if (generation_ != frame.run.generation()) {
        generation_ = frame.run.generation();
        kept_.clear();
    }
    kept_.resize(world.processes.size());
    columns_.clear();
    std::vector<std::size_t> born;
    std::ranges::copy_if(frame.view.columns, std::back_inserter(born),
                         [&](std::size_t index) { return index < world.processes.size(); });  // at the shown moment
    for (const std::size_t index : distinct_memories(world, born)) {
        const Process& process = world.processes[index];
        Kept& kept = kept_[index];
        // Computing regions is slow for large maps, so a column is reused while its map is the same.
        if (kept.memory == process.memory && kept.images == images.size() && process.memory) {
            MemoryColumn fresh;
            fresh = std::move(kept.column);
            fresh.places = places_of(process, fresh.regions);
            columns_.push_back(std::move(fresh));
        } else {
            columns_.push_back(memory_column(world, index, images, frame.words));
        }
        kept = {process.memory, images.size(), {}};
        MemoryColumn& column = columns_.back();
        const MemoryColumn named = memory_title(world, index, frame.words);
        column.title = named.title;
        column.subtitle = named.subtitle;
        column.gone = named.gone;
    }
    for (MemoryColumn& column : columns_) {
        column.sides = frame.view.compare == Compare::processes;
        column.changes = changes_of(frame, column.process, columns_.front().process);
    }
}

void MemoryPanel::draw_compare_menu(const Frame& frame, Actions& actions) {
    if (!ImGui::BeginPopup("compare_menu")) {
        return;
    }
    for (const ActionRow* row : rows_in(Bar::compare_menu)) {
        const ActionLook look = look_of(*row, frame.run, frame.view);
        const bool on = look.emphasis == ActionLook::Emphasis::on;
        const bool since = row->label == "compare.since";
        const std::string text = since && on ? frame.words.format("compare.since_on", frame.view.compare_since)
                                 : since     ? frame.words.format(row->label, frame.moment())
                                             : std::string(frame.words.text(row->label));
        if (ImGui::MenuItem(text.c_str(), nullptr, on)) {
            actions.put(row->action);
        }
    }
    ImGui::EndPopup();
}

// Draws beside the title what is shown, and how many of the processes.
void MemoryPanel::draw_head(const Frame& frame, Actions& actions) {
    const std::size_t all = frame.world().processes.size();
    const std::string hint = all > frame.view.columns.size() ? frame.words.format("memory.more", frame.view.columns.size(), all)
                                                             : std::string(frame.words.text("memory.hint"));
    const auto word = [&](bool all_regions) {
        return frame.words.text(all_regions ? "memory.all_regions" : "memory.textbook");
    };
    ImGui::PushStyleVar(ImGuiStyleVar_FramePadding, ImVec2(frame.px(9), frame.px(3)));
    const ImVec2 below = ImGui::GetCursorPos();
    const float right = below.x + ImGui::GetContentRegionAvail().x;
    const float buttons = button_width(frame, word(false)) + frame.px(4) + button_width(frame, word(true)) + frame.px(12) +
                          head_switch_width(frame, Bar::middle);
    const float top = frame.px(8);
    const float title_end = below.x + frame.px(frame.fonts.width(frame.words.text("memory.title"), TextStyle::strong) + 12);
    const std::string compare = std::string(frame.words.text("compare.button")) + "  ▾";
    const float compare_width = button_width(frame, compare) + frame.px(12);
    const float pager_end = draw_column_pager(frame, actions, title_end, right - buttons - compare_width);
    ImGui::SetCursorPos({pager_end, top + frame.px(4)});
    if (pager_end == title_end) {
        draw_text(frame,
                  fit_text(hint, TextStyle::small, (right - buttons - compare_width - title_end) / frame.fonts.scale() - 18,
                           frame.fonts),
                  TextStyle::small, Role::muted);
    }
    ImGui::SetCursorPos({right - buttons - compare_width, top});
    if (draw_button(frame, "compare", compare, frame.view.compare == Compare::event ? ButtonLook::plain : ButtonLook::toggled,
                    true, frame.words.text("compare.tip"))) {
        ImGui::OpenPopup("compare_menu");
    }
    draw_compare_menu(frame, actions);
    ImGui::SetCursorPos({right - buttons, top});
    for (const bool all_regions : {false, true}) {
        const bool on = frame.view.all_regions == all_regions;
        if (draw_button(frame, all_regions ? "all_regions" : "textbook", word(all_regions),
                        on ? ButtonLook::toggled : ButtonLook::plain, true,
                        frame.words.text(all_regions ? "tip.all_regions" : "tip.textbook"))) {
            actions.put(action::ShowAllRegions{all_regions});
        }
        ImGui::SameLine(0, frame.px(4));
    }
    ImGui::PopStyleVar();
    ImGui::SetCursorPos(below);
    draw_head_switch(frame, actions, Bar::middle);
}

void MemoryPanel::draw(const Frame& frame, Actions& actions, const Box& place) {
    // In a narrow panel the buttons of the head need the title's place; the one that is on says the same.
    constexpr float head_with_title = 690;
    const bool wide = place.width / frame.fonts.scale() > head_with_title;
    const PanelScope panel(frame, "memory", place, wide ? frame.words.text("memory.title") : " ", {});
    draw_head(frame, actions);
    const float scale = frame.fonts.scale();
    const float room = (ImGui::GetContentRegionAvail().x - ImGui::GetStyle().ScrollbarSize) / scale;
    columns_room_ = columns_that_fit(room, frame.fonts);
    if (frame.view.columns.empty()) {
        draw_text(frame, frame.words.text("memory.empty"), TextStyle::body, Role::muted, Wrap::yes);
        return;
    }
    constexpr float header_room = 52;
    const float room_below = ImGui::GetContentRegionAvail().y / scale - header_room;
    const std::optional<ProcessAddress> marked = marked_address(frame.view, frame.pointer);
    MemoryView view{room, room_below, frame.view.all_regions, frame.view.region, 0, std::nullopt};
    // Laid out are the screen that is seen, and one more above and below, so that not every step of the wheel lays out anew.
    const float screen = std::max(room_below, 100.0F);
    const float seen = std::floor(scrolled_ / screen) * screen;
    view.top = seen - screen;
    view.bottom = seen + 3 * screen;
    if (marked) {
        view.pointed_process = marked->process;
        view.pointed = marked->address;
    }
    const Key key{
        frame.revision(), room,   room_below,       frame.view.columns,
        view.selected,    marked, view.all_regions, std::pair(static_cast<int>(frame.view.compare), frame.view.compare_since),
        view.top};
    const MemoryScene& scene = scene_.at(key, [&] {
        gather(frame);
        MemoryScene made = layout_memory(columns_, view, frame.words, frame.fonts);
        for (MemoryColumn& column : columns_) {
            kept_[column.process].column = std::move(column);
        }
        return made;
    });

    const ImVec2 header_at = ImGui::GetCursorScreenPos();
    const float header_height = scene.header.height * scale;
    const float header_width = ImGui::GetContentRegionAvail().x;
    ImGui::Dummy({0, header_height - ImGui::GetStyle().ItemSpacing.y});
    // Scrolls once to an address that the pointer is over in the output, or that the user asked about.
    const bool fresh = std::exchange(marked_, marked) != marked;
    Box shown;
    for (const ColumnPlace& column : scene.columns) {
        if (fresh && view.pointed && column.process == view.pointed_process) {
            shown = {column.box.x, scene.axis_top + scene.axis.y(*view.pointed) - 20, column.box.width, 40};
        }
    }
    SceneScroll scroll;
    const SceneClick click =
        scroll_scene("memory_scene", scene.body, frame.fonts, frame.palette, 0, shown.height > 0 ? &shown : nullptr, &scroll);
    scrolled_ = scroll.y / scale;
    ImDrawList& list = *ImGui::GetWindowDrawList();
    list.PushClipRect(header_at, {header_at.x + header_width, header_at.y + header_height}, true);
    paint_scene(scene.header, {list,
                               frame.fonts,
                               frame.palette,
                               {header_at.x - scroll.x, header_at.y},
                               {scroll.x / scale, 0, header_width / scale, scene.header.height},
                               {}});
    list.PopClipRect();
    offer_menu(actions, click.asked);
    if (click.clicked && click.hit.kind == HitKind::fold) {
        actions.put(action::ShowAllRegions{true});
    } else if (click.clicked && click.hit.kind == HitKind::region) {
        actions.put(action::ClickRegion{click.hit});
    }
}

}  // namespace procatlas
