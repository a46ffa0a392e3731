// `procatlas doctor`: what this machine offers, and what is missing without each.
#pragma once

#include "core/layout/words.h"

namespace procatlas {

// Returns the exit status: 1 where programs cannot be followed at all.
[[nodiscard]] int print_doctor(const Words& words);

}  // namespace procatlas
