// What keys move in the view: which process is selected, stepped or shown as a column, and how large all is.
#pragma once

#include <cstddef>
#include <optional>
#include <span>

#include "app/control/actions.h"

namespace procatlas {

// The selected process where it is held, else the one that was held last; none is held: nullopt.
[[nodiscard]] std::optional<std::size_t> process_to_step(const View& view, const World& world);

void select_process(View& view, std::size_t process);
// The next or previous in `order`, as the tree shows them.
void select_neighbour(View& view, std::span<const std::size_t> order, Neighbour which);

// Adds the selected process to the memory columns, or takes it away.
void toggle_column(View& view, const World& world);
// Adds it where it is none.
void add_column(View& view, const World& world);
// Until columns are chosen by hand: the first process and the youngest others, as many as there is `room` for.
void follow_columns(View& view, std::size_t processes, std::size_t room);

// Percent: the next level up or down, or 100.
[[nodiscard]] int next_zoom(int now, ZoomTo to);

}  // namespace procatlas
