#include "core/observe/linux/trace/event_sink.h"

#include "core/observe/linux/proc/clock.h"

namespace procatlas {

EventSink::EventSink(std::string& out) : out_(out), started_ns_(monotonic_ns()) {}

void EventSink::emit(Resumed&& resumed) {
    tell(resumed.event(), resumed.memory(), resumed.child_memory());
    if (const NoteEvent* afterwards = resumed.afterwards()) {
        note(afterwards->code, afterwards->text, afterwards->number);
    }
}

void EventSink::tell(const ObservedEvent& event, const MemoryText* memory, const MemoryText* child_memory) {
    urgent_ |= event.waits;
    if (acted_ && event.thread == event.process.pid && is_own_act(event.detail)) {
        acted_->insert(event.thread);
    }
    writer_.write(out_, event, memory, child_memory);
}

std::unordered_set<pid_t> EventSink::take_acted() {
    return std::exchange(acted_, std::unordered_set<pid_t>()).value_or(std::unordered_set<pid_t>());
}

void EventSink::tell_urgently(const ObservedEvent& event) {
    tell(event);
    urgent_ = true;
}

void EventSink::note(NoteCode code, std::string text, std::uint64_t number) {
    tell(event_of({}, 0, NoteEvent{code, std::move(text), number}));
}

void EventSink::gap(GapCode code, std::string text, std::uint64_t number) {
    tell(event_of({}, 0, GapEvent{code, std::move(text), number}));
}

ObservedEvent EventSink::event_of(ProcessKey process, pid_t thread, EventDetail detail) const {
    ObservedEvent event;
    event.time_ns = monotonic_ns() - started_ns_;
    event.process = process;
    event.thread = thread;
    event.detail = std::move(detail);
    return event;
}

}  // namespace procatlas
