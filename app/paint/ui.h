// Small pieces that every panel uses: text in a face and a role, buttons, panels.
#pragma once

#include <string>
#include <string_view>

#include "app/paint/frame.h"
#include "app/paint/imgui_compat.h"

namespace procatlas {

[[nodiscard]] inline ImU32 colour_u32(Colour c) {
    return IM_COL32(c.red, c.green, c.blue, c.alpha);
}
[[nodiscard]] inline ImVec4 colour_vec(Colour c) {
    return ImGui::ColorConvertU32ToFloat4(colour_u32(c));
}

// ImGui's style from the palette, at the fonts' scale.
void apply_theme(const Palette& palette, float scale);

enum class Wrap { no, yes, inherit };
void draw_text(const Frame& frame, std::string_view text, TextStyle style, Role role, Wrap wrap = Wrap::no);
// One line, shortened with "…" to the room that is left.
void draw_fitted(const Frame& frame, std::string_view text, TextStyle style, Role role);

enum class ButtonLook { plain, primary, toggled };
// Size 0: as wide as its text. `tip`: shown while the pointer rests on it, empty for none.
[[nodiscard]] bool draw_button(const Frame& frame, std::string_view id, std::string_view text, ButtonLook look, bool enabled,
                               std::string_view tip, ImVec2 size = {0, 0});
[[nodiscard]] float button_width(const Frame& frame, std::string_view text);

// True when it was clicked.
bool draw_checkbox(const Frame& frame, std::string_view key, bool* on);
// Whether the next program is held at its first event.
void draw_hold_at_start(const Frame& frame, Actions& actions);

void draw_tip(const Frame& frame, std::string_view text);

// A modal window in the middle, `width` logical pixels wide; true while it is open: then ImGui::EndPopup ends it.
[[nodiscard]] bool begin_dialog(const Frame& frame, const char* id, float width);

// "2026-11-25 09:30:00", as the clock on the wall says.
[[nodiscard]] std::string local_time_text(std::uint64_t unix_ms);

// "+0.123 s" after the observer started.
[[nodiscard]] std::string time_text(const Event& event);

// A pid on its colour, as wide as `width` pixels; true when clicked.
bool draw_badge(const Frame& frame, std::string_view text, std::size_t process, float width);

// A titled panel from its making until it goes out of scope. `place` in pixels.
class PanelScope {
public:
    PanelScope(const Frame& frame, const char* id, const Box& place, std::string_view title, std::string_view hint);
    PanelScope(const PanelScope&) = delete;
    PanelScope& operator=(const PanelScope&) = delete;
    ~PanelScope();
};

}  // namespace procatlas
