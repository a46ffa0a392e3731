// What can be done with a thing that was clicked with the right button: one table for everything that is drawn. Pure.
#pragma once

#include <string>
#include <vector>

#include "app/control/actions.h"
#include "core/narrate/messages.h"
#include "core/scene/thing.h"

namespace procatlas {

struct ThingMenuItem {
    std::string text;
    std::string copies{};           // goes to the clipboard; empty: `actions`
    std::vector<Action> actions{};  // neither: it cannot be done now, and `why_not` says why
    std::string why_not{};
};

struct ThingMenu {
    std::string title;  // "count = 3 · C1"
    std::vector<ThingMenuItem> items;
};

struct ThingPlaces {
    const LiveRun& run;
    const View& view;
    const World& world;  // at the shown moment
    const Messages& words;
};

[[nodiscard]] ThingMenu menu_of(const Thing& thing, const ThingPlaces& places);

}  // namespace procatlas
