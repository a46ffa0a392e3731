#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <string_view>
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

    [[nodiscard]] float height() const { return y_ + row_ - place_.y; }
    [[nodiscard]] float row() const { return row_; }

private:
    const Frame& frame_;
    Box place_;
    float x_;
    float y_;
    float row_;
};

// What is done without, one after the other, where the window is too narrow for one row of buttons.
enum class Thrift : std::uint8_t {
    none,
    brand,         // the name of the program, which the window's title says too
    rare_to_menu,  // what is rarely pressed is in the menu at the right end
    icons_only,    // of the buttons whose sign says enough
};

constexpr std::array<std::string_view, 2> rare{"search", "share"};
constexpr std::array<std::string_view, 2> known_by_icon{"restart", "stop"};

const ActionRow& row_named(std::string_view name) {
    return *std::ranges::find(action_table(), name, &ActionRow::name);
}

class Toolbar {
public:
    Toolbar(const Frame& frame, Actions& actions, const Box& place, ToolbarPanel::Kept& kept)
        : f_(frame), actions_(actions), place_(place), kept_(kept), flow_(frame, place) {}

    float run() {
        while (thrift_ != Thrift::icons_only && width_of_all() > place_.width) {
            thrift_ = static_cast<Thrift>(static_cast<int>(thrift_) + 1);
        }
        if (thrift_ == Thrift::none) {
            brand();
        }
        programs_menu();
        if (f_.run.started()) {
            control();
            hold_menu();
        }
        appearance();
        return flow_.height();
    }

private:
    [[nodiscard]] float width_of_all() const {
        float width = thrift_ == Thrift::none ? brand_width() + f_.px(menu_gap) : 0;
        width += button_width(f_, with_arrow(programs_label()));
        if (f_.run.started()) {
            width += f_.px(group_gap) + button_width_of(row_named("back"));
            for (const ActionRow* row : rows_in(Bar::run)) {
                width += f_.px(button_gap) + button_width_of(*row);
            }
            width += f_.px(group_gap) + button_width(f_, with_arrow(hold_label()));
        }
        return width + f_.px(right_gap) + appearance_width();
    }

    [[nodiscard]] float brand_width() const { return f_.px(f_.fonts.width("procatlas", TextStyle::title)); }

    [[nodiscard]] bool is_in_menu(const ActionRow& row) const {
        return thrift_ >= Thrift::rare_to_menu && std::ranges::find(rare, row.name) != rare.end();
    }

    [[nodiscard]] bool is_icon_only(const ActionRow& row) const {
        return thrift_ >= Thrift::icons_only && std::ranges::find(known_by_icon, row.name) != known_by_icon.end();
    }

    [[nodiscard]] float button_width_of(const ActionRow& row) const {
        return is_icon_only(row) ? action_icon_width(f_, row) : action_button_width(f_, row);
    }

    static std::string with_arrow(const std::string& label) { return label + "  ▾"; }

    void brand() {
        flow_.item(brand_width(), 0);
        ImGui::SetCursorPosY(ImGui::GetCursorPosY() + (flow_.row() - f_.px(f_.fonts.line_height(TextStyle::title))) / 2);
        draw_text(f_, "procatlas", TextStyle::title, Role::text);
    }

    void button(const ActionRow& row, float space) {
        flow_.item(button_width_of(row), space);
        is_icon_only(row) ? draw_action_icon(f_, actions_, row) : draw_action_button(f_, actions_, row);
    }

    // A button with a menu below it. Returns true while the menu is open; then the caller must call ImGui::EndPopup.
    bool begin_menu(const char* id, const std::string& label, std::string_view tip, float space, bool open) {
        const std::string text = with_arrow(label);
        flow_.item(button_width(f_, text), space);
        if (draw_button(f_, id, text, ButtonLook::plain, true, tip) || open) {
            ImGui::OpenPopup((std::string(id) + "_menu").c_str());
        }
        const bool to_the_left = ImGui::GetItemRectMin().x > ImGui::GetIO().DisplaySize.x / 2;  // else it would be cut there
        const ImVec2 below(to_the_left ? ImGui::GetItemRectMax().x : ImGui::GetItemRectMin().x,
                           ImGui::GetItemRectMax().y + f_.px(4));
        ImGui::SetNextWindowPos(below, ImGuiCond_Always, {to_the_left ? 1.0F : 0.0F, 0});
        ImGui::SetNextWindowSizeConstraints({0, 0}, {f_.px(760), ImGui::GetIO().DisplaySize.y - below.y - f_.px(10)});
        return ImGui::BeginPopup((std::string(id) + "_menu").c_str());
    }

    void menu_item(const ActionRow& row) {
        const ActionLook look = look_of(row, f_.run, f_.view);
        std::string shortcut(shortcut_of(row));
        std::ranges::replace(shortcut, ' ', '+');
        const std::string text = action_text(f_, look);
        if (ImGui::MenuItem(text.c_str(), shortcut.c_str(), look.emphasis == ActionLook::Emphasis::on, look.enabled)) {
            actions_.put(row.action);
        }
        if (!look.tip.empty() && ImGui::IsItemHovered()) {
            draw_tip(f_, f_.words.text(look.tip));
        }
    }

    [[nodiscard]] std::string programs_label() const {
        return f_.run.started() ? fit_text(display_text(f_.run.title()), TextStyle::body, 180, f_.fonts)
                                : std::string(f_.words.text("toolbar.programs"));
    }

    // Everything that brings a program or a recording into the window. Its label is what the window shows.
    void programs_menu() {
        const bool asked = kept_.examples.is_new(f_.view.cues.examples);
        if (!begin_menu("programs", programs_label(), f_.words.text("tip.programs"), menu_gap, asked)) {
            return;
        }
        for (const ActionRow* row : rows_in(Bar::programs)) {
            menu_item(*row);
        }
        ImGui::Separator();
        for (const ActionRow* row : rows_in(Bar::recording_menu)) {
            menu_item(*row);
        }
        ImGui::Separator();
        draw_hold_at_start(f_, actions_);
        for (const Example& example : f_.examples) {
            menu_row(example);
        }
        ImGui::EndPopup();
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
            actions_.put(example_action(example));
        }
        const auto write = [&](float x, const std::string& text, TextStyle style, Role role) {
            put_text(f_, {at.x + x, at.y + (f_.px(24) - f_.fonts.font(style)->FontSize) / 2}, text, style, f_.palette.of(role));
        };
        write(f_.px(6), example.name, TextStyle::mono, Role::text);
        write(f_.px(longest + 26), description, TextStyle::small, Role::muted);
        ImGui::PopID();
    }

    void control() {
        button(row_named("back"), group_gap);
        for (const ActionRow* row : rows_in(Bar::run)) {
            button(*row, button_gap);
        }
    }

    [[nodiscard]] std::string hold_label() const {
        const bool opened = f_.run.opened();
        return f_.words.format(opened ? "toolbar.recorded_at" : "toolbar.stop_at",
                               f_.words.text(opened ? recorded_label() : finest_label()));
    }

    // "stop at: lines ▾": at which events processes are held, whose code counts, and how long each event stays.
    void hold_menu() {
        const bool opened = f_.run.opened();
        if (!begin_menu("hold_at", hold_label(), f_.words.text(opened ? "tip.recorded_at" : "tip.stop_at"), group_gap, false)) {
            return;
        }
        ImGui::PushItemFlag(ImGuiItemFlags_SelectableDontClosePopup, true);
        for (const ActionRow* row : rows_in(Bar::hold_at)) {
            menu_item(*row);
        }
        ImGui::PopItemFlag();
        ImGui::Separator();
        slow_motion();
        ImGui::EndPopup();
    }

    std::string_view finest_label() const {
        std::string_view label = "toolbar.nothing";
        for (const ActionRow* row : rows_in(Bar::hold_at)) {
            const auto* hold = std::get_if<action::ToggleHold>(&row->action);
            if (hold && f_.run.hold_classes().*member_of(hold->at)) {
                label = row->label;
            }
        }
        return label;
    }

    // The grain of an opened recording; which classes of events are held means nothing there.
    std::string_view recorded_label() const {
        const auto& how = f_.run.recording().how_followed();
        if (!how) {
            return "toolbar.not_known";
        }
        switch (how->grain) {
            case Grain::none:
                return how->memory_calls ? "toolbar.memory" : "toolbar.lifecycle";
            case Grain::calls:
                return "toolbar.calls";
            case Grain::lines:
                return "toolbar.lines";
            case Grain::instructions:
                break;
        }
        return "toolbar.instructions";
    }

    void slow_motion() {
        draw_text(f_, f_.words.text("toolbar.delay"), TextStyle::body, Role::text);
        ImGui::SameLine(0, f_.px(8));
        ImGui::SetNextItemWidth(f_.px(140));
        int delay = f_.view.settings.delay_ms;
        const std::string shown = f_.words.format("toolbar.delay_value", delay);
        if (ImGui::SliderInt("##delay", &delay, 0, delay_max_ms, shown.c_str(), ImGuiSliderFlags_AlwaysClamp)) {
            actions_.put(action::SetDelay{delay / 50 * 50});
        }
        if (ImGui::IsItemHovered()) {
            draw_tip(f_, std::string(f_.words.text("tip.delay")) + "  [" + delay_keys() + "]");
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

    [[nodiscard]] float appearance_width() const {
        float width = button_width(f_, with_arrow(more));
        for (const ActionRow* row : rows_in(Bar::appearance)) {
            width += is_in_menu(*row) ? 0 : action_button_width(f_, *row) + f_.px(button_gap);
        }
        return width;
    }

    void appearance() {
        flow_.to_right(appearance_width());
        float space = right_gap;
        for (const ActionRow* row : rows_in(Bar::appearance)) {
            if (!is_in_menu(*row)) {
                button(*row, std::exchange(space, button_gap));
            }
        }
        if (!begin_menu("more", more, {}, button_gap, false)) {
            return;
        }
        for (const Bar bar : {Bar::appearance, Bar::more}) {
            for (const ActionRow* row : rows_in(bar)) {
                if (bar == Bar::more || is_in_menu(*row)) {
                    menu_item(*row);
                }
            }
        }
        ImGui::EndPopup();
    }

    static constexpr const char* more = "⋯";
    static constexpr float menu_gap = 16;
    static constexpr float group_gap = 20;
    static constexpr float button_gap = 6;
    static constexpr float right_gap = 12;

    const Frame& f_;
    Actions& actions_;
    Box place_;
    ToolbarPanel::Kept& kept_;
    Flow flow_;
    Thrift thrift_ = Thrift::none;
};

}  // namespace

float ToolbarPanel::draw(const Frame& frame, Actions& actions, const Box& place) {
    return Toolbar(frame, actions, place, kept_).run();
}

}  // namespace procatlas
