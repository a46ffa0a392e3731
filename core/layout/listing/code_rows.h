// The machine code of a process around its next instruction, as rows, for pictures and for texts. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/model/recording.h"
#include "core/narrate/messages.h"
#include "core/narrate/moment_context.h"

namespace procatlas {

struct CodeRow {
    Instruction instruction;
    ByteCount offset = 0;     // from the start of the function
    std::string bytes;        // of the instruction, raw
    bool current = false;     // it is the next one
    std::string source_line;  // the text of the line that begins here; empty: none does, or its source is not kept
};

struct CodeRows {
    std::string function;  // empty: not known
    std::string program;   // file that it lies in
    AddressRange range;    // of what is kept of it
    std::vector<CodeRow> rows;
    std::size_t left_out_above = 0;  // instructions of the function
    std::size_t left_out_below = 0;
    std::string why_cut;            // why it ends before the function does; else empty
    std::vector<std::string> none;  // why there is nothing, in sentences; else empty
};

// At most `around` instructions above and below the next one of the shown thread of `process`.
[[nodiscard]] CodeRows code_rows(const MomentContext& context, std::size_t process, std::size_t around);

}  // namespace procatlas
