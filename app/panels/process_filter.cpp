#include "app/panels/process_filter.h"

#include <string>
#include <utility>

#include "app/paint/ui.h"

namespace procatlas {

void ProcessFilter::draw(const Frame& frame, Actions& actions) {
    const ImVec2 below = ImGui::GetCursorPos();
    const ImVec2 screen = ImGui::GetCursorScreenPos();
    ImGui::SetCursorPos(
        {below.x + frame.px(frame.fonts.width(frame.words.text("tree.title"), TextStyle::strong) + 10), frame.px(7)});
    ImGui::PushStyleVar(ImGuiStyleVar_FramePadding, ImVec2(frame.px(7), frame.px(2)));
    const bool on = frame.view.choice.filters();
    const bool pressed =
        draw_button(frame, "filter", frame.words.text("filter.button"), on ? ButtonLook::toggled : ButtonLook::plain,
                    frame.run.started(), std::string(frame.words.text("filter.tip")) + "  [Ctrl F]");
    ImGui::PopStyleVar();
    const bool asked = asked_.is_new(frame.view.cues.filter);
    if (pressed || asked) {
        const std::string& program = frame.view.choice.program;
        program_[program.copy(program_.data(), program_.size() - 1)] = '\0';
        ImGui::OpenPopup("process_filter");
    }
    ImGui::SetNextWindowPos(screen);
    if (ImGui::BeginPopup("process_filter")) {
        if (ImGui::IsWindowAppearing()) {
            ImGui::SetKeyboardFocusHere();
        }
        draw_choice(frame, actions);
        ImGui::EndPopup();
    }
    ImGui::SetCursorPos(below);
}

float ProcessFilter::width(const Frame& frame) {
    return frame.fonts.width(frame.words.text("filter.button"), TextStyle::body) + 14;
}

void ProcessFilter::draw_choice(const Frame& frame, Actions& actions) {
    const ProcessChoice& choice = frame.view.choice;
    frame.fonts.need(program_.data());
    ImGui::SetNextItemWidth(frame.px(300));
    if (ImGui::InputTextWithHint("##program", frame.text("filter.program"), program_.data(), program_.size())) {
        actions.put(action::FilterProcesses{program_.data(), choice.state});
    }
    draw_states(frame, actions);
    bool launcher = choice.launcher_open;
    if (draw_checkbox(frame, "filter.launcher", &launcher)) {
        actions.put(action::ToggleLauncher{});
    }
    bool helpers = choice.helpers_open;
    if (draw_checkbox(frame, "filter.helpers", &helpers)) {
        actions.put(action::ToggleHelpers{});
    }
    if (draw_button(frame, "show_all", frame.words.text("filter.none"), ButtonLook::plain, true, {})) {
        program_[0] = '\0';
        actions.put(action::ShowAllProcesses{});
    }
}

void ProcessFilter::draw_states(const Frame& frame, Actions& actions) const {
    constexpr std::array<std::pair<StateFilter, const char*>, 6> states{{{StateFilter::any, "filter.any"},
                                                                         {StateFilter::alive, "filter.alive"},
                                                                         {StateFilter::waiting, "filter.waiting"},
                                                                         {StateFilter::held, "filter.held"},
                                                                         {StateFilter::zombie, "filter.zombie"},
                                                                         {StateFilter::ended, "filter.ended"}}};
    draw_text(frame, frame.words.text("filter.state"), TextStyle::small, Role::muted);
    int place = 0;
    for (const auto& [state, key] : states) {
        if (place++ % 3 != 0) {
            ImGui::SameLine(0, frame.px(6));
        }
        const ButtonLook look = frame.view.choice.state == state ? ButtonLook::toggled : ButtonLook::plain;
        if (draw_button(frame, key, frame.words.text(key), look, true, {}, {frame.px(96), 0})) {
            actions.put(action::FilterProcesses{frame.view.choice.program, state});
        }
    }
}

}  // namespace procatlas
