// `procatlas doctor`: what this machine offers, and what is missing without each.
#pragma once

#include <cstdint>

#include "core/narrate/messages.h"

namespace procatlas {

enum class DoctorFormat : std::uint8_t { text, json };

// Returns the exit status: 1 where programs cannot be followed at all.
[[nodiscard]] int print_doctor(const Messages& words, DoctorFormat format);

}  // namespace procatlas
