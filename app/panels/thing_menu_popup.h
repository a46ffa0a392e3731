// The menu of a right click. Panels ask for it by `offer_menu`; it is drawn once, above everything.
#pragma once

#include "app/control/thing_menu.h"
#include "app/paint/frame.h"

namespace procatlas {

// Does nothing where there is nothing.
void offer_menu(Actions& actions, const Thing& thing);

class ThingMenuPopup {
public:
    void draw(const Frame& frame, Actions& actions);

private:
    CueWatch asked_;
    ThingMenu menu_;
};

}  // namespace procatlas
