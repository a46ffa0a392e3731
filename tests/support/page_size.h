// The size of the pages of which made-up memory consists.
#pragma once

#include "core/base/address.h"

namespace procatlas {

inline constexpr ByteCount page = 4096;

}  // namespace procatlas
