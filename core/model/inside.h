// What was found inside a stopped process: the frames of a stack with their variables, the globals, the chunks of the heap.
// Read by procatlas-reader; DWARF 5, and glibc's malloc. Of a Python program: what the program said of itself.
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
    std::string why_not;  // why there is no value, or why `value`, which lies there, is not its value yet; else empty
    std::vector<Address> leads_to;  // where the pointers in it point, null pointers left out
    bool parameter = false;

    bool operator==(const Variable&) const = default;
};

// Which language a frame belongs to. A Python frame is data of the interpreter: it has no place on the machine's stack.
enum class FrameLanguage : std::uint8_t { native, python };

struct StackFrame {
    std::string function;  // empty: not known
    std::string file;      // source file, as the compiler recorded it; empty: no debug information
    std::uint32_t line = 0;
    Address program_counter = 0;  // the return address, in an outer frame
    AddressRange extent;          // from the lowest byte of the frame to the canonical frame address: [sp, cfa)
    Address return_address = 0;   // 0: not known
    bool own = false;             // belongs to the program itself, not to a library that is loaded with it
    bool library = false;         // likewise, but its source is a library's: it was compiled into the program
    bool optimised = false;       // the debug information says so: variables may be missing, and lines come in another order
    std::vector<Variable> variables;  // parameters first; of the innermost blocks that hold the program counter
    FrameLanguage language = FrameLanguage::native;

    bool operator==(const StackFrame&) const = default;
};

struct Stack {
    // Innermost first; shared between moments where they are equal. Behind the frames of Python there may be native ones: those
    // of its interpreter, innermost first too.
    std::vector<std::shared_ptr<const StackFrame>> frames;
    std::string why_cut;      // why frames are missing; empty: none are
    Address bytes_start = 0;  // address of `bytes`; below the stack pointer, so that stale bytes are included
    std::string bytes;        // raw memory; empty: not read

    bool operator==(const Stack& other) const;  // compares the frames, not the pointers
};

// mapped: a block of its own mapping (mmap); bookkeeping: the allocator's own
enum class ChunkState { in_use, free, top, mapped, bookkeeping };

// One piece of memory as glibc's allocator keeps it. malloc returned `start` + 16.
struct HeapChunk {
    Address start = 0;   // of its header
    ByteCount size = 0;  // header included
    ChunkState state = ChunkState::in_use;
    std::vector<Address> leads_to;  // other chunks whose blocks the words in this one point into

    bool operator==(const HeapChunk&) const = default;
};

struct Heap {
    std::vector<HeapChunk> chunks;  // ascending
    std::string why_not;            // why chunks are missing: another allocator, a torn heap, ...; else empty

    bool operator==(const Heap&) const = default;
};

// The chunk that contains `address`, in its block or its header; nullptr: none.
[[nodiscard]] const HeapChunk* find_chunk(const Heap& heap, Address address);

// Whether the compiler has put the function of this frame into that of the frame behind it: it has no place of its own on the
// stack, and both are at one instruction.
[[nodiscard]] bool is_inlined(const Stack& stack, std::size_t index);

// Bytes read from memory, up to the first that could not be read.
struct MemoryBytes {
    Address start = 0;
    std::string bytes;
    std::string why_cut;  // why there are no more; empty: all requested bytes are here

    bool operator==(const MemoryBytes&) const = default;
};

// Parts of the memory of a process: the first pages of the data and bss of the program itself, and of the heap.
struct MemoryPieces {
    // Ascending. Each has `piece_size` bytes, the last one of a range maybe fewer. Moments share the pieces that are equal.
    std::vector<std::shared_ptr<const MemoryBytes>> pieces;

    static constexpr ByteCount piece_size = 256;
    bool operator==(const MemoryPieces& other) const;  // compares the pieces, not the pointers
};

// An object of a Python program to which its names lead, directly or through other objects.
struct PythonObject {
    Address address = 0;  // id(x)
    ByteCount size = 0;   // of the object itself
    std::string type;
    std::string value;                        // "[1, 2]", "function f(n)"; empty: not available
    std::string why_not;                      // why there is no value; else empty
    std::optional<std::uint64_t> references;  // the count in memory at that address; nullopt: `why_no_count`
    std::string why_no_count;
    bool immortal = false;          // it is never freed, and its count says nothing (Python 3.12 and later)
    std::vector<Address> leads_to;  // other objects: items, fields, what a function keeps
    AddressRange items;             // the block that a list or dictionary keeps them in; empty: it has none, or not known

    bool operator==(const PythonObject&) const = default;
};

// What was found in the thread of an event, at that event. A null part was not read.
struct Inside {
    std::shared_ptr<const Stack> stack;
    std::shared_ptr<const std::vector<Variable>> globals;  // globals and statics of the program itself, ascending by address
    std::shared_ptr<const Heap> heap;
    std::shared_ptr<const MemoryPieces> pieces;
    std::shared_ptr<const std::vector<PythonObject>> objects;  // ascending by address
    std::string value;        // of a Python event: what was returned or yielded; empty: nothing, or not known
    std::string instruction;  // at the program counter: "push   rbp"; empty: not read
    std::string error;        // why nothing could be read; else empty

    bool operator==(const Inside& other) const;  // compares the parts, not the pointers
};

struct Instruction {
    Address address = 0;
    ByteCount size = 0;
    std::string text;      // "push   rbp"; "(bad)" for one byte that is not an instruction
    std::string function;  // the function that contains it; empty: not known
    ByteCount offset = 0;  // from the start of the function
    std::string file;      // of the source; empty: not known
    std::uint32_t line = 0;
    Address target = 0;       // the address that it jumps to, calls or refers to relative to itself; 0: none
    std::string target_name;  // the name of that address: "factorial", "printf@plt", "total+0x4"; empty: not known

    bool operator==(const Instruction&) const = default;
};

// Why procatlas cannot stop at a program's calls and lines (Inside::error of its exec), where there is no debug information at
// all.
inline constexpr std::string_view no_debug_information = "it has no debug information";
// The process, or one that it comes from, was there before procatlas, which does not stop it to read its memory.
inline constexpr std::string_view ran_before = "it was running before procatlas came";
// Of an interpreter that will tell of its program: not a fault, but how it begins, and how it stays if there is no script.
inline constexpr std::string_view no_script_yet = "no function of a script of its own has begun yet";
// How the reason begins where there is some, but not here or not whole.
inline constexpr std::string_view only_library_functions =
    "all functions that its debug information names are of libraries, by the places of their source files";
inline constexpr std::string_view of_debug_information = "its debug information ";

struct SourceText {
    std::string text;  // raw bytes

    bool operator==(const SourceText&) const = default;
};

// The object at `address`; nullptr: none. They ascend.
[[nodiscard]] const PythonObject* find_object(const std::vector<PythonObject>& objects, Address address);
// Whether the innermost frame is one of Python.
[[nodiscard]] bool is_of_python(const Stack& stack);
// Whether behind frames of Python there are those by which its interpreter runs them.
[[nodiscard]] bool has_interpreter(const Stack& stack);
// The frames of Python alone.
[[nodiscard]] Stack without_interpreter(const Stack& stack);

// "native", "python"
[[nodiscard]] std::string_view frame_language_name(FrameLanguage language);
// "in_use", "free", ...: the names used in JSON.
[[nodiscard]] std::string_view chunk_state_name(ChunkState state);

}  // namespace procatlas
