#include "core/model/telling_moment.h"

#include <algorithm>
#include <optional>
#include <tuple>
#include <variant>

#include "core/model/inside.h"

namespace procatlas {
namespace {

// Frames of the program itself on the stack that was read at the event.
std::size_t depth_of(const Event& event) {
    const Stack* stack = event.inside ? event.inside->stack.get() : nullptr;
    return stack == nullptr ? 0 : static_cast<std::size_t>(std::ranges::count_if(stack->frames, &StackFrame::own));
}

bool ends_a_process(const Event& event) {
    return std::holds_alternative<ExitEvent>(event.detail) || std::holds_alternative<GoneEvent>(event.detail);
}

}  // namespace

std::size_t telling_moment(const Recording& recording) {
    const World& world = recording.last_world();
    const auto counts = [&](std::optional<std::size_t> process) { return process && !world.is_of_launcher(*process); };
    std::size_t alive = 0;
    std::tuple<std::size_t, std::size_t> most{0, 0};
    std::size_t telling = recording.last_moment();
    for (std::size_t moment = 0; moment < recording.events().size(); ++moment) {
        const Event& event = recording.events()[moment];
        alive += counts(recording.born_at(moment)) ? 1 : 0;
        alive -= ends_a_process(event) && alive > 0 && counts(recording.process_of(moment)) ? 1 : 0;
        const std::tuple now{alive, depth_of(event)};
        if (moment >= world.program_moment && alive > 0 && now >= most) {
            most = now;
            telling = moment;
        }
    }
    return telling;
}

}  // namespace procatlas
