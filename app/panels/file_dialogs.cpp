#include <algorithm>
#include <cstring>

#include "app/panels/panels.h"
#include "app/ui.h"
#include "core/base/text.h"

namespace procatlas {

namespace {

constexpr float dialog_width = 620;

void put(std::array<char, 4096>& buffer, const std::string& text) {
    const std::size_t size = std::min(text.size(), buffer.size() - 1);
    std::memcpy(buffer.data(), text.data(), size);
    buffer[size] = '\0';
}

// Buttons of which one is chosen, in as many rows as they need.
template <typename T>
void choose(Frame& frame, const char* name_key, T& chosen, std::initializer_list<std::pair<T, const char*>> choices) {
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

}  // namespace

// `title` and a field for a path; true when Enter was pressed in it.
bool FileDialogs::draw_path(Frame& frame, const char* title, const char* hint) {
    draw_text(frame, frame.words.text(title), TextStyle::title, Role::text);
    ImGui::Dummy({0, frame.px(4)});
    if (std::exchange(focus_, false)) {
        ImGui::SetKeyboardFocusHere();
    }
    frame.fonts.need(path_.data());
    ImGui::SetNextItemWidth(-1);
    ImGui::PushFont(frame.fonts.font(TextStyle::mono));
    const bool entered =
        ImGui::InputTextWithHint("##path", frame.text(hint), path_.data(), path_.size(), ImGuiInputTextFlags_EnterReturnsTrue);
    ImGui::PopFont();
    return entered;
}

// The buttons below; true when it is to be done.
bool FileDialogs::draw_buttons(Frame& frame, const char* what) {
    ImGui::Dummy({0, frame.px(4)});
    const bool done = draw_button(frame, "file_do", frame.words.text(what), ButtonLook::primary, path_[0] != '\0', {});
    ImGui::SameLine();
    if (draw_button(frame, "file_cancel", frame.words.text("command.cancel"), ButtonLook::plain, true, {})) {
        frame.view.dialog = Dialog::none;
    }
    return done;
}

void FileDialogs::draw_open(Frame& frame) {
    bool done = draw_path(frame, "open.title", "open.hint");
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
    if (draw_buttons(frame, "open.do") || (done && path_[0] != '\0')) {
        frame.view.open_file = path_.data();
        frame.view.dialog = Dialog::none;
    }
}

void FileDialogs::draw_save(Frame& frame) {
    const bool entered = draw_path(frame, "save.title", "save.hint");
    draw_text(frame, frame.words.text("save.about"), TextStyle::small, Role::muted, Wrap::yes);
    if (draw_buttons(frame, "save.do") || (entered && path_[0] != '\0')) {
        frame.view.save_as = path_.data();
        frame.view.dialog = Dialog::none;
    }
}

void FileDialogs::draw_export(Frame& frame) {
    const bool entered = draw_path(frame, "export.title", "save.hint");
    const FigureFormat before = figure_.format;
    choose<FigureFormat>(
        frame, "export.format", figure_.format,
        {{FigureFormat::svg, "export.svg"}, {FigureFormat::pdf, "export.pdf"}, {FigureFormat::png, "export.png"}});
    if (before != figure_.format) {
        set_ending();
    }
    choose<FigureView>(frame, "export.view", figure_.view,
                       {{FigureView::all, "export.all"},
                        {FigureView::memory, "memory.title"},
                        {FigureView::tree, "tree.title"},
                        {FigureView::timeline, "timeline.title"},
                        {FigureView::inside, "inside.title"},
                        {FigureView::source, "inside.source"},
                        {FigureView::code, "inside.code"},
                        {FigureView::bytes, "inside.bytes"},
                        {FigureView::storyboard, "story.title"},
                        {FigureView::pages, "pages.title"},
                        {FigureView::compare, "compare.title"}});
    choose<Theme>(frame, "export.theme", figure_.theme,
                  {{Theme::light, "toolbar.light"}, {Theme::dark, "toolbar.dark"}, {Theme::print, "export.print"}});
    if (figure_.format == FigureFormat::png) {
        choose<float>(frame, "export.size", figure_.scale,
                      {{1.0F, "export.once"}, {2.0F, "export.twice"}, {4.0F, "export.four"}});
    }
    draw_checkbox(frame, "export.carry", &figure_.carry);
    if (draw_buttons(frame, "export.do") || (entered && path_[0] != '\0')) {
        figure_.file = path_.data();
        frame.view.figure = figure_;
        frame.view.dialog = Dialog::none;
    }
    ImGui::SameLine();
    if (draw_button(frame, "copy_picture", frame.words.text("export.copy"), ButtonLook::plain, true,
                    frame.words.text("export.copy_tip"))) {
        FigureRequest copy = figure_;
        copy.format = FigureFormat::png;
        copy.carry = false;
        copy.file.clear();
        frame.view.figure = copy;
        frame.view.dialog = Dialog::none;
    }
}

// The name's ending follows the format.
void FileDialogs::set_ending() {
    constexpr std::array<const char*, 3> endings{".svg", ".pdf", ".png"};
    const std::filesystem::path path(path_.data());
    put(path_, std::filesystem::path(path).replace_extension(endings[static_cast<std::size_t>(figure_.format)]).string());
}

// A name in the user's home for what is shown.
std::string FileDialogs::suggested(const Frame& frame, const std::string& ending) {
    const char* home = std::getenv("HOME");
    std::string name;
    for (const char c : std::string(base_name(frame.run.title()))) {
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
        name += plain ? c : '_';
    }
    return std::string(home == nullptr ? "." : home) + "/" + (name.empty() ? "procatlas" : name) + ending;
}

void FileDialogs::draw(Frame& frame) {
    const Dialog wanted = frame.view.dialog;
    const bool mine = wanted == Dialog::open || wanted == Dialog::save || wanted == Dialog::figure;
    if (mine && wanted != shown_) {
        ImGui::OpenPopup("file");
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
    } else if (wanted == Dialog::open) {
        draw_open(frame);
    } else if (wanted == Dialog::save) {
        draw_save(frame);
    } else {
        draw_export(frame);
    }
    ImGui::EndPopup();
}

std::optional<std::filesystem::path> draw_recent_rows(Frame& frame, std::size_t most) {
    std::optional<std::filesystem::path> chosen;
    for (std::size_t i = 0; i < std::min(most, frame.recent.size()); ++i) {
        const RecentRecording& recording = frame.recent[i];
        ImGui::PushID(static_cast<int>(i));
        const ImVec2 at = ImGui::GetCursorScreenPos();
        if (ImGui::Selectable("##recent", false, 0, {0, frame.px(22)})) {
            chosen = recording.path;
        }
        const std::string when = local_time_text(recording.info.started_unix_ms);
        const float time_width = frame.px(frame.fonts.width("0000-00-00 00:00:00", TextStyle::mono_small) + 14);
        ImDrawList& list = *ImGui::GetWindowDrawList();
        const auto write = [&](float x, const std::string& text, TextStyle style, Role role) {
            frame.fonts.need(text);
            ImFont* font = frame.fonts.font(style);
            list.AddText(font, font->FontSize, {at.x + x, at.y + (frame.px(22) - font->FontSize) / 2},
                         colour_u32(frame.palette.of(role)), text.c_str());
        };
        write(frame.px(4), when, TextStyle::mono_small, Role::muted);
        write(time_width, fit_text(display_text(recording.info.title), TextStyle::mono, 380, frame.fonts), TextStyle::mono,
              Role::text);
        ImGui::PopID();
    }
    return chosen;
}

}  // namespace procatlas
