// Instructions as text, in Intel syntax.
#pragma once

#include <string_view>
#include <vector>

#include "core/base/address.h"
#include "core/model/inside.h"

namespace procatlas {

// The whole instructions in `bytes`, which start at `address`. Each byte that begins no instruction becomes one "(bad)".
// Function and line stay empty.
[[nodiscard]] std::vector<Instruction> disassemble(std::string_view bytes, Address address, std::size_t most);

}  // namespace procatlas
