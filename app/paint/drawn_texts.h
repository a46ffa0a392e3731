// What text stands where in the draw that goes on, for whoever selects some of it. Kept only while somebody does. Window thread
// only.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/scene/scene.h"

struct ImDrawList;
struct ImFont;
struct ImGuiWindow;
struct ImVec2;

namespace procatlas {

struct DrawnText {
    Box place;    // in screen pixels, as far as it can be seen
    float x = 0;  // where it begins, also where that cannot be seen
    std::string text;
    std::string whole;  // what `text` was cut from; empty: it was not cut
    ImFont* font = nullptr;
    const void* panel = nullptr;  // of `panel_of`
};

// Who keeps a selection to itself: the panel that an ImGui window lies in, or the dialog.
[[nodiscard]] const ImGuiWindow* panel_of(const ImGuiWindow& window);

class DrawnTexts {
public:
    void begin_draw(bool wanted);
    // One line of text whose upper left corner is at `at`.
    void note(const ImDrawList& list, ImFont* font, const ImVec2& at, std::string_view text, std::string_view whole = {});
    // Text that was wrapped at `width` pixels.
    void note_wrapped(const ImDrawList& list, ImFont* font, const ImVec2& at, std::string_view text, float width);
    [[nodiscard]] const std::vector<DrawnText>& all() const { return texts_; }

private:
    bool wanted_ = false;
    std::vector<DrawnText> texts_;
};

// What lies in `chosen` (screen pixels) of the texts of a panel: row by row, whole characters only; up to a text's end if where
// it is cut lies in it. A rectangle that begins and ends in one row chooses of that row.
struct ChosenText {
    std::string text;        // rows end with '\n' but for the last
    std::vector<Box> marks;  // screen pixels
};
[[nodiscard]] ChosenText choose_text(const std::vector<DrawnText>& texts, const Box& chosen, const void* panel);

}  // namespace procatlas
