// The events that are news to the user, and their sentences.
#pragma once

#include <string>

#include "app/paint/frame.h"
#include "core/narrate/explain.h"

namespace procatlas {

[[nodiscard]] inline std::string sentence_of(const Frame& frame, std::size_t moment) {
    const Recording& recording = frame.run.recording();
    return explain({recording, frame.world(), moment, frame.words});
}

// A step, a run or a measurement is not news, because the user or the window asked for it; what a process waits for stands on
// its card.
[[nodiscard]] inline bool is_news(const Event& event) {
    return !std::holds_alternative<StepEvent>(event.detail) && !std::holds_alternative<ResidentEvent>(event.detail) &&
           !std::holds_alternative<WaitsEvent>(event.detail);
}

}  // namespace procatlas
