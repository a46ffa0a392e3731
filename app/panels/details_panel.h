// Details of a region or a process, and "What is this address?".
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <tuple>

#include "app/paint/frame.h"
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

    MapChanges changes_;  // of the selected process …
    Key key_{};           // … and the input they were computed from
    CueWatch focuses_;
    std::array<char, 64> address_{};
    std::string no_address_;  // typed text that is not an address
    std::string where_;       // the answer, and the question it answers
    WhereKey where_key_;
};

}  // namespace procatlas
