#include "core/observe/linux/trace/gatherer.h"

#include <sys/ptrace.h>

#include <utility>

#include "core/observe/linux/step/stepper.h"
#include "core/observe/linux/step/stopped_thread.h"

namespace procatlas {
namespace {

// For whoever looks inside.
void add_registers(ObservedEvent& event, TracedThread& thread) {
    const auto& registers = registers_of(thread.tid, thread.steps);
    if (!registers) {
        return;
    }
    event.registers = std::make_shared<const Registers>(*registers);
    event.program_counter = (*registers)[program_register];
    event.stack_pointer = (*registers)[stack_register];
}

}  // namespace

StopPlace read_stop_place(pid_t tid) {
    __ptrace_syscall_info info{};
    if (::ptrace(PTRACE_GET_SYSCALL_INFO, tid, sizeof info, &info) <= 0) {
        return {};
    }
    return {info.instruction_pointer, info.stack_pointer};
}

Gathered Gatherer::gather(TracedThread& thread, EventDetail detail, EventClass event_class, const Reading& reading) {
    Gathered gathered(thread, sink_.event_of(thread.process->key, thread.tid, std::move(detail)), event_class);
    ObservedEvent& event = gathered.event;
    if (reading.registers == Reading::RegistersFor::inspection && pacing_.awaits_inspection(event_class, inspection())) {
        add_registers(event, thread);
    }
    if (!event.registers) {
        const StopPlace place = reading.place ? *reading.place : read_stop_place(thread.tid);
        event.program_counter = place.program_counter;
        event.stack_pointer = place.stack_pointer;
    }
    gathered.memory = read_map(thread, reading);
    switch (reading.files) {
        case Reading::Files::none:
            break;
        case Reading::Files::all:
            descriptors_.look(thread, event);
            break;
        case Reading::Files::pipes:
            descriptors_.look_at_pipes(thread, event);
            break;
    }
    add_pages(gathered, reading.pages);
    return gathered;
}

const MemoryText* Gatherer::read_map(TracedThread& thread, const Reading& reading) {
    switch (reading.map) {
        case Reading::Map::none:
            return nullptr;
        case Reading::Map::always: {
            const MemoryText* memory = maps_.read(thread);
            if (!memory) {
                tell_unreadable(thread);
            }
            return memory;
        }
        case Reading::Map::if_cheap:
            return maps_.read_if_cheap(thread, reading.changed);
        case Reading::Map::if_stale:
            return maps_.read_if_stale(thread);
    }
    return nullptr;
}

// It has made itself unreadable (prctl(2), PR_SET_DUMPABLE), or its file may not be read: told once.
void Gatherer::tell_unreadable(TracedThread& thread) {
    TracedProcess& process = *thread.process;
    if (maps_.is_refused() && !std::exchange(process.unreadable_told, true)) {
        sink_.tell(sink_.event_of(process.key, thread.tid, GapEvent{GapCode::memory_not_read, {}, 0}));
    }
}

void Gatherer::add_pages(Gathered& gathered, Reading::PageStates pages) {
    TracedThread& thread = *gathered.thread;
    const bool wanted = pages == Reading::PageStates::always ||
                        (pages == Reading::PageStates::by_class && pages_.wants(thread, gathered.event_class));
    if (wanted) {
        gathered.memory = gathered.memory ? gathered.memory : maps_.read(thread);
        pages_.add(gathered.event, thread, gathered.event_class, gathered.memory);
    }
}

}  // namespace procatlas
