// What there is and is not shown, for want of room or because it is too much, counted by what it is. Pure.
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string>

#include "core/layout/stage/stage_column.h"
#include "core/layout/stage/stage_heights.h"
#include "core/narrate/messages.h"

namespace procatlas {

struct StageLeftOut {
    std::size_t frames = 0;
    std::array<std::size_t, 3> rows{};  // by StageRows; details are not counted

    // `shown`: null if the card is not shown.
    void add_rows(const StageCard& card, const ShownCard* shown);
    // A card that is not shown.
    void add_frame(const StageCard& card);
    // "+1 frame · +2 variables"; empty: nothing is left out. `frames_below`: the frames were called by the one that says it.
    [[nodiscard]] std::string text(const Messages& words, bool frames_below = false) const;
};

// Frames that are not shown stand in the title of the frame above them, as between two frames that are they were called.
[[nodiscard]] StageLeftOut left_out_of_card(std::span<const StageCard> cards, std::span<const ShownCard> shown, std::size_t at);

// Of an area: all that no shown card with a title says. `frame`: a card that is not shown, and is told of in other ways, or
// null.
[[nodiscard]] StageLeftOut left_out_of_area(std::span<const StageCard> cards, std::span<const ShownCard> shown,
                                            const StageCard* frame);

}  // namespace procatlas
