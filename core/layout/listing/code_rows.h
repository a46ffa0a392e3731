// The machine code around a process's next instruction, as rows for pictures and text. Pure.
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
    bool current = false;     // it is the next instruction
    std::string source_line;  // text of the source line that begins here; empty: none does, or its source was not recorded
};

struct CodeRows {
    std::string function;  // empty: unknown
    std::string program;   // the file that contains the function
    AddressRange range;    // the code that was recorded
    std::vector<CodeRow> rows;
    std::size_t left_out_above = 0;  // omitted instructions of the function
    std::size_t left_out_below = 0;
    std::string why_cut;            // why the code ends before the function does; empty: it does not
    std::vector<std::string> none;  // sentences that say why there is no code; empty if there is some
};

// The bytes of the instructions, and the numbers in their operands: both say where something lies.
void leave_out_numbers(CodeRows& rows);

// At most `around` instructions before and after the next one of the shown thread of `process`.
[[nodiscard]] CodeRows code_rows(const MomentContext& context, std::size_t process, std::size_t around);

}  // namespace procatlas
