// What every layout of a moment reads.
#pragma once

#include <cstddef>

#include "core/model/recording.h"
#include "core/narrate/moment_context.h"
#include "core/scene/text_measure.h"

namespace procatlas {

// Refers to what its maker owns: valid for as long as that is.
struct LayoutContext {
    const Recording& recording;
    const World& world;      // of `moment`
    std::size_t moment = 0;  // of the recording
    const Messages& words;
    const TextMeasure& measure;

    // For what needs no measure: rows and sentences.
    operator MomentContext() const { return {recording, world, moment, words}; }
};

}  // namespace procatlas
