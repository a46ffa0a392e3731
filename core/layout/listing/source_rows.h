// The source code around a process's current line, as rows for pictures and text. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/model/pointed.h"
#include "core/model/recording.h"
#include "core/narrate/messages.h"
#include "core/narrate/moment_context.h"

namespace procatlas {

// Marks the line at which a process is.
struct LineMark {
    std::int32_t pid = 0;
    std::size_t process = 0;  // index in World::processes
    std::string name;         // "C1"
    bool in_call = false;     // it has called code outside the program, and will return to this line
};

struct SourceRow {
    std::uint32_t number = 0;
    std::string text;
    std::vector<LineMark> marks;
};

struct SourceRows {
    std::string path;
    std::string function;           // that the process is in
    std::uint32_t line = 0;         // the current line
    std::vector<SourceRow> rows;    // around the current line
    std::size_t lines = 0;          // in the whole file
    bool pick = false;              // its lines can be hit
    std::vector<Pointed> pointed;   // lines are framed
    bool cut = false;               // the file is longer than what was recorded
    std::vector<std::string> none;  // sentences that say why there is no source; empty if there is some
};

// The source around the current line of `process`, at most `around` lines above and below. Marks the lines of the `marked`
// processes too, if they are in the same file.
[[nodiscard]] SourceRows source_rows(const MomentContext& context, std::size_t process, const std::vector<std::size_t>& marked,
                                     std::uint32_t around);

// What the programmer says about the code would answer what somebody is asked about it: such lines are empty, or end before it.
void leave_out_comments(SourceRows& rows);

// When nothing runs any more: the beginning of the file in which the program was seen first, without a current line. No rows:
// there is none.
[[nodiscard]] SourceRows source_of_ended(const Recording& recording, std::uint32_t around);

}  // namespace procatlas
