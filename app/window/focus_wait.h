// A field that an action opens has the keyboard only some draws later. Whoever types on at once types to it: until then keys
// wait. Window thread only.
#pragma once

#include <array>
#include <cstddef>

#include "app/control/view.h"
#include "app/window/keyboard_queue.h"

namespace procatlas {

class FocusWait {
public:
    // After each draw's actions.
    void follow(const View& view);
    // Once at the beginning of each draw: whether keys stay for a later one. `where`: who would get them now.
    [[nodiscard]] bool waits(KeysGo where);
    // Whether a draw is needed for it.
    [[nodiscard]] bool waits() const { return most_ > 0; }

private:
    Dialog dialog_ = Dialog::none;
    std::array<std::size_t, 4> cues_{};
    KeysGo wanted_ = KeysGo::to_actions;
    int least_ = 0;  // draws
    int most_ = 0;
};

}  // namespace procatlas
