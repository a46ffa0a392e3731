#include <algorithm>

#include "app/control/command_split.h"
#include "app/paint/ui.h"
#include "app/panels/dialogs.h"
#include "core/base/text.h"

namespace procatlas {

namespace {

void space(const Frame& frame, float height) {
    ImGui::Dummy({0, frame.px(height)});
}

}  // namespace

void Dialogs::draw(const Frame& frame, Actions& actions) {
    const bool asks = frame.run.cap_question().has_value();
    const Dialog wanted = frame.view.dialog;
    if (asks) {
        if (!ImGui::IsPopupOpen("cap")) {
            open_dialog("cap");
        }
    } else if (wanted != shown_ && (wanted == Dialog::command || wanted == Dialog::help)) {
        open_dialog(wanted == Dialog::command ? "command" : "help");
        problem_.clear();
    }
    const bool fresh = wanted != shown_;
    shown_ = asks ? Dialog::none : wanted;
    draw_cap(frame, actions);
    if (!asks) {
        if (fresh && wanted == Dialog::command) {
            focus_ = true;
        }
        draw_command(frame, actions);
        draw_help(frame, actions);
        files_.draw(frame, actions);
        search_.draw(frame, actions);
        explore_.draw(frame, actions);
        program_.draw(frame, actions);
        share_.draw(frame, actions);
    }
}

void Dialogs::draw_command(const Frame& frame, Actions& actions) {
    if (!begin_dialog(frame, "command", 620)) {
        return;
    }
    if (frame.view.dialog != Dialog::command) {
        ImGui::CloseCurrentPopup();
        ImGui::EndPopup();
        return;
    }
    draw_text(frame, frame.words.text("command.title"), TextStyle::title, Role::text);
    space(frame, 4);
    if (focus_) {
        ImGui::SetKeyboardFocusHere();
        focus_ = false;
    }
    frame.fonts.need(command_.data());
    ImGui::SetNextItemWidth(-1);
    ImGui::PushFont(frame.fonts.font(TextStyle::mono));
    const bool entered = ImGui::InputTextWithHint("##command", frame.text("command.hint"), command_.data(), command_.size(),
                                                  ImGuiInputTextFlags_EnterReturnsTrue);
    ImGui::PopFont();
    draw_recent_commands(frame);
    draw_checkbox(frame, "command.shell", &through_shell_);
    draw_hold_at_start(frame, actions);
    if (!problem_.empty()) {
        draw_text(frame, problem_, TextStyle::small, Role::warning, Wrap::yes);
    }
    space(frame, 4);
    const bool run =
        draw_button(frame, "run_command", frame.words.text("command.run"), ButtonLook::primary, true, {}) || entered;
    ImGui::SameLine();
    if (draw_button(frame, "cancel_command", frame.words.text("command.cancel"), ButtonLook::plain, true, {})) {
        actions.put(action::CloseDialog{});
    }
    if (run) {
        run_command(frame, actions);
    }
    ImGui::EndPopup();
}

// A press puts the command into the field.
void Dialogs::draw_recent_commands(const Frame& frame) {
    constexpr std::size_t most = 6;
    std::size_t shown = 0;
    for (const RecentCommand& command : frame.view.settings.recent) {
        if (!command.file.empty() || shown == most) {
            continue;
        }
        const std::string text = fit_text(display_text(command.line), TextStyle::mono, 560, frame.fonts);
        frame.fonts.need(text);
        ImGui::PushID(static_cast<int>(shown++));
        ImGui::PushFont(frame.fonts.font(TextStyle::mono));
        if (ImGui::Selectable((text + "##recent").c_str(), false, ImGuiSelectableFlags_DontClosePopups)) {
            command_[command.line.copy(command_.data(), command_.size() - 1)] = '\0';
            through_shell_ = command.through_shell;
        }
        ImGui::PopFont();
        ImGui::PopID();
    }
}

void Dialogs::run_command(const Frame& frame, Actions& actions) {
    const std::string line(command_.data());
    std::vector<std::string> arguments = {"sh", "-c", line};
    if (!through_shell_) {
        Result<std::vector<std::string>> split = split_command(line);
        if (!split) {
            problem_ = frame.words.text("command.open_quote");
            return;
        }
        arguments = std::move(*split);
    }
    if (line.find_first_not_of(" \t") == std::string::npos || arguments.empty()) {
        problem_ = frame.words.text("command.nothing");
        return;
    }
    actions.put(action::RememberCommand{{{}, line, through_shell_}});
    actions.put(launch_action(std::move(arguments), line, frame.view));
    actions.put(action::CloseDialog{});
}

void Dialogs::draw_help(const Frame& frame, Actions& actions) {
    if (!begin_dialog(frame, "help", 640)) {
        return;
    }
    if (frame.view.dialog != Dialog::help) {
        ImGui::CloseCurrentPopup();
        ImGui::EndPopup();
        return;
    }
    draw_text(frame, frame.words.text("help.title"), TextStyle::title, Role::text);
    space(frame, 2);
    const auto line = [&](std::string_view keys, std::string_view key) {
        draw_text(frame, keys, TextStyle::mono, Role::accent);
        ImGui::SameLine(frame.px(170));
        draw_text(frame, frame.words.text(key), TextStyle::body, Role::text, Wrap::yes);
    };
    for (const HelpLine& help : help_lines()) {
        line(help.keys, help.word);
    }
    space(frame, 4);
    for (const char* key : {"help.mouse_tree", "help.mouse_region", "help.mouse_address"}) {
        line(frame.words.text("help.mouse"), key);
    }
    space(frame, 4);
    if (draw_button(frame, "close_help", frame.words.text("help.close"), ButtonLook::primary, true, {})) {
        actions.put(action::CloseDialog{});
    }
    ImGui::EndPopup();
}

void Dialogs::draw_cap(const Frame& frame, Actions& actions) {
    if (!begin_dialog(frame, "cap", 520)) {
        return;
    }
    if (!frame.run.cap_question()) {
        ImGui::CloseCurrentPopup();
        ImGui::EndPopup();
        return;
    }
    const std::uint32_t cap = *frame.run.cap_question();
    const std::uint32_t doubled = cap > 0x7FFFFFFF ? 0 : cap * 2;
    draw_text(frame, frame.words.format("cap.title", cap), TextStyle::title, Role::text);
    draw_text(frame, frame.words.text("cap.text"), TextStyle::body, Role::text, Wrap::yes);
    space(frame, 4);
    const bool go_on =
        draw_button(frame, "cap_continue", frame.words.format("cap.continue", doubled), ButtonLook::plain, true, {});
    ImGui::SameLine();
    const bool stop = draw_button(frame, "cap_stop", frame.words.text("cap.stop"), ButtonLook::primary, true, {});
    if (go_on) {
        actions.put(action::GiveCapAnswer{CapAnswer::go_on});
    } else if (stop) {
        actions.put(action::GiveCapAnswer{CapAnswer::stop});
    }
    ImGui::EndPopup();
}

}  // namespace procatlas
