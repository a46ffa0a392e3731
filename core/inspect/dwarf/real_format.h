// How floating-point numbers are encoded (IEEE 754, and the x87's own format).
#pragma once

#include <elfutils/libdw.h>

#include <string_view>

#include "core/base/address.h"

namespace procatlas {

enum class RealFormat {
    unknown,
    half,      // IEEE binary16
    brain,     // bfloat16
    single,    // IEEE binary32
    twice,     // IEEE binary64
    extended,  // the x87's 80 bits
    quad,      // IEEE binary128
};

// The format of a type of `size` bytes in x86-64. Where the size alone does not tell, its name must be one that compilers use for
// one format only.
[[nodiscard]] RealFormat real_format(std::string_view name, ByteCount size, Dwarf_Die type);

}  // namespace procatlas
