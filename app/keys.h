// What keys do. One table serves the window and its help.
#pragma once

#include <optional>
#include <span>
#include <string_view>

namespace procatlas {

enum class Action {
    run_hold,
    step,
    step_all,
    stop,
    restart,
    examples,
    command,
    open,
    save,
    figure,
    select_previous,
    select_next,
    toggle_column,
    all_regions,
    compare_event,
    compare_since,
    compare_processes,
    slower,
    faster,
    hold_lifecycle,
    hold_memory,
    hold_output,
    hold_calls,
    hold_lines,
    hold_instructions,
    inside,
    inside_stack,
    inside_source,
    inside_code,
    inside_bytes,
    where,
    pages,
    pages_side_by_side,
    travel_back,
    travel_forward,
    travel_first,
    travel_now,
    input,
    language,
    theme,
    zoom_in,
    zoom_out,
    zoom_reset,
    help,
    close,
};

// One line of the help.
struct KeyHelp {
    std::string_view keys;
    std::string_view word;  // a key of Messages
};
[[nodiscard]] std::span<const KeyHelp> key_help();

// `key` and `mods` as in a GLFW key callback. `typing`: a text field has the keyboard, so that only Ctrl and Escape count.
[[nodiscard]] std::optional<Action> action_of_key(int key, int mods, bool typing);

}  // namespace procatlas
