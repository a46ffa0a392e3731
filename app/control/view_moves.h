// Moves in the view by key: which process is selected, stepped or shown as a column, and the zoom.
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <span>

#include "app/control/actions.h"

namespace procatlas {

// The selected process if it is held, or else the one that was held last. nullopt: none is held.
[[nodiscard]] std::optional<std::size_t> process_to_step(const View& view, const World& world);

void select_process(View& view, std::size_t process);
// Selects the next or previous process of `order`, the order of the tree.
void select_neighbour(View& view, std::span<const std::size_t> order, Neighbour which);

// Adds the selected process to the memory columns, or removes it; the last one stays.
void toggle_column(View& view, const World& world);
// Adds the selected process, if it has no column.
void add_column(View& view, const World& world);
// Unless the user has chosen columns: shows a page of `room` processes in the order of their births. It stays until a person
// turns it, or selects or steps a process of another page; free places are filled by those that are born. On the first page
// what is over gives its place to what lives, and the parent of the selected process has one. What has been folded or filtered
// away since the last call loses its column.
void follow_columns(View& view, const World& world, std::size_t room);
void turn_columns(View& view, const World& world, Turn which);

// Which processes have a column, counted in the order of the pages.
struct ColumnPage {
    std::size_t first = 0;
    std::size_t last = 0;
    std::size_t count = 0;
    std::size_t all = 0;  // that could have one

    [[nodiscard]] bool leaves_out() const { return first + count != last + 1; }  // between the first and the last
};
[[nodiscard]] ColumnPage column_page(const View& view, const World& world);

// Where the search for a program begins: where it was left, else beside the program that was run last, else the working
// folder of procatlas.
[[nodiscard]] std::filesystem::path first_folder(const View& view);

// In percent: the next zoom level up or down, or 100.
[[nodiscard]] int next_zoom(int now, ZoomTo to);

}  // namespace procatlas
