// What procatlas learnt about a program, and what does not change between moments: the text of its source files, and the
// machine code of the functions in which it stopped. A recording keeps each of them once.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/base/address.h"
#include "core/model/inside.h"

namespace procatlas {

struct SourceFile {
    std::string path;     // as StackFrame::file names it
    std::string text;     // UTF-8 without control characters other than newlines and tabs
    bool cut = false;     // the file is longer
    std::string why_not;  // why there is no text; else empty

    bool operator==(const SourceFile&) const = default;
};

// One function as it was in memory when a process first stopped in it. procatlas-reader disassembled it: no other program
// decodes bytes that come from a stranger.
struct FunctionCode {
    std::string program;      // the file that it is mapped from; empty: none
    std::uint64_t inode = 0;  // of that file
    std::string function;     // empty: not known; the code is then only a piece that starts where the process was
    Address start = 0;
    std::string bytes;
    std::vector<Instruction> instructions;  // of these bytes, ascending, without gaps
    std::string why_cut;                    // why it ends before the function does; else empty

    [[nodiscard]] AddressRange range() const { return {start, start + bytes.size()}; }
    bool operator==(const FunctionCode&) const = default;
};

// What procatlas learnt at one event.
struct Learnt {
    std::vector<SourceFile> sources;
    std::vector<FunctionCode> functions;
};

}  // namespace procatlas
