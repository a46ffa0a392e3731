#include "app/panels/share_dialog.h"

#include <cmath>
#include <string>

#include "app/paint/ui.h"

namespace procatlas {

namespace {

constexpr float share_dialog_width = 560;
constexpr float qr_width = 230;  // with its margin

void gap_below(const Frame& frame, float height) {
    ImGui::Dummy({0, frame.px(height)});
}

// Black on white in every theme, because cameras want that.
void draw_qr(const Frame& frame, const QrCode& code) {
    constexpr std::size_t margin = 3;  // modules
    const auto modules = static_cast<float>(code.size + 2 * margin);
    const float module = std::max(std::floor(frame.px(qr_width) / modules), 1.0F);
    const ImVec2 at = ImGui::GetCursorScreenPos();
    ImDrawList* list = ImGui::GetWindowDrawList();
    list->AddRectFilled(at, {at.x + module * modules, at.y + module * modules}, IM_COL32(255, 255, 255, 255));
    for (std::size_t row = 0; row < code.size; ++row) {
        for (std::size_t column = 0; column < code.size; ++column) {
            if (code.is_dark(row, column)) {
                const ImVec2 corner(at.x + module * static_cast<float>(column + margin),
                                    at.y + module * static_cast<float>(row + margin));
                list->AddRectFilled(corner, {corner.x + module, corner.y + module}, IM_COL32(0, 0, 0, 255));
            }
        }
    }
    ImGui::Dummy({module * modules, module * modules});
}

// A link that is too long to be read aloud: it can be copied.
void draw_link(const Frame& frame, const char* id, std::string_view word, const std::string& link) {
    if (draw_button(frame, id, frame.words.text(word), ButtonLook::plain, true, {})) {
        ImGui::SetClipboardText(link.c_str());
    }
}

void draw_choice(const Frame& frame, Actions& actions, bool& asks_names) {
    draw_text(frame, frame.words.text("share.text"), TextStyle::body, Role::text, Wrap::yes);
    gap_below(frame, 4);
    draw_text(frame, frame.words.text("share.open_text"), TextStyle::small, Role::muted, Wrap::yes);
    gap_below(frame, 4);
    draw_checkbox(frame, "share.names", &asks_names);
    gap_below(frame, 4);
    if (draw_button(frame, "share_network", frame.words.text("share.network"), ButtonLook::primary, true, {})) {
        actions.put(action::Share{ShareWith::network, asks_names});
    }
    ImGui::SameLine();
    if (draw_button(frame, "share_machine", frame.words.text("share.this_machine"), ButtonLook::plain, true, {})) {
        actions.put(action::Share{ShareWith::this_machine, asks_names});
    }
    ImGui::SameLine();
    if (draw_button(frame, "share_cancel", frame.words.text("command.cancel"), ButtonLook::plain, true, {})) {
        actions.put(action::CloseDialog{});
    }
}

void draw_sharing(const Frame& frame, const Sharing& sharing, Actions& actions) {
    draw_qr(frame, sharing.qr);
    ImGui::SameLine(0, frame.px(20));
    ImGui::BeginGroup();
    draw_text(frame, frame.words.text("share.address"), TextStyle::small, Role::muted);
    draw_text(frame, sharing.page, TextStyle::mono, Role::text);
    gap_below(frame, 6);
    draw_text(frame, frame.words.text("live.code_title"), TextStyle::small, Role::muted);
    draw_text(frame, sharing.code.substr(0, 3) + " " + sharing.code.substr(3), TextStyle::title, Role::accent);
    gap_below(frame, 6);
    draw_text(frame, frame.words.format("live.people", sharing.people), TextStyle::body, Role::text);
    ImGui::EndGroup();
    gap_below(frame, 6);
    draw_link(frame, "share_look", "share.copy_look", sharing.look);
    ImGui::SameLine();
    draw_link(frame, "share_drive", "share.copy_drive", sharing.drive);
    gap_below(frame, 4);
    draw_text(frame, frame.words.text("share.drive_text"), TextStyle::small, Role::muted, Wrap::yes);
    if (sharing.asks_names) {
        draw_text(frame, frame.words.text("share.names_text"), TextStyle::small, Role::muted, Wrap::yes);
    }
    gap_below(frame, 4);
    if (draw_button(frame, "share_close", frame.words.text("help.close"), ButtonLook::primary, true, {})) {
        actions.put(action::CloseDialog{});
    }
    ImGui::SameLine();
    if (draw_button(frame, "share_end", frame.words.text("share.end"), ButtonLook::plain, true, {})) {
        actions.put(action::EndSharing{});
    }
}

}  // namespace

void ShareDialog::draw(const Frame& frame, Actions& actions) {
    const bool open = frame.view.dialog == Dialog::share;
    if (open && !was_open_) {
        open_dialog("share");
    }
    was_open_ = open;
    if (!begin_dialog(frame, "share", share_dialog_width)) {
        return;
    }
    if (!open) {
        ImGui::CloseCurrentPopup();
    } else {
        draw_text(frame, frame.words.text("share.title"), TextStyle::title, Role::text);
        gap_below(frame, 4);
        if (frame.view.sharing) {
            draw_sharing(frame, *frame.view.sharing, actions);
        } else {
            draw_choice(frame, actions, asks_names_);
        }
    }
    ImGui::EndPopup();
}

}  // namespace procatlas
