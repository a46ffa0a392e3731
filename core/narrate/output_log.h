// What the programs printed, as lines by process: made from the output events of a recording as they come. Pure.
#pragma once

#include <limits>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "core/model/recording.h"
#include "core/narrate/addresses_in_text.h"

namespace procatlas {

struct OutputLine {
    std::size_t process = 0;  // index in World::processes
    OutputStream stream = OutputStream::standard_output;
    std::string text;  // safe to show, without the line's end
    std::vector<PrintedAddress> addresses;
    std::uint64_t cut = 0;  // bytes that were written but not kept
};

class OutputLog {
public:
    // Takes in what is new in `recording`, and where `moment` is given, nothing after it: goes back to it where it had more.
    void follow(const Recording& recording, std::size_t moment = std::numeric_limits<std::size_t>::max());
    void clear();
    [[nodiscard]] const std::vector<OutputLine>& lines() const { return lines_; }
    // Counts the times that a line before the last one grew.
    [[nodiscard]] std::size_t rewrites() const { return rewrites_; }

private:
    void add(std::size_t process, const OutputEvent& output);

    OutputLine& open_line(std::size_t process, OutputStream stream);

    std::vector<OutputLine> lines_;
    std::map<std::pair<std::size_t, OutputStream>, std::size_t> open_;  // each writer's line without an end
    std::size_t rewrites_ = 0;
    std::size_t taken_ = 0;  // output events
};

// Without the escape sequences that colour a terminal or move its cursor (ECMA-48), without carriage returns at line
// ends, and with spaces for tabs.
[[nodiscard]] std::string without_escapes(std::string_view bytes);

}  // namespace procatlas
