#include "app/window/focus_wait.h"

#include <algorithm>
#include <utility>

namespace procatlas {

namespace {

bool has_field(Dialog dialog) {
    switch (dialog) {
        case Dialog::command:
        case Dialog::program:
        case Dialog::open:
        case Dialog::save:
        case Dialog::figure:
        case Dialog::search:
        case Dialog::beside:
            return true;
        case Dialog::none:
        case Dialog::help:
        case Dialog::share:
        case Dialog::explore:
            break;
    }
    return false;
}

}  // namespace

void FocusWait::follow(const View& view) {
    const std::array cues{view.cues.focus_where, view.cues.focus_input, view.cues.filter, view.cues.answer};
    const bool asked = std::exchange(cues_, cues) != cues;
    const bool opened = std::exchange(dialog_, view.dialog) != view.dialog;
    if (!asked && !opened) {
        return;
    }
    wanted_ = asked || has_field(view.dialog) ? KeysGo::to_field
              : view.dialog != Dialog::none   ? KeysGo::to_widgets
                                              : KeysGo::to_actions;
    least_ = wanted_ == KeysGo::to_field ? 2 : 1;  // a field that had the keyboard before says so for one more draw
    most_ = 8;                                     // a field may be there and take nothing, as that of a program that has ended
}

bool FocusWait::waits(KeysGo where) {
    if (most_ == 0 || (least_ == 0 && where == wanted_)) {
        most_ = 0;
        return false;
    }
    least_ = std::max(least_ - 1, 0);
    --most_;
    return true;
}

}  // namespace procatlas
