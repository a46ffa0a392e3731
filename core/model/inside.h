// What was found inside a stopped process: the frames of a stack with their variables, the globals, the chunks of the heap.
// Read by procatlas-reader; DWARF 5, and glibc's malloc.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/address.h"

namespace procatlas {

struct Variable {
    std::string name;
    std::string type;     // as the source writes it: "int", "const char *", "struct point [4]"
    Address address = 0;  // 0: in a register, or nowhere
    ByteCount size = 0;
    std::string value;    // decoded: 42, -1.5, 65 'A', {1, 2, 3}, {x = 1, y = 2}, 0x55d0c0 "text"; empty: not available
    std::string why_not;  // why there is no value; else empty
    std::vector<Address> leads_to;  // where the pointers in it lead, null pointers left out
    bool parameter = false;

    bool operator==(const Variable&) const = default;
};

struct StackFrame {
    std::string function;  // empty: not known
    std::string file;      // of the source, as the compiler knew it; empty: no debug information
    std::uint32_t line = 0;
    Address program_counter = 0;      // in an outer frame the return address
    AddressRange extent;              // from the lowest byte of the frame to the canonical frame address: [sp, cfa)
    Address return_address = 0;       // 0: not known
    bool own = false;                 // of the program itself, not of a library
    std::vector<Variable> variables;  // parameters first; of the innermost blocks that hold the program counter

    bool operator==(const StackFrame&) const = default;
};

struct Stack {
    std::vector<std::shared_ptr<const StackFrame>> frames;  // innermost first; shared between moments where they are equal
    std::string why_cut;                                    // why there are no (more) frames; empty: whole
    Address bytes_start = 0;                                // of `bytes`: from below the stack pointer, where stale bytes lie
    std::string bytes;                                      // raw memory; empty: not read

    bool operator==(const Stack& other) const;  // by what the frames hold
};

// mapped: a block of its own mapping (mmap); bookkeeping: the allocator's own
enum class ChunkState { in_use, free, top, mapped, bookkeeping };

// One piece of memory as glibc's allocator keeps it. What malloc returned is `start` + 16.
struct HeapChunk {
    Address start = 0;   // of its header
    ByteCount size = 0;  // header included
    ChunkState state = ChunkState::in_use;
    std::vector<Address> leads_to;  // words in it that are addresses of other chunks' blocks

    bool operator==(const HeapChunk&) const = default;
};

struct Heap {
    std::vector<HeapChunk> chunks;  // ascending
    std::string why_not;            // why they are not (all) known: another allocator, torn, ...

    bool operator==(const Heap&) const = default;
};

// The chunk that `address` lies in, header included; nullptr: none.
[[nodiscard]] const HeapChunk* find_chunk(const Heap& heap, Address address);

// Memory as it was read: what could be read from the start on.
struct MemoryBytes {
    Address start = 0;
    std::string bytes;
    std::string why_cut;  // why there are no more; empty: all that was asked for

    bool operator==(const MemoryBytes&) const = default;
};

// A look at the memory of a process: the first pages of the data and bss of the program itself, and of the heap.
struct MemoryPieces {
    // Ascending, each `piece_size` bytes long or what is left; shared between moments where they are equal.
    std::vector<std::shared_ptr<const MemoryBytes>> pieces;

    static constexpr ByteCount piece_size = 256;
    bool operator==(const MemoryPieces& other) const;  // by what the pieces hold
};

// Of the thread of an event, at that event. Parts that are null were not read.
struct Inside {
    std::shared_ptr<const Stack> stack;
    std::shared_ptr<const std::vector<Variable>> globals;  // and statics of the program itself, ascending by address
    std::shared_ptr<const Heap> heap;
    std::shared_ptr<const MemoryPieces> pieces;
    std::string instruction;  // at the program counter: "push   rbp"; empty: not read
    std::string error;        // why nothing could be read; else empty

    bool operator==(const Inside& other) const;  // by what the parts hold
};

struct Instruction {
    Address address = 0;
    ByteCount size = 0;
    std::string text;      // "push   rbp"; "(bad)" where the bytes are none, one byte each
    std::string function;  // that it belongs to; empty: not known
    ByteCount offset = 0;  // from the start of the function
    std::string file;      // of the source; empty: not known
    std::uint32_t line = 0;
    Address target = 0;       // that it jumps to, calls, or names relative to itself; 0: none
    std::string target_name;  // what lies there: "factorial", "printf@plt", "total+0x4"; empty: not known

    bool operator==(const Instruction&) const = default;
};

// Why a program's calls and lines cannot be held at (Inside::error of its exec).
inline constexpr std::string_view no_debug_information = "it has no debug information";

struct SourceText {
    std::string text;  // raw bytes

    bool operator==(const SourceText&) const = default;
};

// "in_use", "free", ...: the names of the JSON contract.
[[nodiscard]] std::string_view chunk_state_name(ChunkState state);

}  // namespace procatlas
