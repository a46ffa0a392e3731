// Buttons of the table of actions: their words, keys and looks come from there.
#pragma once

#include <string>

#include "app/paint/frame.h"

namespace procatlas {

// Its icon and label.
[[nodiscard]] std::string action_text(const Frame& frame, const ActionLook& look);
// Its tip with its key: "All keys  [?]".
[[nodiscard]] std::string action_tip(const Frame& frame, const ActionRow& row, const ActionLook& look);
// At the cursor; puts the action when it is clicked.
void draw_action_button(const Frame& frame, Actions& actions, const ActionRow& row);
// As wide as it is now.
[[nodiscard]] float action_button_width(const Frame& frame, const ActionRow& row);

// At the right of a panel's title: memory columns, their pages, or what lies inside one process.
void draw_middle_switch(const Frame& frame, Actions& actions, float right, float top);
[[nodiscard]] float middle_switch_width(const Frame& frame);

}  // namespace procatlas
