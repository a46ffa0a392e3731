// What the programs printed, as lines per process, collected from a recording's output events as they arrive. Pure.
#pragma once

#include <limits>
#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "core/model/recording.h"
#include "core/narrate/addresses_in_text.h"

namespace procatlas {

struct OutputLine {
    static constexpr std::size_t nobody = std::numeric_limits<std::size_t>::max();
    std::size_t process = 0;  // index in World::processes; nobody: it is not known who wrote it
    OutputStream stream = OutputStream::standard_output;
    std::string text;  // safe to show, without the line ending; of `elsewhere`: "→ pipe 7: text"
    std::vector<PrintedAddress> addresses;
    std::uint64_t cut = 0;   // bytes that were written but not recorded
    std::size_t moment = 0;  // at which its first bytes were written
};

class OutputLog {
public:
    // Takes in new events of `recording`, up to `moment` if it is given. Goes back if the log already has later ones.
    void follow(const Recording& recording, std::size_t moment = std::numeric_limits<std::size_t>::max());
    void clear();
    [[nodiscard]] const std::vector<OutputLine>& lines() const { return lines_; }
    // How many times a line other than the last has grown.
    [[nodiscard]] std::size_t rewrites() const { return rewrites_; }

private:
    void add(std::size_t process, const OutputEvent& output, std::size_t moment);

    using Writer = std::tuple<std::size_t, OutputStream, std::string>;  // process, and where it writes to
    OutputLine& open_line(const Writer& writer, std::size_t moment);

    std::vector<OutputLine> lines_;
    std::map<Writer, std::size_t> open_;  // the unfinished line of each writer
    std::size_t rewrites_ = 0;
    std::size_t taken_ = 0;  // output events taken in
};

// Removes the escape sequences that colour a terminal or move its cursor (ECMA-48) and carriage returns at line ends. Replaces
// tabs with spaces.
[[nodiscard]] std::string without_escapes(std::string_view bytes);

}  // namespace procatlas
