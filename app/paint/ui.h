// Small parts that all panels use: text in a style and role, buttons, panels.
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

// Sets ImGui's style from the palette, at the fonts' scale.
void apply_theme(const Palette& palette, float scale);

enum class Wrap { no, yes, inherit };
void draw_text(const Frame& frame, std::string_view text, TextStyle style, Role role, Wrap wrap = Wrap::no);
// Draws one line, shortened with "…" to the remaining width, or to `room` logical pixels.
void draw_fitted(const Frame& frame, std::string_view text, TextStyle style, Role role);
void draw_fitted(const Frame& frame, std::string_view text, TextStyle style, Role role, float room);
// Where the last line that stands whole above `edge` ends, of lines that begin at `top` and are `line` high each.
[[nodiscard]] float end_of_whole_lines(float top, float line, float edge);
// One line at a place of the screen, in pixels; it moves no cursor.
void put_text(const Frame& frame, ImVec2 at, std::string_view text, TextStyle style, Colour colour);

enum class ButtonLook { plain, primary, toggled };
// Size 0: as wide as its text. `tip`: shown while the pointer is over the button; empty: none.
[[nodiscard]] bool draw_button(const Frame& frame, std::string_view id, std::string_view text, ButtonLook look, bool enabled,
                               std::string_view tip, ImVec2 size = {0, 0});
[[nodiscard]] float button_width(const Frame& frame, std::string_view text);

// Returns true when it is clicked.
bool draw_checkbox(const Frame& frame, std::string_view key, bool* on);
// Draws the checkbox that holds the next program at its first event.
void draw_hold_at_start(const Frame& frame, Actions& actions);

// Whether the present window was clicked with the right button, not dragged.
[[nodiscard]] bool right_clicked();

void draw_tip(const Frame& frame, std::string_view text);

// For the next `begin_dialog` of this name. The field that had the keyboard lets go of it: a field of the same name, in a
// dialog that opens again at once, would go on with the text that it had.
void open_dialog(const char* id);
// A centred modal window, `width` logical pixels wide. If it is open, returns true, and the caller must call ImGui::EndPopup.
[[nodiscard]] bool begin_dialog(const Frame& frame, const char* id, float width);

// "2026-11-25 09:30:00", in local time.
[[nodiscard]] std::string local_time_text(std::uint64_t unix_ms);

// "+0.123 s" after the observer started.
[[nodiscard]] std::string time_text(const Event& event);

// Draws a pid on its colour, `width` pixels wide. Returns true when it is clicked.
bool draw_badge(const Frame& frame, std::string_view text, std::size_t process, float width);

// A titled panel that lasts for the scope of this object. `place` in pixels.
class PanelScope {
public:
    PanelScope(const Frame& frame, const char* id, const Box& place, std::string_view title, std::string_view hint);
    PanelScope(const PanelScope&) = delete;
    PanelScope& operator=(const PanelScope&) = delete;
    ~PanelScope();
};

}  // namespace procatlas
