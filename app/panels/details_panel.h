// Details of a region or a process, and "What is this address?".
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "app/paint/frame.h"
#include "core/base/memo.h"
#include "core/layout/memory/map_changes.h"

namespace procatlas {

class DetailsPanel {
public:
    void draw(const Frame& frame, Actions& actions, const Box& place);

private:
    const MapChanges& changes(const Frame& frame, std::size_t first);
    void draw_where(const Frame& frame, Actions& actions);
    void ask_where(Actions& actions);

    using Key = std::tuple<std::array<std::size_t, 4>, std::size_t, std::size_t, Compare, std::size_t>;
    using WhereKey = std::tuple<std::array<std::size_t, 4>, Address, std::size_t>;

    // Of the process in the details. To tell 100,000 apart takes longer than a draw may.
    Memo<std::pair<std::array<std::size_t, 4>, std::size_t>, std::vector<Region>> regions_;
    Memo<Key, MapChanges> changes_;  // of the selected process
    CueWatch focuses_;
    std::array<char, 64> address_{};
    std::string no_address_;             // typed text that is not an address
    Memo<WhereKey, std::string> where_;  // the answer to a question
};

}  // namespace procatlas
