#include <algorithm>

#include "app/paint/ui.h"
#include "app/panels/recent_rows.h"
#include "app/panels/welcome_panel.h"

namespace procatlas {

namespace {

void draw_example_card(const Frame& frame, Actions& actions, const Example& example, float width) {
    const bool korean = frame.view.settings.language == "ko" && !example.description_ko.empty();
    const std::string& description = korean ? example.description_ko : example.description;
    const float height = frame.px(64);
    ImGui::PushID(example.name.c_str());
    const ImVec2 at = ImGui::GetCursorScreenPos();
    if (ImGui::InvisibleButton("card", {width, height})) {
        actions.put(example_action(example));
    }
    const bool hovered = ImGui::IsItemHovered();
    ImDrawList& list = *ImGui::GetWindowDrawList();
    const ImVec2 end(at.x + width, at.y + height);
    list.AddRectFilled(at, end, colour_u32(hovered ? frame.palette.control_hovered : frame.palette.control), frame.px(8));
    ImFont* mono = frame.fonts.font(TextStyle::mono);
    list.AddText(mono, mono->FontSize, {at.x + frame.px(12), at.y + frame.px(8)}, colour_u32(frame.palette.of(Role::text)),
                 example.name.c_str());
    frame.fonts.need(description);
    ImFont* small = frame.fonts.font(TextStyle::small);
    list.AddText(small, small->FontSize, {at.x + frame.px(12), at.y + frame.px(27)}, colour_u32(frame.palette.of(Role::muted)),
                 description.c_str(), nullptr, width - frame.px(24));
    ImGui::PopID();
}

}  // namespace

void draw_welcome_panel(const Frame& frame, Actions& actions, const Box& place) {
    const PanelScope panel(frame, "welcome", place, {}, {});
    ImGui::BeginChild("welcome_scroll", {0, 0}, false);
    const float room = ImGui::GetContentRegionAvail().x;
    const float width = std::min(room, frame.px(980));
    const float left = (room - width) / 2;
    ImGui::Dummy({0, std::min(frame.px(48), place.height * 0.05F)});
    ImGui::Indent(left + 1);
    draw_text(frame, frame.words.text("welcome.title"), TextStyle::headline, Role::text);
    ImGui::PushTextWrapPos(left + width);
    draw_text(frame, frame.words.text("welcome.text"), TextStyle::body, Role::muted, Wrap::inherit);
    ImGui::PopTextWrapPos();
    ImGui::Dummy({0, frame.px(10)});
    if (frame.examples.empty()) {
        draw_text(frame, frame.words.text("welcome.none"), TextStyle::body, Role::muted);
    } else {
        const std::string label =
            "▶  " + std::string(frame.words.text("welcome.first")) + "  ·  " + frame.examples.front().name;
        ImGui::PushFont(frame.fonts.font(TextStyle::title));
        const float button = frame.px(frame.fonts.width(label, TextStyle::title) + 56);
        const bool first =
            draw_button(frame, "first", label, ButtonLook::primary, true, {}, {std::min(button, width), frame.px(52)});
        ImGui::PopFont();
        if (first) {
            const Example& example = frame.examples.front();
            actions.put(example_action(example));
        }
    }
    ImGui::Dummy({0, frame.px(4)});
    if (draw_button(frame, "own_program", frame.words.text("toolbar.program"), ButtonLook::plain, true, {})) {
        actions.put(action::OpenDialog{Dialog::program});
    }
    ImGui::SameLine();
    if (draw_button(frame, "own", frame.words.text("toolbar.command"), ButtonLook::plain, true, {})) {
        actions.put(action::OpenDialog{Dialog::command});
    }
    ImGui::SameLine();
    if (draw_button(frame, "welcome_open", frame.words.text("menu.open"), ButtonLook::plain, true, {})) {
        actions.put(action::OpenDialog{Dialog::open});
    }
    ImGui::SameLine();
    if (draw_button(frame, "welcome_language", frame.words.text("toolbar.language"), ButtonLook::plain, true, {})) {
        actions.put(action::ToggleLanguage{});
    }
    ImGui::SameLine();
    if (draw_button(frame, "welcome_theme", frame.words.text(frame.view.settings.dark ? "toolbar.light" : "toolbar.dark"),
                    ButtonLook::plain, true, {})) {
        actions.put(action::ToggleTheme{});
    }
    ImGui::SameLine(0, frame.px(16));
    ImGui::SetCursorPosY(ImGui::GetCursorPosY() + frame.px(3));
    draw_hold_at_start(frame, actions);
    if (!frame.recent.empty()) {
        ImGui::Dummy({0, frame.px(14)});
        draw_text(frame, frame.words.text("welcome.recent"), TextStyle::strong, Role::text);
        constexpr std::size_t shown = 3;
        ImGui::BeginChild("recent", {width, frame.px(27) * static_cast<float>(std::min(shown, frame.recent.size()))}, false);
        if (const auto chosen = draw_recent_rows(frame, shown)) {
            actions.put(action::OpenFile{chosen->string()});
        }
        ImGui::EndChild();
    }
    ImGui::Dummy({0, frame.px(14)});
    draw_text(frame, frame.words.text("welcome.examples"), TextStyle::strong, Role::text);
    ImGui::Dummy({0, frame.px(2)});
    const float gap = frame.px(10);
    const int columns = std::max(1, static_cast<int>((width + gap) / frame.px(300)));
    const float card = (width - gap * static_cast<float>(columns - 1)) / static_cast<float>(columns);
    for (std::size_t i = 0; i < frame.examples.size(); ++i) {
        if (i % static_cast<std::size_t>(columns) != 0) {
            ImGui::SameLine(0, gap);
        }
        draw_example_card(frame, actions, frame.examples[i], card);
    }
    ImGui::Unindent(left + 1);
    ImGui::EndChild();
}

}  // namespace procatlas
