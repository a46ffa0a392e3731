#include <algorithm>

#include "app/panels/panels.h"
#include "app/ui.h"
#include "core/base/text.h"

namespace procatlas {

namespace {

// Items one after another, in further rows where the width ends.
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

    // The rest, `width` wide, goes to the right end.
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
    Toolbar(Frame& frame, const Box& place) : f_(frame), place_(place), flow_(frame, place) {}

    float run() {
        if (place_.width >= f_.px(900)) {  // room is dear where zoom is large
            brand();
            programs();
            title();
        } else {
            programs();
        }
        // One row where all fits, else what governs the run has a row of its own.
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

    void button(Action action, std::string_view id, const std::string& text, ButtonLook look, bool enabled,
                std::string_view tip, float space = 6) {
        flow_.item(button_width(f_, text), space);
        if (draw_button(f_, id, text, look, enabled, tip)) {
            f_.actions.push_back(action);
        }
    }

    std::string word(std::string_view icon, std::string_view key) const {
        return std::string(icon) + "  " + std::string(f_.words.text(key));
    }

    std::string tip(std::string_view key, std::string_view shortcut) const {
        return std::string(f_.words.text(key)) + "  [" + std::string(shortcut) + "]";
    }

    void programs() {
        const std::string examples = std::string(f_.words.text("toolbar.examples")) + "  ▾";
        button(Action::examples, "examples", examples, ButtonLook::plain, !f_.examples.empty(), "", 16);
        const ImVec2 below(ImGui::GetItemRectMin().x, ImGui::GetItemRectMax().y + f_.px(4));
        if (f_.view.open_examples && !f_.examples.empty()) {
            ImGui::OpenPopup("examples_menu");
            f_.view.open_examples = false;
        }
        ImGui::SetNextWindowPos(below);
        ImGui::SetNextWindowSizeConstraints({0, 0}, {f_.px(760), ImGui::GetIO().DisplaySize.y - below.y - f_.px(10)});
        if (ImGui::BeginPopup("examples_menu")) {
            draw_checkbox(f_, "command.hold", &f_.view.hold_at_start);
            ImGui::Separator();
            for (const Example& example : f_.examples) {
                menu_row(example);
            }
            ImGui::EndPopup();
        }
        button(Action::command, "command", std::string(f_.words.text("toolbar.command")), ButtonLook::plain, true, "");
        recording_menu();
    }

    void recording_menu() {
        const std::string name = std::string(f_.words.text("toolbar.recording")) + "  ▾";
        flow_.item(button_width(f_, name), 6);
        if (draw_button(f_, "recording", name, ButtonLook::plain, true, {})) {
            ImGui::OpenPopup("recording_menu");
        }
        ImGui::SetNextWindowPos({ImGui::GetItemRectMin().x, ImGui::GetItemRectMax().y + f_.px(4)});
        if (!ImGui::BeginPopup("recording_menu")) {
            return;
        }
        const bool shown = f_.run.started();
        const auto entry = [&](const char* key, const char* shortcut, bool enabled, Action action) {
            if (ImGui::MenuItem(f_.text(key), shortcut, false, enabled)) {
                f_.actions.push_back(action);
            }
        };
        entry("menu.open", "Ctrl+O", true, Action::open);
        entry("menu.save", "Ctrl+S", shown, Action::save);
        entry("menu.figure", "Ctrl+E", shown, Action::figure);
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
            launch_example(f_, example);
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
        const bool live = f_.run.live();
        const bool holding = f_.run.holding();
        const auto& processes = f_.run.world().processes;
        const bool held = std::ranges::any_of(processes, [](const Process& p) { return p.state == ProcessState::held; });
        if (holding || !live) {
            button(Action::run_hold, "run", word("▶", "toolbar.run"), live ? ButtonLook::primary : ButtonLook::plain, live,
                   tip("tip.run", "Space"), 16);
        } else {
            button(Action::run_hold, "run", word("▮▮", "toolbar.hold"), ButtonLook::primary, live, tip("tip.hold", "Space"),
                   16);
        }
        const bool runs = f_.run.started() && !f_.run.opened();
        const bool again = runs && !live;  // from the end, a step starts anew
        button(Action::step, "step", word("→", "toolbar.step"), ButtonLook::plain, (live && held) || again || f_.view.moment,
               tip(again ? "tip.step_again" : "tip.step", "N"));
        button(Action::step_all, "step_all", std::string(f_.words.text("toolbar.step_all")), ButtonLook::plain, live && held,
               tip("tip.step_all", "A"));
        button(Action::stop, "stop", word("■", "toolbar.stop"), ButtonLook::plain, live, tip("tip.stop", "S"));
        button(Action::restart, "restart", word("↻", "toolbar.restart"), ButtonLook::plain, runs, tip("tip.restart", "R"));
    }

    float control_width() const {
        float width = f_.px(16 + 4 * 6);
        for (const auto& text :
             {word("▮▮", "toolbar.hold"), word("→", "toolbar.step"), std::string(f_.words.text("toolbar.step_all")),
              word("■", "toolbar.stop"), word("↻", "toolbar.restart")}) {
            width += button_width(f_, text);
        }
        width += f_.px(16 + f_.fonts.width(f_.words.text("toolbar.delay"), TextStyle::small) + 8) + f_.px(120);
        width += f_.px(16 + f_.fonts.width(f_.words.text("toolbar.hold_at"), TextStyle::small));
        return width + hold_buttons_width();
    }

    float hold_buttons_width() const {
        float width = 0;
        for (const char* key : {"toolbar.lifecycle", "toolbar.memory", "toolbar.output", "toolbar.calls", "toolbar.lines",
                                "toolbar.instructions"}) {
            width += button_width(f_, f_.words.text(key)) + f_.px(6);
        }
        return width;
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
            f_.view.settings.delay_ms = delay / 50 * 50;
        }
        if (ImGui::IsItemHovered()) {
            draw_tip(f_, tip("tip.delay", "[  ]"));
        }
    }

    void hold_classes() {
        const std::string name(f_.words.text("toolbar.hold_at"));
        const float width = f_.px(f_.fonts.width(name, TextStyle::small));
        flow_.item(width + hold_buttons_width(), 16);
        const float y = ImGui::GetCursorPosY();
        ImGui::SetCursorPosY(y + (flow_.row() - f_.px(f_.fonts.line_height(TextStyle::small))) / 2);
        draw_text(f_, name, TextStyle::small, Role::muted);
        const HoldClasses classes = f_.run.hold_classes();
        const auto toggle = [&](Action action, const char* id, const char* key, const char* tip_key, const char* shortcut,
                                bool on) {
            ImGui::SameLine(0, f_.px(6));
            ImGui::SetCursorPosY(y);
            if (draw_button(f_, id, f_.words.text(key), on ? ButtonLook::toggled : ButtonLook::plain, true,
                            tip(tip_key, shortcut))) {
                f_.actions.push_back(action);
            }
        };
        toggle(Action::hold_lifecycle, "hold_life", "toolbar.lifecycle", "tip.lifecycle", "1", classes.lifecycle);
        toggle(Action::hold_memory, "hold_memory", "toolbar.memory", "tip.memory", "2", classes.memory);
        toggle(Action::hold_output, "hold_output", "toolbar.output", "tip.output", "3", classes.output);
        toggle(Action::hold_calls, "hold_calls", "toolbar.calls", "tip.calls", "4", classes.calls);
        toggle(Action::hold_lines, "hold_lines", "toolbar.lines", "tip.lines", "5", classes.lines);
        toggle(Action::hold_instructions, "hold_instructions", "toolbar.instructions", "tip.instructions", "6",
               classes.instructions);
    }

    std::string theme() const { return std::string(f_.words.text(f_.view.settings.dark ? "toolbar.light" : "toolbar.dark")); }

    float appearance_width() const {
        float whole = f_.px(12 + 6 * 4);
        for (const std::string& text : {std::string("A−"), std::string("A+"), theme(),
                                        std::string(f_.words.text("toolbar.language")), std::string("?")}) {
            whole += button_width(f_, text);
        }
        return whole;
    }

    void appearance() {
        flow_.to_right(appearance_width() - f_.px(12));
        button(Action::language, "language", std::string(f_.words.text("toolbar.language")), ButtonLook::plain, true,
               tip("tip.language", "L"), 12);
        button(Action::zoom_out, "zoom_out", "A−", ButtonLook::plain, true, tip("tip.zoom_out", "Ctrl −"));
        button(Action::zoom_in, "zoom_in", "A+", ButtonLook::plain, true, tip("tip.zoom_in", "Ctrl +"));
        button(Action::theme, "theme", theme(), ButtonLook::plain, true, tip("tip.theme", "T"));
        button(Action::help, "help", "?", ButtonLook::plain, true, tip("tip.help", "?"));
    }

    Frame& f_;
    Box place_;
    Flow flow_;
};

}  // namespace

float draw_toolbar_panel(Frame& frame, const Box& place) {
    return Toolbar(frame, place).run();
}

}  // namespace procatlas
