// What keys move in the view: which process is selected, stepped or shown as a column, and how large all is.
#pragma once

#include <cstddef>
#include <optional>
#include <span>

#include "app/frame.h"

namespace procatlas {

// The selected process where it is held, else the one that was held last; none is held: nullopt.
[[nodiscard]] std::optional<std::size_t> process_to_step(const ViewState& view, const World& world);

void select_process(ViewState& view, std::size_t process);
// The next or previous in `order`, as the tree shows them.
void select_neighbour(ViewState& view, std::span<const std::size_t> order, int direction);

// Adds the selected process to the memory columns, or takes it away.
void toggle_column(ViewState& view, const World& world);

// Percent: the next level up (1) or down (-1), or 100 (0).
[[nodiscard]] int next_zoom(int now, int direction);

}  // namespace procatlas
