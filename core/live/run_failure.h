// Why a run is none that could be looked at. Pure.
#pragma once

#include <string>

#include "core/model/recording.h"

namespace procatlas {

// Why the program was not started, not seen to its end, or not recorded as a whole; empty: it was.
[[nodiscard]] std::string run_failure(const Recording& recording);

}  // namespace procatlas
