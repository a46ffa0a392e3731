#include "core/layout/timeline/timeline_parts.h"

#include <variant>

namespace procatlas {

MarkShape mark_shape(const Event& event) {
    if (std::holds_alternative<ExecEvent>(event.detail)) {
        return MarkShape::square;
    }
    if (std::holds_alternative<ExitEvent>(event.detail)) {
        return MarkShape::cross;
    }
    if (std::holds_alternative<StopEvent>(event.detail) || std::holds_alternative<ContinueEvent>(event.detail)) {
        return MarkShape::bars;
    }
    if (std::holds_alternative<SignalEvent>(event.detail) || std::holds_alternative<ExecFailedEvent>(event.detail)) {
        return MarkShape::disc;
    }
    return MarkShape::ring;
}

std::size_t round_step(double least) {
    std::size_t step = 1;
    for (const std::size_t factor : {2U, 5U, 10U}) {
        if (static_cast<double>(step) >= least) {
            return step;
        }
        step = factor;
    }
    return 10 * round_step(least / 10);
}

}  // namespace procatlas
