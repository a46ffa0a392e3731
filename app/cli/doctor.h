// `procatlas doctor`: what this machine supports, and which features are missing without it.
#pragma once

#include <cstdint>

#include "core/narrate/messages.h"

namespace procatlas {

enum class DoctorFormat : std::uint8_t { text, json };

// Returns the exit status: 1 if programs cannot be followed at all.
[[nodiscard]] int print_doctor(const Messages& words, DoctorFormat format);

}  // namespace procatlas
