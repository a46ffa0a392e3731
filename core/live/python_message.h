// What a Python program says of itself at one event, as assets/python/sitecustomize.py writes it: frames, names, objects. Pure.
//
//     "procatlas1" KIND COUNT ADDRESS... VALUE
//
// KIND is a byte: c call, r return, y pause of a generator or coroutine, g its going on, l line, e exception; C, R, Y, G, E
// where lines are not told. COUNT (2 bytes) ADDRESSes of objects follow, 8 bytes each; all numbers are little-endian. VALUE is
// one tuple in version 2 of Python's marshal format (docs.python.org/3/library/marshal.html):
//
//     (version, frames, left_out, after, globals, objects, result)
//     frame:  (function, file, line, author, ((name, object, parameter), ...))   innermost first; `left_out` more lie behind
//     author: 1 the student, 2 a library that is told because it was asked for, 0 somebody whose names are not told
//     `after` global: (name, object)                                                  object: index in `objects`; -1: left out
//     object: (type, address of the type, value or None, why not or None, size, (address, ...), number of items)
//
// Anybody can write such a message, so it is read like a packet from a network. What does not hold together gives nothing.
#pragma once

#include <optional>
#include <string>

#include "core/model/observed_event.h"

namespace procatlas {

struct Inside;

struct PythonTold {
    std::shared_ptr<const Inside> inside;  // stack, globals, objects and value
    std::string function;                  // of the innermost frame
    std::string result;                    // of a return, a pause or an exception; empty: none
};

// The program had more to say than one message may hold, and says only that.
[[nodiscard]] bool is_cut_message(const ProgramMessage& message);

[[nodiscard]] std::optional<PythonTold> parse_python_message(const ProgramMessage& message);

}  // namespace procatlas
