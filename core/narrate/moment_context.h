// A moment of a recording, and the words to tell it in.
#pragma once

#include <cstddef>

#include "core/model/recording.h"
#include "core/narrate/messages.h"

namespace procatlas {

// Refers to what its maker owns: valid for as long as that is.
struct MomentContext {
    const Recording& recording;
    const World& world;      // of `moment`
    std::size_t moment = 0;  // of the recording
    const Messages& words;
};

}  // namespace procatlas
