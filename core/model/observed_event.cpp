#include "core/model/observed_event.h"

#include <utility>

namespace procatlas {

Event take_kept(ObservedEvent& observed) {
    Event event;
    event.time_ns = observed.time_ns;
    event.process = observed.process;
    event.program_counter = observed.program_counter;
    event.stack_pointer = observed.stack_pointer;
    event.thread = observed.thread;
    event.held = observed.held;
    event.descriptors = std::move(observed.descriptors);
    event.inside = std::move(observed.inside);
    for (const PagesRead& read : observed.pages) {
        event.pages.push_back(read.process);
    }
    event.detail = std::move(observed.detail);
    return event;
}

}  // namespace procatlas
