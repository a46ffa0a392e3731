#include <algorithm>
#include <string>
#include <utility>

#include "app/paint/paint_scene.h"
#include "app/paint/ui.h"
#include "app/panels/action_button.h"
#include "app/panels/inside_panel.h"
#include "app/panels/thing_menu_popup.h"
#include "core/base/text.h"
#include "core/layout/inside/layout_inside.h"
#include "core/layout/listing/layout_listing.h"
#include "core/model/inside.h"
#include "core/model/memory_blocks.h"
#include "core/narrate/block_name.h"
#include "core/narrate/family_names.h"

namespace procatlas {

namespace {

// Whether a thread of the process has told of Python, and of the interpreter below.
bool has_interpreter_below(const Process& process) {
    return std::ranges::any_of(process.threads,
                               [](const auto& thread) { return thread.stack && has_interpreter(*thread.stack); });
}

void draw_inside_tabs(const Frame& frame, Actions& actions, const Process& process) {
    ImGui::PushStyleVar(ImGuiStyleVar_FramePadding, ImVec2(frame.px(9), frame.px(3)));
    for (const ActionRow* row : rows_in(Bar::inside_tabs)) {
        if (std::holds_alternative<action::ToggleInterpreter>(row->action) && !has_interpreter_below(process)) {
            continue;
        }
        draw_action_button(frame, actions, *row);
        ImGui::SameLine(0, frame.px(4));
    }
    ImGui::NewLine();
    ImGui::PopStyleVar();
}

// Draws a head above live bytes: what they are bytes of, and the button back to the recorded ones.
void draw_live_head(const Frame& frame, Actions& actions, const Process& process) {
    const BytesWanted& wanted = *frame.view.bytes_of;
    std::string name = hex_address(wanted.range.start);
    const std::vector<Region> regions = regions_of(process, frame.run.recording().images());
    for (const Block& block : gather_blocks(regions)) {
        name = block.range.contains(wanted.range.start) ? block_name(block, regions, frame.words) : name;
    }
    const LiveBytes& live = frame.run.bytes();
    const std::string said = !live.held            ? std::string(frame.words.text("bytes.not_held"))
                             : live.waiting        ? std::string(frame.words.text("bytes.reading"))
                             : !live.error.empty() ? frame.words.format("bytes.not_read", display_text(live.error))
                                                   : frame.words.format("bytes.of_now", name, process.key.pid);
    if (draw_button(frame, "bytes_back", frame.words.text("bytes.back"), ButtonLook::plain, true, {})) {
        actions.put(action::LookAtRecordedBytes{});
    }
    ImGui::SameLine(0, frame.px(10));
    draw_fitted(frame, said, TextStyle::small, live.error.empty() && live.held ? Role::muted : Role::warning);
}

// Live bytes are shown only at the present, and only for the process they were read from.
bool shows_live_bytes(const Frame& frame, const Process& process) {
    const auto& wanted = frame.view.bytes_of;
    return frame.view.inside_tab == InsideTab::bytes && !frame.view.moment && wanted && wanted->process == process.key;
}

}  // namespace

ListingScene InsidePanel::layout(const Frame& frame, std::size_t process, float room) {
    constexpr std::uint32_t lines_around = 200;
    constexpr std::size_t instructions_around = 300;
    constexpr std::size_t rows_shown = 1024;
    switch (frame.view.inside_tab) {
        case InsideTab::stack: {
            InsideView view;
            view.width = room;
            view.interpreter = frame.view.interpreter;
            return {layout_inside(frame.layout_context(), process, view), {}};
        }
        case InsideTab::source:
            return layout_source(source_rows(frame.layout_context(), process, frame.view.columns, lines_around), room,
                                 frame.words, frame.fonts);
        case InsideTab::code:
            return layout_code(code_rows(frame.layout_context(), process, instructions_around), room, frame.words, frame.fonts);
        case InsideTab::bytes:
            break;
    }
    ByteView view;
    view.most_rows = rows_shown;
    if (shows_live_bytes(frame, frame.world().processes[process])) {
        if (!frame.run.bytes().held || frame.run.bytes().memory.bytes.empty()) {
            return {};  // the head above says why
        }
        view.asked = &frame.run.bytes().memory;
    }
    return layout_bytes(byte_rows(frame.layout_context(), process, view), room, frame.words, frame.fonts);
}

void InsidePanel::draw(const Frame& frame, Actions& actions, const Box& place) {
    const std::size_t process = process_in_focus(frame.view, frame.run.recording(), frame.world());
    const std::string name = process < frame.world().processes.size() ? " · " + family_name(frame.world(), process) : "";
    const PanelScope panel(frame, "inside_panel", place, std::string(frame.words.text("inside.title")) + name, {});
    draw_head_switch(frame, actions, Bar::middle);
    if (process >= frame.world().processes.size()) {
        draw_text(frame, frame.words.text("memory.empty"), TextStyle::body, Role::muted, Wrap::yes);
        return;
    }
    draw_inside_tabs(frame, actions, frame.world().processes[process]);
    const bool live = shows_live_bytes(frame, frame.world().processes[process]);
    if (live) {
        draw_live_head(frame, actions, frame.world().processes[process]);
    }
    constexpr float margin = 6;
    // Code and bytes have a minimum width: in a narrower panel, they scroll.
    const float least = frame.view.inside_tab == InsideTab::code    ? 640.0F
                        : frame.view.inside_tab == InsideTab::bytes ? 740.0F
                                                                    : 0.0F;
    const float room =
        std::max((ImGui::GetContentRegionAvail().x - ImGui::GetStyle().ScrollbarSize) / frame.fonts.scale() - margin, least);
    const Key key{frame.revision(),
                  room,
                  process,
                  frame.view.inside_tab,
                  live ? 2 * frame.run.bytes().count + (frame.run.bytes().held ? 2 : 1) : 0,
                  frame.view.columns,
                  frame.view.interpreter};
    const ListingScene& listing = listing_.at(key, [&] {
        const ListingScene made = layout(frame, process, room);
        ListingScene moved{{}, made.current};
        moved.scene.append(made.scene, {2, 2});
        moved.current.width = std::min(moved.current.width, 1.0F);  // scroll only vertically
        settling_ = 2;
        return moved;
    });
    // Keeps a stack frame at the same place on the screen, because the scene grows downwards like the stack.
    const bool show = listing.current.height > 0 && settling_ > 0 && !live;
    settling_ = std::max(settling_ - 1, 0);
    SceneClick click =
        scroll_scene("inside_scene", listing.scene, frame.fonts, frame.palette, 0, show ? &listing.current : nullptr, nullptr);
    click.asked.process = process;
    offer_menu(actions, click.asked);
}

}  // namespace procatlas
