// What a run printed, as lines: a process may write a line in pieces, or several lines at once. Pure.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "core/model/recording.h"

namespace procatlas {

struct PrintedLine {
    std::optional<std::size_t> process;  // index in World::processes; none: nobody knows who wrote it
    std::size_t began = 0;               // moment of its first piece
    std::size_t moment = 0;              // of its last one
    std::string text;                    // safe to show, without its line end
};

// In the order in which they were complete; then those that were left without a line end.
[[nodiscard]] std::vector<PrintedLine> printed_lines(const Recording& recording);

}  // namespace procatlas
