// Tracer: resuming, holding, telling.
#include <fmt/format.h>
#include <signal.h>
#include <sys/ptrace.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <utility>

#include "core/observe/linux/proc/clock.h"
#include "core/observe/linux/proc/descriptors.h"
#include "core/observe/linux/proc/maps.h"
#include "core/observe/linux/proc/pagemap.h"
#include "core/observe/linux/step/stopped_thread.h"
#include "core/observe/linux/trace/tracer.h"

namespace procatlas {
namespace {
constexpr std::uint64_t terminate_patience_ns = 1'000'000'000;
constexpr std::uint64_t look_every_ns = 100'000'000;
}  // namespace

Tracer::Tracer(std::string& out, const Terminal& terminal)
    : out_(out), terminal_(terminal), own_pid_(::getpid()), started_ns_(monotonic_ns()) {}

std::uint64_t Tracer::now() const {
    return monotonic_ns() - started_ns_;
}

void Tracer::resume(TracedThread& thread) {
    if (!thread.stopped || thread.waits) {
        return;
    }
    thread.held = false;
    thread.resume_at_ns = 0;
    if (tell_due(thread)) {
        return;
    }
    const Pace pace = thread.listen ? Pace::run : set_out(thread);
    if (pace == Pace::stay) {
        return;
    }
    thread.stopped = false;
    if (std::exchange(thread.listen, false)) {
        thread.listening = true;
        ::ptrace(PTRACE_LISTEN, thread.tid, nullptr, nullptr);
        return;
    }
    const int signal = std::exchange(thread.signal, 0);
    const auto request = pace == Pace::step ? PTRACE_SINGLESTEP : thread.in_call ? PTRACE_SYSCALL : PTRACE_CONT;
    // ESRCH: it was killed meanwhile; its status will come.
    ::ptrace(request, thread.tid, nullptr, static_cast<long>(signal));
}

// Unless something still keeps it.
void Tracer::go_on(TracedThread& thread) {
    if (!thread.held && thread.resume_at_ns == 0) {
        resume(thread);
    }
}

Event Tracer::event_of(const TracedThread& thread, EventDetail detail) const {
    Event event;
    event.time_ns = now();
    event.process = thread.process->key;
    event.thread = thread.tid;
    event.detail = std::move(detail);
    __ptrace_syscall_info info{};
    if (thread.stopped && ::ptrace(PTRACE_GET_SYSCALL_INFO, thread.tid, sizeof info, &info) > 0) {
        event.program_counter = info.instruction_pointer;
        event.stack_pointer = info.stack_pointer;
    }
    return event;
}

void Tracer::emit(const Event& event, const MemoryText* memory, const MemoryText* child_memory) {
    urgent_ |= event.waits;
    writer_.write(out_, event, memory, child_memory);
}

// Holds the process, slows it or lets it go on.
void Tracer::pace(TracedThread& thread, Event& event, EventClass event_class) {
    event.waits = grain_ != Grain::none && event_class != EventClass::passing && !pacing_.stopping && thread.stopped;
    thread.waits = event.waits;
    if (const auto registers = event.waits ? read_registers(thread.tid) : std::nullopt) {
        Readings readings = event.readings ? *event.readings : Readings{};
        readings.registers = std::make_shared<const Registers>(*registers);
        event.readings = std::make_shared<const Readings>(std::move(readings));
        event.program_counter = (*registers)[program_register];
        event.stack_pointer = (*registers)[stack_register];
    }
    event.held = pacing_.holds(event_class);
    const std::uint64_t delay = pacing_.delay_for(event_class);
    if (event.held) {
        thread.held = true;
    } else if (delay != 0) {
        thread.resume_at_ns = monotonic_ns() + delay;
    } else {
        resume(thread);
    }
}

// The process goes on first and is told of second: it waits no longer than it must.
void Tracer::settle(TracedThread& thread, Event event, EventClass event_class, const MemoryText* memory) {
    if (wants_pages(thread, event_class)) {
        memory = memory ? memory : read_memory(thread, memory_);
        add_pages(event, thread, memory);
    }
    pace(thread, event, event_class);
    emit(event, memory);
}

// Tells them where they are not as they were told last. Before `pace`, which lets the process go on.
void Tracer::look_at_descriptors(const TracedThread& thread, Event& event) {
    TracedProcess& process = *thread.process;
    auto found = watch_descriptors_ ? read_descriptors(thread.tid) : std::nullopt;
    if (!found) {
        return;
    }
    if (std::holds_alternative<ExecEvent>(event.detail)) {
        found->closed = std::exchange(process.closing, {});
    }
    if (!process.descriptors || *process.descriptors != *found) {
        process.descriptors = std::make_shared<const Descriptors>(std::move(*found));
        event.readings = std::make_shared<const Readings>(Readings{nullptr, process.descriptors, nullptr});
    }
}

// At the frequent events: only who has a pipe is looked at, for that an end of it is closed is no event.
void Tracer::look_at_pipes(const TracedThread& thread, Event& event) {
    const auto& known = thread.process->descriptors;
    if (known && std::ranges::any_of(known->open, &OpenDescriptor::is_pipe)) {
        look_at_descriptors(thread, event);
    }
}

const MemoryText* Tracer::read_memory(TracedThread& thread, MemoryText& text) {
    TracedProcess& process = *thread.process;
    const std::uint64_t before = monotonic_ns();
    const bool read = read_memory_text(thread.tid, process.threads > 1, text).has_value();
    process.map_read_at_ns = monotonic_ns();
    process.map_cost_ns = process.map_read_at_ns - before;
    text.marks = process.marks;
    return read ? &text : nullptr;
}

// A map of 65,000 mappings takes 27 ms to read: for the frequent events it may take a tenth of the time at the most. And a loop
// of mmap and munmap must not fill the recording's memory with maps.
const MemoryText* Tracer::read_memory_if_cheap(TracedThread& thread, MemoryText& text) {
    TracedProcess& process = *thread.process;
    constexpr std::uint64_t always_cheap_ns = 1'000'000;
    constexpr std::int64_t bytes_at_once = 1 << 20;
    constexpr std::uint64_t ns_per_byte = 1000;
    const std::uint64_t since = monotonic_ns() - process.map_read_at_ns;
    process.map_budget = std::min(bytes_at_once, process.map_budget + static_cast<std::int64_t>(since / ns_per_byte));
    const bool cheap = process.map_budget > 0 && (process.map_cost_ns < always_cheap_ns || since > 10 * process.map_cost_ns);
    process.map_stale = !cheap;
    const MemoryText* read = cheap ? read_memory(thread, text) : nullptr;
    process.map_budget -= read ? static_cast<std::int64_t>(read->maps.size()) : 0;
    return read;
}

// At an event that changes no memory, but at which the map that was told last is not the one that is.
const MemoryText* Tracer::read_stale_memory(TracedThread& thread, MemoryText& text) {
    return std::exchange(thread.process->map_stale, false) ? read_memory(thread, text) : nullptr;
}

void Tracer::note(NoteCode code, std::string text, std::uint64_t number) {
    Event event;
    event.time_ns = now();
    event.detail = NoteEvent{code, std::move(text), number};
    emit(event);
}

void Tracer::gap(GapCode code, std::string text, std::uint64_t number) {
    Event event;
    event.time_ns = now();
    event.detail = GapEvent{code, std::move(text), number};
    emit(event);
}

void Tracer::release(TracedThread& thread, bool single) {
    if (!thread.held) {
        return;
    }
    thread.held = false;
    Event event;
    event.time_ns = now();
    event.process = thread.process->key;
    event.thread = thread.tid;
    event.detail = StepEvent{single};
    emit(event);
    resume(thread);
}

void Tracer::release_all(bool single) {
    for (auto& [tid, thread] : threads_) {
        release(thread, single);
    }
}

void Tracer::run() {
    if (pacing_.capped) {
        set_cap(cap_ * 2);
    }
    pacing_.holding = false;
    release_all(false);
}

void Tracer::hold() {
    pacing_.holding = true;
}

void Tracer::step(pid_t pid) {
    pacing_.holding = true;
    for (auto& [tid, thread] : threads_) {
        if (pid == 0 || thread.process->key.pid == pid) {
            release(thread, true);
        }
    }
}

void Tracer::measure(pid_t pid) {
    const auto found = processes_.find(pid);
    if (found == processes_.end() || found->second->dead) {
        return;
    }
    auto resident = read_resident_pages(pid);
    Event event;
    event.time_ns = now();
    event.process = found->second->key;
    event.thread = pid;
    event.detail = resident ? std::move(*resident) : ResidentEvent{{}, {}, resident.error().message};
    emit(event);
}

void Tracer::set_delay(std::chrono::milliseconds delay) {
    constexpr std::int64_t longest_ms = 60'000;
    pacing_.delay_ns = static_cast<std::uint64_t>(std::clamp<std::int64_t>(delay.count(), 0, longest_ms)) * 1'000'000;
    for (auto& [tid, thread] : threads_) {
        thread.resume_at_ns = std::min(thread.resume_at_ns, monotonic_ns() + pacing_.delay_ns);
    }
}

void Tracer::set_cap(std::uint32_t cap) {
    // Threads may each have made one more while all came to a stop.
    cap_ = cap == 0 ? 0 : std::max(cap, static_cast<std::uint32_t>(alive_));
    if (pacing_.capped) {
        pacing_.capped = false;
        if (!pacing_.holding) {
            release_all(false);
        }
    }
}

void Tracer::kill_all(int signal) {
    for (const auto& [pid, process] : processes_) {
        if (!process->dead) {
            ::kill(pid, signal);
        }
    }
    for (const auto& [pid, early] : early_) {
        ::kill(pid, signal);
    }
}

void Tracer::stop_all() {
    const bool again = pacing_.stopping;
    pacing_.stopping = true;
    pacing_.capped = false;
    kill_all(again ? SIGKILL : SIGTERM);
    kill_all(SIGCONT);
    for (auto& [tid, thread] : threads_) {
        thread.waits = false;
        thread.fine.due.clear();
    }
    release_all(false);
    for (auto& [tid, thread] : threads_) {
        resume(thread);
    }
    kill_at_ns_ = monotonic_ns() + terminate_patience_ns;
}

void Tracer::tick(bool all_statuses_taken) {
    const std::uint64_t time = monotonic_ns();
    for (auto& [tid, thread] : threads_) {
        if (thread.resume_at_ns != 0 && thread.resume_at_ns <= time) {
            thread.resume_at_ns = 0;
            resume(thread);
        }
    }
    if (kill_at_ns_ && *kill_at_ns_ <= time) {
        kill_all(SIGKILL);  // and again, for those born meanwhile
        kill_at_ns_ = time + terminate_patience_ns / 10;
    }
    // Before that, what is missing may only not have been looked at.
    if (all_statuses_taken && time - last_look_ns_ >= look_every_ns) {
        last_look_ns_ = time;
        look_for_unreported();
    }
}

std::optional<std::uint64_t> Tracer::next_tick() const {
    std::optional<std::uint64_t> next = kill_at_ns_;
    const auto at = [&](std::uint64_t time) { next = next ? std::min(*next, time) : time; };
    if (pacing_.delay_ns != 0 || std::ranges::any_of(threads_, [](const auto& t) { return t.second.resume_at_ns != 0; })) {
        for (const auto& [tid, thread] : threads_) {
            if (thread.resume_at_ns != 0) {
                at(thread.resume_at_ns);
            }
        }
    }
    if (!zombies_.empty() || !early_.empty()) {
        at(last_look_ns_ + look_every_ns);
    }
    return next;
}

}  // namespace procatlas
