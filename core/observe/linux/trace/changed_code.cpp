#include "core/observe/linux/trace/changed_code.h"

namespace procatlas {

void tell_changed_code(EventSink& sink, const TracedThread& thread) {
    if (const std::size_t lost = thread.process->breakpoints->take_lost(); lost != 0) {
        sink.tell(sink.event_of(thread.process->key, thread.tid, GapEvent{GapCode::code_changed, {}, lost}));
    }
}

void look_for_changed_code(EventSink& sink, const TracedThread& thread, AddressRange where) {
    thread.process->breakpoints->look_for_lost(thread.tid, where);
    tell_changed_code(sink, thread);
}

}  // namespace procatlas
