// The source of a process around the line where it is, as rows, for pictures and for texts. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/model/recording.h"
#include "core/narrate/messages.h"
#include "core/narrate/moment_context.h"

namespace procatlas {

// That a process is at a line.
struct LineMark {
    std::int32_t pid = 0;
    bool in_call = false;  // it has called something that is no part of the program, and will come back here
};

struct SourceRow {
    std::uint32_t number = 0;
    std::string text;
    std::vector<LineMark> marks;
};

struct SourceRows {
    std::string path;
    std::string function;           // that the process is in
    std::uint32_t line = 0;         // where it is
    std::vector<SourceRow> rows;    // around that line
    std::size_t lines = 0;          // of the whole file
    bool cut = false;               // the file goes on behind what was kept
    std::vector<std::string> none;  // why there is nothing, in sentences; else empty
};

// The source around the line of `process`, at most `around` lines above and below it. `marked`: the processes whose lines are
// marked too, where they are in the same file.
[[nodiscard]] SourceRows source_rows(const MomentContext& context, std::size_t process, const std::vector<std::size_t>& marked,
                                     std::uint32_t around);

}  // namespace procatlas
