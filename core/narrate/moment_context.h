// A moment of a recording, and the language that describes it.
#pragma once

#include <cstddef>

#include "core/model/recording.h"
#include "core/narrate/messages.h"

namespace procatlas {

// Holds references: valid as long as the objects it was made from.
struct MomentContext {
    const Recording& recording;
    const World& world;      // at `moment`
    std::size_t moment = 0;  // in the recording
    const Messages& words;
};

}  // namespace procatlas
