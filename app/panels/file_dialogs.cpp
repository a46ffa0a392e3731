#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

#include "app/paint/ui.h"
#include "app/panels/file_dialogs.h"
#include "app/panels/recent_rows.h"
#include "core/base/text.h"
#include "core/export/catalogue.h"
#include "core/export/picture/figure_series.h"

namespace procatlas {

namespace {

constexpr float dialog_width = 620;

void put(std::array<char, 4096>& buffer, const std::string& text) {
    const std::size_t size = std::min(text.size(), buffer.size() - 1);
    std::memcpy(buffer.data(), text.data(), size);
    buffer[size] = '\0';
}

// A row of buttons with one chosen, wrapped if necessary.
template <typename T>
using Choices = std::vector<std::pair<T, std::string>>;  // each value with its key in the locale files

template <typename T>
void choose(const Frame& frame, const char* name_key, T& chosen, const Choices<T>& choices) {
    const ImVec2 at = ImGui::GetCursorPos();
    ImGui::SetCursorPosY(at.y + (ImGui::GetFrameHeight() - frame.px(frame.fonts.line_height(TextStyle::small))) / 2);
    draw_text(frame, frame.words.text(name_key), TextStyle::small, Role::muted);
    ImGui::SameLine();
    const float first = at.x + frame.px(110);
    const float end = ImGui::GetWindowContentRegionMax().x;
    const float gap = frame.px(6);
    ImVec2 next{first, at.y};
    for (const auto& [value, key] : choices) {
        const float width = button_width(frame, frame.words.text(key));
        if (next.x > first && next.x + width > end) {
            next = {first, next.y + ImGui::GetFrameHeight() + gap};
        }
        ImGui::SetCursorPos(next);
        next.x += width + gap;
        const std::string id = std::string(name_key) + key;
        if (draw_button(frame, id, frame.words.text(key), chosen == value ? ButtonLook::toggled : ButtonLook::plain, true,
                        {})) {
            chosen = value;
        }
    }
}

// The rows of the catalogue that are pictures.
Choices<FigureFormat> picture_choices() {
    Choices<FigureFormat> choices;
    for (const ExportFormat& format : export_formats()) {
        if (format.picture) {
            choices.emplace_back(*format.picture, "export." + std::string(format.name));
        }
    }
    return choices;
}

Choices<FigureView> view_choices() {
    Choices<FigureView> choices;
    for (const ExportView& view : export_views()) {
        choices.emplace_back(view.view, view.word);
    }
    return choices;
}

}  // namespace

// Draws `title` and a field for a path. Returns true when the user presses Enter in it.
bool FileDialogs::draw_path(const Frame& frame, const char* title, const char* hint) {
    draw_text(frame, frame.words.text(title), TextStyle::title, Role::text);
    ImGui::Dummy({0, frame.px(4)});
    if (std::exchange(focus_, false)) {
        ImGui::SetKeyboardFocusHere();
    }
    frame.fonts.need(path_.data());
    ImGui::SetNextItemWidth(-1);
    ImGui::PushFont(frame.fonts.font(TextStyle::mono));
    // ImGui keeps a field's selection by its name: that of the text before would be too short or too long.
    ImGui::PushID(opened_);
    const bool entered =
        ImGui::InputTextWithHint("##path", frame.text(hint), path_.data(), path_.size(), ImGuiInputTextFlags_EnterReturnsTrue);
    ImGui::PopID();
    ImGui::PopFont();
    return entered;
}

// Draws the buttons below. Returns true when the user confirms.
bool FileDialogs::draw_buttons(const Frame& frame, Actions& actions, const char* what) {
    ImGui::Dummy({0, frame.px(4)});
    const bool done = draw_button(frame, "file_do", frame.words.text(what), ButtonLook::primary, path_[0] != '\0', {});
    ImGui::SameLine();
    if (draw_button(frame, "file_cancel", frame.words.text("command.cancel"), ButtonLook::plain, true, {})) {
        actions.put(action::CloseDialog{});
    }
    return done;
}

void FileDialogs::draw_open(const Frame& frame, Actions& actions, bool beside) {
    bool done = draw_path(frame, beside ? "beside.choose" : "open.title", "open.hint");
    if (!frame.recent.empty()) {
        ImGui::Dummy({0, frame.px(4)});
        draw_text(frame, frame.words.text("welcome.recent"), TextStyle::small, Role::muted);
        ImGui::BeginChild("recent", {0, std::min(frame.px(220), static_cast<float>(frame.recent.size()) * frame.px(27))},
                          false);
        if (const auto chosen = draw_recent_rows(frame, frame.recent.size())) {
            put(path_, chosen->string());
            done = true;
        }
        ImGui::EndChild();
    }
    if (draw_buttons(frame, actions, beside ? "beside.do" : "open.do") || (done && path_[0] != '\0')) {
        beside ? actions.put(action::CompareFiles{"", path_.data()}) : actions.put(action::OpenFile{path_.data()});
        actions.put(action::CloseDialog{});
    }
}

void FileDialogs::draw_save(const Frame& frame, Actions& actions) {
    bool entered = draw_path(frame, "save.title", "save.hint");
    draw_text(frame, frame.words.text("save.about"), TextStyle::small, Role::muted, Wrap::yes);
    if (frame.view.answers > 0) {
        ImGui::Dummy({0, frame.px(4)});
        draw_text(frame, frame.words.format("save.answers", frame.view.answers), TextStyle::body, Role::text, Wrap::yes);
        frame.fonts.need(who_.data());
        ImGui::SetNextItemWidth(-1);
        entered = ImGui::InputTextWithHint("##who", frame.text("save.who"), who_.data(), who_.size(),
                                           ImGuiInputTextFlags_EnterReturnsTrue) ||
                  entered;
    }
    if (draw_buttons(frame, actions, "save.do") || (entered && path_[0] != '\0')) {
        actions.put(action::SaveRecording{path_.data(), who_.data()});
        actions.put(action::CloseDialog{});
    }
}

void FileDialogs::draw_export(const Frame& frame, Actions& actions) {
    const bool entered = draw_path(frame, "export.title", "save.hint");
    const FigureFormat before = figure_.format;
    choose<FigureFormat>(frame, "export.format", figure_.format, picture_choices());
    if (before != figure_.format) {
        set_ending();
    }
    choose<FigureView>(frame, "export.view", figure_.view, view_choices());
    choose<Theme>(frame, "export.theme", figure_.theme,
                  {{Theme::light, "toolbar.light"}, {Theme::dark, "toolbar.dark"}, {Theme::print, "export.print"}});
    if (figure_.format == FigureFormat::png) {
        choose<float>(frame, "export.size", figure_.scale,
                      {{1.0F, "export.once"}, {2.0F, "export.twice"}, {4.0F, "export.four"}});
    }
    const bool may_step = figure_.view != FigureView::storyboard;
    ImGui::BeginDisabled(!may_step);
    draw_checkbox(frame, "export.steps", &figure_.steps);
    ImGui::EndDisabled();
    figure_.steps = figure_.steps && may_step;
    if (figure_.steps) {
        draw_text(frame,
                  figure_.format == FigureFormat::pdf
                      ? std::string(frame.words.text("export.steps_pdf"))
                      : frame.words.format(
                            "export.steps_files",
                            display_text(base_name(series_file(path_.data(), 1, steps_of(frame.run.recording()).size())))),
                  TextStyle::small, Role::muted, Wrap::yes);
    } else {
        draw_checkbox(frame, "export.carry", &figure_.carry);
    }
    if (draw_buttons(frame, actions, "export.do") || (entered && path_[0] != '\0')) {
        figure_.file = path_.data();
        actions.put(action::ExportFigure{figure_});
        actions.put(action::CloseDialog{});
    }
    ImGui::SameLine();
    if (draw_button(frame, "copy_picture", frame.words.text("export.copy"), ButtonLook::plain, true,
                    frame.words.text("export.copy_tip"))) {
        FigureRequest copy = figure_;
        copy.format = FigureFormat::png;
        copy.carry = false;
        copy.file.clear();
        actions.put(action::ExportFigure{copy});
        actions.put(action::CloseDialog{});
    }
}

// Changes the file extension to that of the format.
void FileDialogs::set_ending() {
    const auto formats = export_formats();
    const auto format = std::ranges::find(formats, figure_.format, &ExportFormat::picture);
    if (format != formats.end()) {
        put(path_, std::filesystem::path(path_.data()).replace_extension(format->extension).string());
    }
}

// Suggests a file name in the user's home folder for what is shown.
std::string FileDialogs::suggested(const Frame& frame, const std::string& ending) {
    const char* home = std::getenv("HOME");
    std::string name;
    for (const char c : std::string(base_name(frame.run.title()))) {
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
        name += plain ? c : '_';
    }
    return std::string(home == nullptr ? "." : home) + "/" + (name.empty() ? "procatlas" : name) + ending;
}

void FileDialogs::draw(const Frame& frame, Actions& actions) {
    const Dialog wanted = frame.view.dialog;
    const bool mine = wanted == Dialog::open || wanted == Dialog::beside || wanted == Dialog::save || wanted == Dialog::figure;
    if (mine && wanted != shown_) {
        open_dialog("file");
        ++opened_;
        focus_ = true;
        path_[0] = '\0';
        if (wanted == Dialog::save) {
            put(path_, suggested(frame, ".procatlas"));
        } else if (wanted == Dialog::figure) {
            put(path_, suggested(frame, "-" + std::to_string(frame.moment()) + ".svg"));
            set_ending();
        }
    }
    shown_ = wanted;
    if (!begin_dialog(frame, "file", dialog_width)) {
        return;
    }
    if (!mine) {
        ImGui::CloseCurrentPopup();
    } else if (wanted == Dialog::open || wanted == Dialog::beside) {
        draw_open(frame, actions, wanted == Dialog::beside);
    } else if (wanted == Dialog::save) {
        draw_save(frame, actions);
    } else {
        draw_export(frame, actions);
    }
    ImGui::EndPopup();
}

}  // namespace procatlas
