// Instructions as text, Intel's way of writing them.
#pragma once

#include <string_view>
#include <vector>

#include "core/base/address.h"
#include "core/model/inside.h"

namespace procatlas {

// The instructions of `bytes`, which lie at `address`, as far as they are whole; bytes that are none are "(bad)", one each.
// Their function and line stay empty.
[[nodiscard]] std::vector<Instruction> disassemble(std::string_view bytes, Address address, std::size_t most);

}  // namespace procatlas
