// Encodes an Inside and the reader's other answers, each complete in itself.
#pragma once

#include <memory>
#include <optional>
#include <utility>

#include "core/model/inside.h"
#include "core/model/learnt.h"
#include "core/stream/fields.h"

namespace procatlas {

// A part that may be missing.
template <typename A, typename T>
void shared_field(A& a, std::shared_ptr<const T>& v) {
    bool present = v != nullptr;
    a(present);
    if (!present) {
        v = nullptr;
    } else if constexpr (std::same_as<A, Decoder>) {
        T value;
        a(value);
        v = std::make_shared<const T>(std::move(value));
    } else {
        a(*v);
    }
}

template <typename A>
void fields(A& a, std::shared_ptr<const StackFrame>& v) {
    shared_field(a, v);
}
// A null frame is one of the last answer (inspect/client/known_frames).
template <typename A>
void fields(A& a, Stack& v) {
    a(v.frames, v.why_cut, v.bytes_start, v.bytes);
}
template <typename A>
void fields(A& a, MemoryBytes& v) {
    a(v.start, v.bytes, v.why_cut);
}
template <typename A>
void fields(A& a, std::shared_ptr<const MemoryBytes>& v) {
    shared_field(a, v);
    if (!v) {
        v = std::make_shared<const MemoryBytes>();  // no piece is null
    }
}
template <typename A>
void fields(A& a, MemoryPieces& v) {
    a(v.pieces);
}
template <typename A>
void fields(A& a, PythonObject& v) {
    a(v.address, v.size, v.type, v.value, v.why_not, v.references, v.why_no_count, v.immortal, v.leads_to, v.items);
}
template <typename A>
void fields(A& a, Inside& v) {
    shared_field(a, v.stack);
    shared_field(a, v.globals);
    shared_field(a, v.heap);
    shared_field(a, v.pieces);
    a(v.instruction, v.error);
}
template <typename A>
void fields(A& a, Instruction& v) {
    a(v.address, v.size, v.text, v.function, v.offset, v.file, v.line, v.target, v.target_name);
}
template <typename A>
void fields(A& a, FunctionCode& v) {
    a(v.program, v.inode, v.function, v.start, v.bytes, v.instructions, v.why_cut);
}
template <typename A>
void fields(A& a, SourceText& v) {
    a(v.text);
}

}  // namespace procatlas
