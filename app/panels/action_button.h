// Buttons for actions. Their words, keys and looks come from the table of actions.
#pragma once

#include <string>

#include "app/paint/frame.h"

namespace procatlas {

// The icon and label.
[[nodiscard]] std::string action_text(const Frame& frame, const ActionLook& look);
// The tip with the key: "All keys  [?]".
[[nodiscard]] std::string action_tip(const Frame& frame, const ActionRow& row, const ActionLook& look);
// Draws the button at the cursor. A click puts its action into `actions`.
void draw_action_button(const Frame& frame, Actions& actions, const ActionRow& row);
// The same button with its icon alone; what it does is in the tip.
void draw_action_icon(const Frame& frame, Actions& actions, const ActionRow& row);
[[nodiscard]] float action_icon_width(const Frame& frame, const ActionRow& row);
// The current width.
[[nodiscard]] float action_button_width(const Frame& frame, const ActionRow& row);

// Draws the buttons of a bar at the right of a panel's title, and leaves the cursor where it was.
void draw_head_switch(const Frame& frame, Actions& actions, Bar bar);
// Its width, with the padding that is set now.
[[nodiscard]] float head_switch_width(const Frame& frame, Bar bar);
// Where it begins, as a cursor's place.
[[nodiscard]] float head_switch_left(const Frame& frame, Bar bar);

}  // namespace procatlas
