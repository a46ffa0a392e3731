// The menu of a right click. Panels ask for it by `offer_menu`; it is drawn once, above everything.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "app/control/mode_keys.h"
#include "app/control/thing_menu.h"
#include "app/paint/frame.h"

namespace procatlas {

// Does nothing where there is nothing.
void offer_menu(Actions& actions, const Thing& thing);

class ThingMenuPopup {
public:
    void draw(const Frame& frame, Actions& actions);

    // While it is open, the keys of `menu_key` are its own.
    [[nodiscard]] bool is_open() const { return open_; }
    // Takes effect at the next draw.
    void move(MenuMove which) { moves_.push_back(which); }

private:
    [[nodiscard]] bool obey();
    void choose(int step);

    CueWatch asked_;
    ThingMenu menu_;
    bool open_ = false;
    std::vector<MenuMove> moves_;
    std::optional<std::size_t> chosen_;  // by keys
};

}  // namespace procatlas
