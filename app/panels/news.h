// The sentences of events.
#pragma once

#include <string>

#include "app/paint/frame.h"
#include "core/narrate/explain.h"
#include "core/narrate/news.h"

namespace procatlas {

[[nodiscard]] inline std::string sentence_of(const Frame& frame, std::size_t moment) {
    const Recording& recording = frame.run.recording();
    return explain({recording, frame.world(), moment, frame.words});
}

}  // namespace procatlas
