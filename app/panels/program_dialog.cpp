#include "app/panels/program_dialog.h"

#include <algorithm>
#include <cstring>
#include <string>
#include <utility>

#include "app/control/command_split.h"
#include "app/control/own_program_text.h"
#include "app/paint/ui.h"
#include "core/base/text.h"

namespace procatlas {

namespace {

constexpr float width_of_dialog = 680;
constexpr std::size_t recent_shown = 5;

void put_text(std::array<char, 4096>& field, std::string_view text) {
    const std::size_t size = std::min(text.size(), field.size() - 1);
    std::memcpy(field.data(), text.data(), size);
    field[size] = '\0';
}

enum class RowPress { none, once, twice };

// One row of a list, as wide as it is.
RowPress draw_row(const Frame& frame, int id, const std::string& text, Role role) {
    ImGui::PushID(id);
    const ImVec2 at = ImGui::GetCursorScreenPos();
    const float height = frame.px(22);
    const bool pressed = ImGui::Selectable("##row", false, ImGuiSelectableFlags_AllowDoubleClick, {0, height});
    const float room = ImGui::GetItemRectSize().x / frame.px(1) - 12;
    const std::string shown = fit_text(text, TextStyle::mono, room, frame.fonts);
    put_text(frame, {at.x + frame.px(6), at.y + (height - frame.fonts.font(TextStyle::mono)->FontSize) / 2}, shown,
             TextStyle::mono, frame.palette.of(role));
    ImGui::PopID();
    return !pressed ? RowPress::none : ImGui::IsMouseDoubleClicked(0) ? RowPress::twice : RowPress::once;
}

void small_words(const Frame& frame, std::string_view key) {
    draw_text(frame, frame.words.text(key), TextStyle::small, Role::muted, Wrap::yes);
}

}  // namespace

void ProgramDialog::draw(const Frame& frame, Actions& actions) {
    const Dialog wanted = frame.view.dialog;
    if (wanted == Dialog::program && wanted != shown_) {
        open_dialog("program");
        open(frame);
    }
    shown_ = wanted;
    if (!begin_dialog(frame, "program", width_of_dialog)) {
        return;
    }
    if (wanted != Dialog::program) {
        ImGui::CloseCurrentPopup();
    } else if (frame.view.own.preparing) {
        draw_work(frame, actions);
    } else {
        draw_choice(frame, actions);
    }
    ImGui::EndPopup();
}

// Begins with what was run last.
void ProgramDialog::open(const Frame& frame) {
    focus_ = true;
    problem_.clear();
    const auto& recent = frame.view.settings.recent;
    const auto last = std::ranges::find_if(recent, [](const RecentCommand& command) { return !command.file.empty(); });
    put_text(path_, last == recent.end() ? std::string() : last->file);
    put_text(arguments_, last == recent.end() ? std::string() : last->line);
}

bool ProgramDialog::draw_field(const Frame& frame, const char* id, std::string_view hint, std::array<char, 4096>& text) {
    frame.fonts.need(text.data());
    ImGui::SetNextItemWidth(-1);
    ImGui::PushFont(frame.fonts.font(TextStyle::mono));
    const bool entered =
        ImGui::InputTextWithHint(id, frame.text(hint), text.data(), text.size(), ImGuiInputTextFlags_EnterReturnsTrue);
    ImGui::PopFont();
    return entered;
}

void ProgramDialog::draw_choice(const Frame& frame, Actions& actions) {
    draw_text(frame, frame.words.text("program.title"), TextStyle::title, Role::text);
    small_words(frame, "program.about");
    ImGui::Dummy({0, frame.px(2)});
    if (std::exchange(focus_, false)) {
        ImGui::SetKeyboardFocusHere();
    }
    bool run_now = draw_field(frame, "##path", "program.hint", path_);
    draw_refusal(frame);
    draw_folder(frame, actions);
    draw_recent(frame);
    small_words(frame, "program.arguments");
    run_now = draw_field(frame, "##arguments", "program.arguments_hint", arguments_) || run_now;
    draw_hold_at_start(frame, actions);
    if (!problem_.empty()) {
        draw_text(frame, problem_, TextStyle::small, Role::warning, Wrap::yes);
    }
    ImGui::Dummy({0, frame.px(2)});
    const bool chosen = path_[0] != '\0';
    run_now = draw_button(frame, "run_program", frame.words.text("command.run"), ButtonLook::primary, chosen, {}) || run_now;
    ImGui::SameLine();
    if (draw_button(frame, "cancel_program", frame.words.text("command.cancel"), ButtonLook::plain, true, {})) {
        actions.put(action::CloseDialog{});
    }
    if (run_now && chosen) {
        run(frame, actions);
    }
}

void ProgramDialog::run(const Frame& frame, Actions& actions) {
    const std::string path(path_.data());
    if (path.ends_with('/') || path == "~") {
        actions.put(action::ListFolder{path == "~" ? "~/" : path});
        return;
    }
    auto arguments = split_command(arguments_.data());
    if (!arguments) {
        problem_ = frame.words.text("command.open_quote");
        return;
    }
    problem_.clear();
    const AtFirstEvent at_first = frame.view.hold_at_start ? AtFirstEvent::holds : AtFirstEvent::runs;
    actions.put(action::RunProgram{{{without_tilde(path), std::move(*arguments)}, {}, at_first}});
}

// A press chooses a file or opens a folder; two presses run the file.
void ProgramDialog::draw_folder(const Frame& frame, Actions& actions) {
    const auto& folder = frame.view.own.folder;
    if (!folder) {
        return;
    }
    ImGui::Dummy({0, frame.px(2)});
    draw_fitted(frame, display_text(folder->folder.string()), TextStyle::mono_small, Role::muted);
    const float rows = frame.view.own.refused ? 100 : 190;
    ImGui::BeginChild("folder", {0, frame.px(rows)}, true);
    int id = 0;
    if (folder->folder.has_parent_path() && folder->folder != folder->folder.root_path() &&
        draw_row(frame, id++, "▸ ..", Role::accent) != RowPress::none) {
        actions.put(action::ListFolder{folder->folder.parent_path().string()});
    }
    for (const std::string& name : folder->folders) {
        if (draw_row(frame, id++, "▸ " + display_text(name) + "/", Role::accent) != RowPress::none) {
            actions.put(action::ListFolder{(folder->folder / name).string()});
        }
    }
    for (const std::string& name : folder->programs) {
        const RowPress press = draw_row(frame, id++, display_text(name), Role::text);
        if (press != RowPress::none) {
            put_text(path_, (folder->folder / name).string());
        }
        if (press == RowPress::twice) {
            run(frame, actions);
        }
    }
    if (!folder->problem.empty()) {
        draw_text(frame, frame.words.format("program.folder_unreadable", display_text(folder->problem)), TextStyle::small,
                  Role::warning, Wrap::yes);
    } else if (folder->programs.empty()) {
        small_words(frame, "program.folder_empty");
    }
    if (folder->cut) {
        small_words(frame, "program.folder_cut");
    }
    ImGui::EndChild();
}

void ProgramDialog::draw_recent(const Frame& frame) {
    int shown = 0;
    for (const RecentCommand& command : frame.view.settings.recent) {
        if (command.file.empty() || shown == static_cast<int>(recent_shown)) {
            continue;
        }
        if (shown == 0) {
            small_words(frame, "program.recent");
        }
        ImGui::PushID("recent");
        if (draw_row(frame, shown++, display_text(command.file + (command.line.empty() ? "" : " ") + command.line),
                     Role::text) != RowPress::none) {
            put_text(path_, command.file);
            put_text(arguments_, command.line);
        }
        ImGui::PopID();
    }
}

void ProgramDialog::draw_work(const Frame& frame, Actions& actions) {
    const std::string name = display_text(frame.view.own.preparing->file.filename().string());
    draw_text(frame, frame.words.format("program.preparing", name), TextStyle::title, Role::text);
    small_words(frame, "program.preparing_about");
    ImGui::Dummy({0, frame.px(4)});
    if (draw_button(frame, "stop_compiler", frame.words.text("command.cancel"), ButtonLook::plain, true, {})) {
        actions.put(action::CancelProgram{});
    }
}

// Why it does not run, and the compiler's messages, each with its line below.
void ProgramDialog::draw_refusal(const Frame& frame) {
    const OwnProgramView& own = frame.view.own;
    if (!own.refused) {
        return;
    }
    draw_text(frame, why_not_text(*own.refused, own.why, frame.words), TextStyle::body, Role::warning, Wrap::yes);
    if (own.why.messages.empty()) {
        return;
    }
    const float wanted = 40 * static_cast<float>(own.why.messages.size());
    ImGui::BeginChild("messages", {0, frame.px(std::clamp(wanted, 60.0F, 190.0F))}, true);
    for (const CompilerMessage& message : own.why.messages) {
        const Role role = message.kind == MessageKind::error ? Role::text : Role::muted;
        const std::string text = message_text(message, frame.words);
        frame.fonts.need(text);
        draw_text(frame, text, TextStyle::small, role, Wrap::yes);
        if (!message.source.empty()) {
            const std::string source = "    " + display_text(message.source);
            frame.fonts.need(source);
            draw_text(frame, source, TextStyle::mono_small, Role::accent);
        }
    }
    ImGui::EndChild();
}

}  // namespace procatlas
