// What a shared run tells its browsers of itself: the state and the rows of moments, as server-sent events. Pure.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>

#include "core/export/page/page_output.h"
#include "core/serve/shared_run.h"

namespace procatlas {

struct ShareState {
    const SharedRun& run;
    std::size_t people = 0;
    std::size_t output_left_out = 0;
    std::size_t answers = 0;                           // to the question …
    const std::map<std::string, std::size_t>& counts;  // … and how many gave each
    std::size_t steps = 0;                             // of a lesson, that the event `lesson` told of
    std::size_t parts_changes = 0;                     // how often other parts were given out
    bool to_who_drives = false;                        // they see which answers were typed
};

// As JSON. What others have answered is told when the question is closed.
[[nodiscard]] std::string state_json(const ShareState& state);

// What the event `lesson` tells of a step; null: there is no lesson.
[[nodiscard]] std::string step_json(const SharedStep* step);

// The moment before which a message of rows ends that begins with the moment `from`, of `count` moments.
[[nodiscard]] std::size_t end_of_rows(const PageOutput& output, std::size_t from, std::size_t count);

// The event `rows`: of the moments from `from` up to `to` when they were, who was born, what was printed.
[[nodiscard]] std::string rows_message(const Recording& recording, const PageOutput& output, std::size_t from, std::size_t to);

// An event of a stream; `json` in one line.
[[nodiscard]] std::string stream_message(std::string_view event, std::string_view json);

}  // namespace procatlas
