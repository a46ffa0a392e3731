// `procatlas doctor`: what this machine offers, and what is missing without each.
#pragma once

#include "core/narrate/messages.h"

namespace procatlas {

// Returns the exit status: 1 where programs cannot be followed at all.
[[nodiscard]] int print_doctor(const Messages& words);

}  // namespace procatlas
