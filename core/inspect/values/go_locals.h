// What is particular about the variables of Go's functions.
#pragma once

#include <elfutils/libdw.h>

#include <cstdint>
#include <string>

#include "core/inspect/values/code_spots.h"

namespace procatlas {

// Takes the name from what the compiler made. Makes a variable that lies on the heap the variable itself, a result no
// parameter, and one that has no value yet not available. `first_line` is the line that the function begins on.
void read_go_local(Dwarf_Die die, const CodeSpot& spot, std::uint32_t first_line, VariableTypes& types, CodeSpot::Local& local);

// Why a variable that is declared on a line that the code has not left has no value.
[[nodiscard]] std::string declared_behind(std::uint64_t line);

// Where the pointer at `place` leads.
[[nodiscard]] Location pointed_to(const Location& place, const ExpressionContext& context);

}  // namespace procatlas
