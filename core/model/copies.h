// What an event shows to have been copied: its readings against those before. Pure.
#pragma once

#include <vector>

#include "core/model/recording.h"

namespace procatlas {

// The event is not in `recording` yet, but is the next one.
[[nodiscard]] std::vector<CopiedRun> copied_at(const Recording& recording, const Event& event);

}  // namespace procatlas
