// What Ctrl K finds: actions by their names in either language, lessons, examples, processes, functions that were called,
// global variables, addresses, lines of output. Pure.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "app/control/actions.h"
#include "app/control/examples.h"
#include "app/control/lesson_library.h"
#include "core/narrate/messages.h"
#include "core/narrate/output_log.h"

namespace procatlas {

struct SearchItem {
    std::string text;    // "C1 17169"
    std::string detail;  // what it is, or its key: "process · fork_write"
    Action action;       // of Enter
};

struct SearchPlaces {
    const Messages& words;  // of the window
    const Messages& english;
    const Messages& korean;
    std::span<const Example> examples;
    std::span<const LessonTitle> lessons;
    const LiveRun& run;
    const World& world;  // at the shown moment
    const OutputLog& output;
};

inline constexpr std::size_t most_found = 14;

// The best first: what begins with `typed` before what only contains it. Case does not matter. Nothing typed: the actions of
// the toolbar.
[[nodiscard]] std::vector<SearchItem> search_items(std::string_view typed, const SearchPlaces& places);

}  // namespace procatlas
