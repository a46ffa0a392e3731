#include <algorithm>
#include <utility>

#include "app/paint/ui.h"
#include "app/panels/action_button.h"
#include "app/panels/toolbar_panel.h"
#include "core/base/text.h"

namespace procatlas {

namespace {

// Places items in a row, and wraps to further rows at the right edge.
class Flow {
public:
    Flow(const Frame& frame, const Box& place)
        : frame_(frame), place_(place), x_(place.x), y_(place.y), row_(ImGui::GetFrameHeight()) {}

    void item(float width, float space_before) {
        if (x_ > place_.x) {
            x_ += frame_.px(space_before);
        }
        if (x_ > place_.x && x_ + width > place_.right()) {
            x_ = place_.x;
            y_ += row_ + frame_.px(6);
        }
        ImGui::SetCursorScreenPos({x_, y_});
        x_ += width;
    }

    // Moves the remaining items, `width` wide, to the right edge.
    void to_right(float width) {
        if (x_ + frame_.px(12) + width <= place_.right()) {
            x_ = std::max(x_, place_.right() - width - frame_.px(12));
        }
    }

    [[nodiscard]] bool fits(float width) const { return x_ + width <= place_.right(); }

    void new_row() {
        x_ = place_.x;
        y_ += row_ + frame_.px(6);
    }

    [[nodiscard]] float height() const { return y_ + row_ - place_.y; }
    [[nodiscard]] float row() const { return row_; }

private:
    const Frame& frame_;
    Box place_;
    float x_;
    float y_;
    float row_;
};

class Toolbar {
public:
    Toolbar(const Frame& frame, Actions& actions, const Box& place, ToolbarPanel::Kept& kept)
        : f_(frame), actions_(actions), place_(place), kept_(kept), flow_(frame, place) {}

    float run() {
        if (place_.width >= f_.px(900)) {  // at high zoom there is too little room
            brand();
            programs();
            title();
        } else {
            programs();
        }
        // One row if everything fits. Otherwise the controls of the run get their own row.
        const bool started = f_.run.started();
        const bool one_row = !started || flow_.fits(control_width() + appearance_width());
        if (!one_row) {
            appearance();
            flow_.new_row();
        }
        if (started) {
            control();
            slow_motion();
            hold_classes();
        }
        if (one_row) {
            appearance();
        }
        return flow_.height();
    }

private:
    void brand() {
        const float width = f_.px(f_.fonts.width("procatlas", TextStyle::title));
        flow_.item(width, 0);
        ImGui::SetCursorPosY(ImGui::GetCursorPosY() + (flow_.row() - f_.px(f_.fonts.line_height(TextStyle::title))) / 2);
        draw_text(f_, "procatlas", TextStyle::title, Role::text);
    }

    void button(const ActionRow& row, float space = 6) {
        flow_.item(action_button_width(f_, row), space);
        draw_action_button(f_, actions_, row);
    }

    // A button with a menu below it. Returns true when it is clicked.
    bool menu_button(std::string_view id, std::string_view label, bool enabled, float space) {
        const std::string text = std::string(f_.words.text(label)) + "  ▾";
        flow_.item(button_width(f_, text), space);
        return draw_button(f_, id, text, ButtonLook::plain, enabled, {});
    }

    void programs() {
        for (const ActionRow* row : rows_in(Bar::programs)) {
            if (std::holds_alternative<action::OpenExamples>(row->action)) {
                examples(*row);
            } else {
                button(*row);
            }
        }
        recording_menu();
    }

    void examples(const ActionRow& row) {
        if (menu_button(row.name, row.label, !f_.examples.empty(), 16)) {
            actions_.put(row.action);
        }
        const ImVec2 below(ImGui::GetItemRectMin().x, ImGui::GetItemRectMax().y + f_.px(4));
        if (kept_.examples.is_new(f_.view.cues.examples) && !f_.examples.empty()) {
            ImGui::OpenPopup("examples_menu");
        }
        ImGui::SetNextWindowPos(below);
        ImGui::SetNextWindowSizeConstraints({0, 0}, {f_.px(760), ImGui::GetIO().DisplaySize.y - below.y - f_.px(10)});
        if (ImGui::BeginPopup("examples_menu")) {
            draw_hold_at_start(f_, actions_);
            ImGui::Separator();
            for (const Example& example : f_.examples) {
                menu_row(example);
            }
            ImGui::EndPopup();
        }
    }

    void recording_menu() {
        if (menu_button("recording", "toolbar.recording", true, 6)) {
            ImGui::OpenPopup("recording_menu");
        }
        ImGui::SetNextWindowPos({ImGui::GetItemRectMin().x, ImGui::GetItemRectMax().y + f_.px(4)});
        if (!ImGui::BeginPopup("recording_menu")) {
            return;
        }
        for (const ActionRow* row : rows_in(Bar::recording_menu)) {
            const ActionLook look = look_of(*row, f_.run, f_.view);
            std::string shortcut(shortcut_of(*row));
            std::ranges::replace(shortcut, ' ', '+');
            if (ImGui::MenuItem(f_.text(look.label), shortcut.c_str(), false, look.enabled)) {
                actions_.put(row->action);
            }
        }
        ImGui::EndPopup();
    }

    void title() {
        if (!f_.run.started()) {
            return;
        }
        const std::string text = fit_text(display_text(f_.run.title()), TextStyle::mono, 280, f_.fonts);
        flow_.item(f_.px(f_.fonts.width(text, TextStyle::mono)), 14);
        ImGui::SetCursorPosY(ImGui::GetCursorPosY() + (flow_.row() - f_.px(f_.fonts.line_height(TextStyle::mono))) / 2);
        draw_text(f_, text, TextStyle::mono, Role::muted);
    }

    void menu_row(const Example& example) {
        float longest = 0;
        for (const Example& other : f_.examples) {
            longest = std::max(longest, f_.fonts.width(other.name, TextStyle::mono));
        }
        const bool korean = f_.view.settings.language == "ko" && !example.description_ko.empty();
        const std::string& description = korean ? example.description_ko : example.description;
        const float room = f_.px(f_.fonts.width(description, TextStyle::small) + longest + 34);
        ImGui::PushID(example.name.c_str());
        const ImVec2 at = ImGui::GetCursorScreenPos();
        if (ImGui::Selectable("##row", false, 0, {room, f_.px(24)})) {
            actions_.put(launch_action(example.arguments, example.name, f_.view));
        }
        ImDrawList& list = *ImGui::GetWindowDrawList();
        const auto write = [&](float x, const std::string& text, TextStyle style, Role role) {
            ImFont* font = f_.fonts.font(style);
            list.AddText(font, font->FontSize, {at.x + x, at.y + (f_.px(24) - font->FontSize) / 2},
                         colour_u32(f_.palette.of(role)), text.c_str());
        };
        f_.fonts.need(description);
        write(f_.px(6), example.name, TextStyle::mono, Role::text);
        write(f_.px(longest + 26), description, TextStyle::small, Role::muted);
        ImGui::PopID();
    }

    void control() {
        float space = 16;
        for (const ActionRow* row : rows_in(Bar::run)) {
            button(*row, std::exchange(space, 6));
        }
    }

    // The greatest width of a bar's buttons, with the space before each.
    float width_of(Bar bar) const {
        float width = 0;
        for (const ActionRow* row : rows_in(bar)) {
            const ActionLook usual{.icon = row->icon, .label = row->label, .tip = {}};
            width += button_width(f_, action_text(f_, usual)) + f_.px(6);
        }
        return width;
    }

    float control_width() const {
        float width = f_.px(16 - 6) + width_of(Bar::run);
        width += f_.px(16 + f_.fonts.width(f_.words.text("toolbar.delay"), TextStyle::small) + 8) + f_.px(120);
        width += f_.px(16 + f_.fonts.width(f_.words.text("toolbar.hold_at"), TextStyle::small));
        return width + width_of(Bar::hold_at);
    }

    void slow_motion() {
        const std::string name(f_.words.text("toolbar.delay"));
        const float name_width = f_.px(f_.fonts.width(name, TextStyle::small));
        const float slider = f_.px(120);
        flow_.item(name_width + f_.px(8) + slider, 16);
        const float y = ImGui::GetCursorPosY();
        ImGui::SetCursorPosY(y + (flow_.row() - f_.px(f_.fonts.line_height(TextStyle::small))) / 2);
        draw_text(f_, name, TextStyle::small, Role::muted);
        ImGui::SameLine(0, f_.px(8));
        ImGui::SetCursorPosY(y);
        ImGui::SetNextItemWidth(slider);
        int delay = f_.view.settings.delay_ms;
        const std::string shown = f_.words.format("toolbar.delay_value", delay);
        if (ImGui::SliderInt("##delay", &delay, 0, delay_max_ms, shown.c_str(), ImGuiSliderFlags_AlwaysClamp)) {
            actions_.put(action::SetDelay{delay / 50 * 50});
        }
        if (ImGui::IsItemHovered()) {
            draw_tip(f_, std::string(f_.words.text("tip.delay")) + "  [" + delay_keys() + "]");
        }
    }

    void hold_classes() {
        const std::string name(f_.words.text("toolbar.hold_at"));
        const float width = f_.px(f_.fonts.width(name, TextStyle::small));
        flow_.item(width + width_of(Bar::hold_at), 16);
        const float y = ImGui::GetCursorPosY();
        ImGui::SetCursorPosY(y + (flow_.row() - f_.px(f_.fonts.line_height(TextStyle::small))) / 2);
        draw_text(f_, name, TextStyle::small, Role::muted);
        for (const ActionRow* row : rows_in(Bar::hold_at)) {
            ImGui::SameLine(0, f_.px(6));
            ImGui::SetCursorPosY(y);
            draw_action_button(f_, actions_, *row);
        }
    }

    // "[  ]"
    static std::string delay_keys() {
        std::string keys;
        for (const ActionRow& row : action_table()) {
            if (std::holds_alternative<action::ChangeDelay>(row.action)) {
                keys += (keys.empty() ? "" : "  ") + std::string(shortcut_of(row));
            }
        }
        return keys;
    }

    float appearance_width() const {
        float width = f_.px(12 - 6);
        for (const ActionRow* row : rows_in(Bar::appearance)) {
            width += action_button_width(f_, *row) + f_.px(6);
        }
        return width;
    }

    void appearance() {
        flow_.to_right(appearance_width() - f_.px(12));
        float space = 12;
        for (const ActionRow* row : rows_in(Bar::appearance)) {
            button(*row, std::exchange(space, 6));
        }
    }

    const Frame& f_;
    Actions& actions_;
    Box place_;
    ToolbarPanel::Kept& kept_;
    Flow flow_;
};

}  // namespace

float ToolbarPanel::draw(const Frame& frame, Actions& actions, const Box& place) {
    return Toolbar(frame, actions, place, kept_).run();
}

}  // namespace procatlas
