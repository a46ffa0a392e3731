// World -> Scene: the tree of processes. Parents are above and to the left of their children, which are in order of birth.
// Pure.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "core/layout/processes/shown_processes.h"
#include "core/model/world.h"
#include "core/narrate/messages.h"
#include "core/scene/scene.h"

namespace procatlas {

struct TreeView {
    float width = 280;  // available
    std::size_t selected = 0;
    std::span<const std::size_t> columns;  // the processes whose memory is shown
    float card_width = 190;                // if there is room
    std::span<const std::string> states;   // what each process does, by index; empty: as its state alone tells
    ProcessChoice choice;                  // which processes are there
    bool folds = false;                    // a mark at each card that has children folds them
    bool hides_pids = false;               // of cards and pale rows: "?"
    bool hides_states = false;             // the same; the world then has none either, for their looks
    std::size_t ancestor_rows = 0;         // pale rows, at most so many, for the processes above the first, from PID 1 down
};

struct TreeScene {
    Scene scene;
    std::vector<std::size_t> order;  // processes from top to bottom
    std::vector<Box> cards;          // for each process, by index; empty boxes for those that are hidden
};

[[nodiscard]] TreeScene layout_tree(const World& world, const TreeView& view, const Messages& words,
                                    const TextMeasure& measure);

// The shape of the mark beside a process's state.
[[nodiscard]] MarkShape state_shape(const Process& process);

}  // namespace procatlas
