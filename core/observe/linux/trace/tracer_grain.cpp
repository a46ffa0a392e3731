// Tracer: calls, lines and instructions, by breakpoints and single steps.
#include <linux/kcmp.h>
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>

#include "core/observe/linux/step/stopped_thread.h"
#include "core/observe/linux/trace/tracer.h"

namespace procatlas {
namespace {

// The SIGTRAP of a single step (siginfo_t::si_code): of an instruction, of a system call, of the way into a signal handler.
bool is_of_step(int code) {
    return code == TRAP_TRACE || code == TRAP_BRKPT || code == SIGTRAP;
}

bool is_within(Address address, Address start, Address size) {
    return start <= address && address - start < size;
}

// At the first instruction of a signal handler. The kernel forgets a program's handler for SIGTRAP when it runs into a
// breakpoint while that signal is blocked, as handlers block their own and others.
void unblock_trap(pid_t tid) {
    constexpr std::uint64_t trap = std::uint64_t{1} << (SIGTRAP - 1);
    std::uint64_t blocked = 0;
    if (::ptrace(PTRACE_GETSIGMASK, tid, sizeof blocked, &blocked) == 0 && (blocked & trap) != 0) {
        blocked &= ~trap;
        ::ptrace(PTRACE_SETSIGMASK, tid, sizeof blocked, &blocked);
    }
}

EventClass class_of(const EventDetail& detail) {
    return std::holds_alternative<LineEvent>(detail)          ? EventClass::lines
           : std::holds_alternative<InstructionEvent>(detail) ? EventClass::instructions
                                                              : EventClass::calls;
}

}  // namespace

// At each stop, before it is looked at: what was under way is over.
void Tracer::settle_fine(TracedThread& thread, int status) {
    FineState& fine = thread.fine;
    const bool of_exec = status >> 16 == PTRACE_EVENT_EXEC;
    fine.at = 0;
    fine.parked = false;
    fine.due.clear();
    fine.call_returned = WSTOPSIG(status) == (SIGTRAP | 0x80) && thread.in_call;
    passed_breakpoint(thread, of_exec);
    if (thread.process->breakpoints->arrange_due && !of_exec) {
        thread.process->breakpoints->arrange(thread.tid, grain_);
    }
}

bool Tracer::on_trap(TracedThread& thread) {
    const bool stepping = std::exchange(thread.fine.stepping, false);
    const bool delivered = std::exchange(thread.fine.delivering, false);
    Breakpoints& breakpoints = *thread.process->breakpoints;
    siginfo_t info{};
    if (!breakpoints.has_plan() || ::ptrace(PTRACE_GETSIGINFO, thread.tid, nullptr, &info) != 0) {
        return false;
    }
    if (info.si_code != SI_KERNEL) {
        if (!stepping || !is_of_step(info.si_code)) {
            return false;
        }
        if (delivered) {
            unblock_trap(thread.tid);
        } else if (const auto registers = read_registers(thread.tid)) {
            hide_step(thread, (*registers)[stack_register]);
        }
        thread.fine.step_open = false;
        if (is_stepped(thread)) {
            arrive(thread, true);
        }
        return true;
    }
    const auto registers = read_registers(thread.tid);
    const Address pc = registers ? (*registers)[program_register] - 1 : 0;
    if (!breakpoints.was_in(pc)) {
        return false;
    }
    set_program_counter(thread.tid, pc);  // where it was taken out meanwhile the instruction itself is next
    if (breakpoints.is_in(pc)) {
        arrive(thread, false);
    }
    return true;
}

// `stepped`: by the single step that began at `before`; else it ran into a breakpoint.
void Tracer::arrive(TracedThread& thread, bool stepped) {
    FineState& fine = thread.fine;
    const auto registers = read_registers(thread.tid);
    if (!registers) {
        return;
    }
    const StopPlace place{(*registers)[program_register], (*registers)[stack_register]};
    fine.at = thread.process->breakpoints->is_in(place.program_counter) ? place.program_counter : 0;
    if (fine.seen == place) {
        fine.seen.reset();
        return;
    }
    if (grain_ == Grain::none) {
        return;
    }
    collect_events(thread, *registers, stepped);
    follow_own_code(thread, place, stepped);
    tell_due(thread);
}

// One event for each call that is over, else one of the coarsest kind.
void Tracer::collect_events(TracedThread& thread, const Registers& registers, bool stepped) {
    FineState& fine = thread.fine;
    const Breakpoints& breakpoints = *thread.process->breakpoints;
    const Address pc = registers[program_register];
    const Address sp = registers[stack_register];
    for (const Address function : fine.calls.leave(pc, sp)) {
        fine.due.emplace_back(ReturnEvent{function, {}, registers[result_register]});
    }
    const auto body = breakpoints.body_of(pc);
    if (body) {
        const auto return_address = peek(thread.tid, sp);
        fine.calls.enter(pc, *body, sp, return_address.value_or(0));
        if (return_address) {
            thread.process->breakpoints->put_in(thread.tid, *return_address);
        }
    }
    if (const auto function = fine.calls.reach_body(pc, sp)) {
        fine.due.emplace_back(CallEvent{*function, {}});
    }
    if (!fine.due.empty()) {
        return;
    }
    if (grain_ >= Grain::lines && !body && breakpoints.is_line(pc)) {
        fine.due.emplace_back(LineEvent{});
    } else if (grain_ == Grain::instructions && stepped && breakpoints.is_own_code(fine.before.program_counter)) {
        fine.due.emplace_back(InstructionEvent{fine.before.program_counter, fine.before.stack_pointer});
    }
}

// At the grain of instructions: from the entry point on own code is stepped, and a library runs until it comes back. Where no
// function is known it could come back anywhere, so it is stepped too, and nothing is told of it.
void Tracer::follow_own_code(TracedThread& thread, const StopPlace& place, bool stepped) {
    if (grain_ != Grain::instructions) {
        return;
    }
    constexpr Address longest_instruction = 15;
    FineState& fine = thread.fine;
    Breakpoints& breakpoints = *thread.process->breakpoints;
    if (stepped && place.stack_pointer + sizeof(Address) == fine.before.stack_pointer) {
        const Address pushed = peek(thread.tid, place.stack_pointer).value_or(0);
        if (is_within(pushed, fine.before.program_counter + 1, longest_instruction)) {
            fine.last_return = pushed;  // a call; the stub of a library function may push more before it jumps there
        }
    }
    if (breakpoints.is_own_code(place.program_counter)) {
        fine.inside = true;
    } else if (std::exchange(fine.inside, !breakpoints.knows_functions()) && breakpoints.knows_functions()) {
        for (const Address address : {fine.last_return, peek(thread.tid, place.stack_pointer).value_or(0)}) {
            if (breakpoints.is_own_code(address)) {
                breakpoints.put_in(thread.tid, address);
            }
        }
    }
}

// `pushf` is the one instruction that sees that it is stepped.
void Tracer::hide_step(const TracedThread& thread, Address stack_pointer) {
    constexpr std::uint8_t push_flags = 0x9c;
    constexpr std::uint64_t trap_flag = 0x100;
    if (stack_pointer + sizeof(Address) != thread.fine.before.stack_pointer) {
        return;
    }
    const auto code = thread.process->breakpoints->code_at(thread.tid, thread.fine.before.program_counter);
    if (code && (*code)[0] == push_flags) {
        poke(thread.tid, stack_pointer, peek(thread.tid, stack_pointer).value_or(0) & ~trap_flag);
    }
}

// False: there is nothing left to tell at this stop.
bool Tracer::tell_due(TracedThread& thread) {
    FineState& fine = thread.fine;
    if (pacing_.stopping || grain_ == Grain::none) {
        fine.due.clear();
    }
    if (fine.due.empty()) {
        return false;
    }
    EventDetail detail = std::move(fine.due.front());
    fine.due.pop_front();
    const EventClass event_class = class_of(detail);
    settle(thread, event_of(thread, std::move(detail)), event_class);
    return true;
}

bool Tracer::is_stepped(const TracedThread& thread) const {
    return grain_ == Grain::instructions && thread.fine.inside && !pacing_.stopping && !thread.in_call;
}

// How a thread that nothing keeps any more goes on.
Tracer::Pace Tracer::set_out(TracedThread& thread) {
    FineState& fine = thread.fine;
    const Address at = std::exchange(fine.at, 0);
    fine.stepping = false;
    if (thread.exiting || !thread.process->breakpoints->has_plan()) {
        return Pace::run;
    }
    if (at != 0 && thread.process->breakpoints->is_in(at)) {
        return pass_breakpoint(thread, at);
    }
    fine.delivering = thread.signal != 0 && !thread.in_call && grain_ != Grain::none;
    if (fine.delivering && !is_stepped(thread)) {
        fine.stepping = true;
        return Pace::step;
    }
    if (!is_stepped(thread)) {
        return Pace::run;
    }
    // A system call that we stopped at the end of ended a step, of which no trap tells.
    if (std::exchange(fine.call_returned, false) && std::exchange(fine.step_open, false)) {
        arrive(thread, true);
        return thread.waits ? Pace::stay : set_out(thread);
    }
    if (const auto registers = read_registers(thread.tid)) {
        fine.before = {(*registers)[program_register], (*registers)[stack_register]};
    }
    fine.stepping = true;
    fine.step_open = true;
    return Pace::step;
}

void Tracer::inherit_breakpoints(const TracedThread& parent, TracedThread& child, ForkKind kind) {
    const auto& breakpoints = parent.process->breakpoints;
    const long compared = ::syscall(SYS_kcmp, parent.tid, child.tid, KCMP_VM, 0, 0);
    if (compared == 0 || (compared < 0 && kind == ForkKind::vfork)) {
        child.process->breakpoints = breakpoints;
    } else {
        child.process->breakpoints = std::make_shared<Breakpoints>(*breakpoints);
        child.process->breakpoints->scratch_user = 0;
    }
    child.fine.calls = parent.fine.calls;
    child.fine.inside = parent.fine.inside;
    child.fine.last_return = parent.fine.last_return;
}

// At an exec: others may go on in the memory that it had.
void Tracer::leave_memory(TracedProcess& process) {
    const auto left = std::exchange(process.breakpoints, std::make_shared<Breakpoints>());
    for (auto& [tid, thread] : threads_) {
        if (thread.process == &process) {
            thread.fine = {};
            free_scratch(*left, tid);
        }
    }
}

void Tracer::set_grain(Grain grain) {
    if (grain == grain_) {
        return;
    }
    if (!grain_supported) {
        note(NoteCode::text, "calls, lines and instructions are followed on x86-64 only");
        return;
    }
    grain_ = grain;
    for (const auto& [pid, process] : processes_) {
        if (!process->dead && process->breakpoints->has_plan()) {
            arrange_soon(*process->breakpoints);
        }
    }
    for (auto& [tid, thread] : threads_) {
        thread.fine.inside = grain == Grain::instructions && thread.process->breakpoints->has_plan() &&
                             (thread.fine.inside || !thread.process->breakpoints->knows_functions());
        if (grain == Grain::none) {
            thread.fine.calls.clear();
            thread.waits = false;
            go_on(thread);
        }
    }
}

void Tracer::set_breakpoints(pid_t pid, const BreakpointPlan& plan) {
    const auto found = processes_.find(pid);
    if (found == processes_.end() || found->second->dead) {
        return;
    }
    Breakpoints& breakpoints = *found->second->breakpoints;
    breakpoints.set_plan(plan);
    if (grain_ != Grain::none) {
        arrange_soon(breakpoints);
    }
}

// At once where a thread of that memory is stopped, else when one is.
void Tracer::arrange_soon(Breakpoints& breakpoints) {
    breakpoints.arrange_due = true;
    const auto has_it = [&](const auto& entry) { return entry.second.process->breakpoints.get() == &breakpoints; };
    const auto stopped =
        std::ranges::find_if(threads_, [&](const auto& entry) { return has_it(entry) && entry.second.stopped; });
    if (stopped != threads_.end()) {
        breakpoints.arrange(stopped->first, grain_);
        return;
    }
    // One is enough, and not all system calls go on after it as if nothing had been. Any other that stops will do it as well.
    const auto running =
        std::ranges::find_if(threads_, [&](const auto& entry) { return has_it(entry) && !entry.second.exiting; });
    if (running != threads_.end()) {
        ::ptrace(PTRACE_INTERRUPT, running->first, nullptr, nullptr);
    }
}

void Tracer::looked_inside(pid_t tid) {
    const auto found = threads_.find(tid);
    if (found != threads_.end() && std::exchange(found->second.waits, false)) {
        go_on(found->second);
    }
}

bool Tracer::somebody_waits() const {
    return grain_ != Grain::none && std::ranges::any_of(threads_, [](const auto& entry) { return entry.second.waits; });
}

}  // namespace procatlas
