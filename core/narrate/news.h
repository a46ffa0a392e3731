// Which events are news to the user. Pure.
#pragma once

#include <cstddef>
#include <variant>

#include "core/model/event.h"
#include "core/model/recording.h"

namespace procatlas {

// A step, a run or a measurement is not news, because the user or the window asked for it; what a process waits for stands on
// its card.
[[nodiscard]] inline bool is_news(const Event& event) {
    return !std::holds_alternative<StepEvent>(event.detail) && !std::holds_alternative<ResidentEvent>(event.detail) &&
           !std::holds_alternative<WaitsEvent>(event.detail);
}

// The last news up to `moment`, an event of the recording; `moment` itself where there is none among the thousand before it.
[[nodiscard]] inline std::size_t news_moment(const Recording& recording, std::size_t moment) {
    constexpr std::size_t most_looked_at = 1000;
    for (std::size_t at = moment + 1; at-- > 0 && moment - at < most_looked_at;) {
        if (at < recording.events().size() && is_news(recording.events()[at])) {
            return at;
        }
    }
    return moment;
}

}  // namespace procatlas
