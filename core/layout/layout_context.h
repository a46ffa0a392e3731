// The input that all layouts of a moment share.
#pragma once

#include <cstddef>

#include "core/model/recording.h"
#include "core/narrate/moment_context.h"
#include "core/scene/text_measure.h"

namespace procatlas {

// Holds references: valid as long as the objects it was made from.
struct LayoutContext {
    const Recording& recording;
    const World& world;      // at `moment`
    std::size_t moment = 0;  // in the recording
    const Messages& words;
    const TextMeasure& measure;

    // For functions that do not measure text: rows and sentences.
    operator MomentContext() const { return {recording, world, moment, words}; }
};

}  // namespace procatlas
