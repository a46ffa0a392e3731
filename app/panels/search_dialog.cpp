#include "app/panels/search_dialog.h"

#include <algorithm>
#include <string>
#include <vector>

#include "app/control/search_items.h"
#include "app/paint/imgui_compat.h"
#include "app/paint/ui.h"

namespace procatlas {
namespace {

// Draws one row. True: it was clicked.
bool draw_row(const Frame& frame, const SearchItem& item, bool chosen, int number) {
    ImGui::PushID(number);
    const float width = ImGui::GetContentRegionAvail().x;
    const float height = frame.px(28);
    const ImVec2 at = ImGui::GetCursorScreenPos();
    const bool clicked = ImGui::InvisibleButton("row", {width, height});
    ImDrawList& list = *ImGui::GetWindowDrawList();
    if (chosen || ImGui::IsItemHovered()) {
        list.AddRectFilled(at, {at.x + width, at.y + height},
                           colour_u32(chosen ? frame.palette.control_active : frame.palette.hover_row), frame.px(5));
    }
    const float detail_room = width / frame.fonts.scale() * 0.45F;
    const std::string detail = fit_text(item.detail, TextStyle::small, detail_room, frame.fonts);
    const float detail_width = frame.px(frame.fonts.width(detail, TextStyle::small));
    const std::string text =
        fit_text(item.text, TextStyle::body, (width - detail_width) / frame.fonts.scale() - 30, frame.fonts);
    const auto write = [&](float x, const std::string& what, TextStyle style, Role role) {
        put_text(frame, {x, at.y + (height - frame.fonts.font(style)->FontSize) / 2}, what, style, frame.palette.of(role));
    };
    write(at.x + frame.px(9), text, TextStyle::body, Role::text);
    write(at.x + width - detail_width - frame.px(9), detail, TextStyle::small, Role::muted);
    ImGui::PopID();
    return clicked;
}

}  // namespace

void SearchDialog::draw(const Frame& frame, Actions& actions) {
    const bool open = frame.view.dialog == Dialog::search;
    if (open && !was_open_) {
        open_dialog("search");
        typed_.fill('\0');
        chosen_ = 0;
    }
    const bool fresh = open && !was_open_;
    was_open_ = open;
    if (!begin_dialog(frame, "search", 640)) {
        return;
    }
    if (!open) {
        ImGui::CloseCurrentPopup();
        ImGui::EndPopup();
        return;
    }
    if (fresh) {
        ImGui::SetKeyboardFocusHere();
    }
    frame.fonts.need(typed_.data());
    ImGui::SetNextItemWidth(-1);
    const bool entered = ImGui::InputTextWithHint("##search", frame.text("search.hint"), typed_.data(), typed_.size(),
                                                  ImGuiInputTextFlags_EnterReturnsTrue);
    if (ImGui::IsItemEdited()) {
        chosen_ = 0;
    }
    const std::vector<SearchItem>& items = found_.at({std::string(typed_.data()), frame.revision()}, [&] {
        return search_items(typed_.data(), {frame.words, frame.english, frame.korean, frame.examples, frame.lessons, frame.run,
                                            frame.world(), frame.output});
    });
    if (imgui_key_pressed(NamedKey::down)) {
        ++chosen_;
    } else if (imgui_key_pressed(NamedKey::up) && chosen_ > 0) {
        --chosen_;
    }
    chosen_ = std::min(chosen_, items.empty() ? 0 : items.size() - 1);
    const SearchItem* wanted = entered && !items.empty() ? &items[chosen_] : nullptr;
    for (std::size_t i = 0; i < items.size(); ++i) {
        if (draw_row(frame, items[i], i == chosen_, static_cast<int>(i))) {
            wanted = &items[i];
        }
    }
    if (items.empty()) {
        draw_text(frame, frame.words.text("search.nothing"), TextStyle::body, Role::muted);
    }
    if (wanted) {
        actions.put(action::CloseDialog{});
        actions.put(wanted->action);
    }
    ImGui::EndPopup();
}

}  // namespace procatlas
