#include "core/observe/linux/step/stepper.h"

#include <signal.h>
#include <sys/ptrace.h>

#include <utility>

#include "core/observe/linux/step/emulate.h"
#include "core/observe/linux/step/stopped_thread.h"

namespace procatlas {
namespace {

// The SIGTRAP of a single step (siginfo_t::si_code): of an instruction, of a system call, of the way into a signal handler.
bool is_of_step(int code) {
    return code == TRAP_TRACE || code == TRAP_BRKPT || code == SIGTRAP;
}

bool is_within(Address address, Address start, Address size) {
    return start <= address && address - start < size;
}

// At the first instruction of a signal handler. The kernel forgets a program's handler for SIGTRAP when the program runs into a
// breakpoint while that signal is blocked, and handlers block their own signal and others.
void unblock_trap(pid_t tid) {
    constexpr std::uint64_t trap = std::uint64_t{1} << (SIGTRAP - 1);
    std::uint64_t blocked = 0;
    if (::ptrace(PTRACE_GETSIGMASK, tid, sizeof blocked, &blocked) == 0 && (blocked & trap) != 0) {
        blocked &= ~trap;
        ::ptrace(PTRACE_SETSIGMASK, tid, sizeof blocked, &blocked);
    }
}

constexpr std::size_t set_by_longjmp = 8;  // r8

// After glibc's longjmp these registers still hold where it has jumped to and the stack pointer that it set.
// Where that was; 0: they do not. `stack_pointer`: that of the caller.
Address target_of_longjmp(const Breakpoints& breakpoints, const Registers& registers, Address stack_pointer) {
    constexpr std::size_t target_register = 1;  // rdx
    const Address target = registers[target_register];
    return registers[set_by_longjmp] == stack_pointer && breakpoints.is_own_code(target) ? target : 0;
}

// Whether that jump has landed deeper in the stack than at `slot`.
bool left_inside(const Breakpoints& breakpoints, const Registers& registers, Address slot) {
    constexpr Address largest_frame = 1u << 20;
    const Address landed = registers[set_by_longjmp];
    return landed < slot && slot - landed < largest_frame && target_of_longjmp(breakpoints, registers, landed) != 0;
}

// `pushf` is the one instruction that sees that it is stepped, so the trap flag is taken out of what it pushed.
void hide_step(const SteppedThread& thread) {
    constexpr std::uint8_t push_flags = 0x9c;
    constexpr std::uint64_t trap_flag = 0x100;
    const auto& registers = registers_of(thread.tid, thread.steps);
    const Address sp = registers ? (*registers)[stack_register] : 0;
    if (!registers || sp + sizeof(Address) != thread.steps.before.stack_pointer) {
        return;
    }
    const auto code = thread.breakpoints.code_at(thread.tid, thread.steps.before.program_counter, 1);
    if (code && (*code)[0] == push_flags) {
        poke(thread.tid, sp, peek(thread.tid, sp).value_or(0) & ~trap_flag);
    }
}

// The goroutine that the thread runs, else the thread itself.
Execution& execution_of(const SteppedThread& thread, const Registers& registers) {
    Execution* const goroutine = thread.breakpoints.goroutines().running_in(thread.tid, registers);
    return goroutine ? *goroutine : thread.steps.own;
}

}  // namespace

const std::optional<Registers>& registers_of(pid_t tid, ThreadSteps& steps) {
    if (!steps.registers) {
        steps.registers = read_registers(tid);
    }
    return steps.registers;
}

Stepper::Scratch Stepper::begin_stop(const SteppedThread& thread, StopKind kind) {
    ThreadSteps& steps = thread.steps;
    steps.registers.reset();
    steps.at = 0;
    steps.due.clear();
    if (steps.open_step != OpenStep::none) {
        steps.open_step = kind == StopKind::call_return ? OpenStep::ended_in_call : OpenStep::open;
    }
    const Scratch scratch = finish_passing(thread, kind);
    if (thread.breakpoints.is_arrange_due() && kind != StopKind::exec) {
        thread.breakpoints.arrange(thread.tid, grain_);
    }
    return scratch;
}

Stepper::TrapOwner Stepper::take_trap(const SteppedThread& thread) {
    const auto step = std::exchange(thread.steps.step, StepUnderWay::none);
    siginfo_t info{};
    if (!thread.breakpoints.has_plan() || ::ptrace(PTRACE_GETSIGINFO, thread.tid, nullptr, &info) != 0) {
        return TrapOwner::program;
    }
    if (info.si_code != SI_KERNEL) {
        if (step == StepUnderWay::none || !is_of_step(info.si_code)) {
            return TrapOwner::program;
        }
        step == StepUnderWay::into_handler ? unblock_trap(thread.tid) : hide_step(thread);
        thread.steps.open_step = OpenStep::none;
        if (is_stepped(thread)) {
            arrive(thread, By::step);
        }
        return TrapOwner::stepper;
    }
    auto& registers = thread.steps.registers;
    const Address pc = registers_of(thread.tid, thread.steps) ? (*registers)[program_register] - 1 : 0;
    if (!thread.breakpoints.is_ours(thread.tid, pc) && !thread.breakpoints.mend_copy(thread.tid, pc)) {
        return TrapOwner::program;
    }
    if (set_program_counter(thread.tid, pc)) {  // if it was taken out, the instruction itself is next
        (*registers)[program_register] = pc;
    } else {
        registers.reset();
    }
    if (thread.breakpoints.is_in(pc)) {
        arrive(thread, By::breakpoint);
    }
    return TrapOwner::stepper;
}

void Stepper::arrive(const SteppedThread& thread, By by) {
    ThreadSteps& steps = thread.steps;
    const std::optional<Registers> registers = registers_of(thread.tid, steps);
    if (!registers) {
        return;
    }
    const StopPlace place{(*registers)[program_register], (*registers)[stack_register]};
    steps.at = by == By::breakpoint || thread.breakpoints.stands(thread.tid, place.program_counter) ? place.program_counter : 0;
    Execution& execution = execution_of(thread, *registers);
    if (execution.seen == place) {
        execution.seen.reset();
        return;
    }
    if (grain_ == Grain::none) {
        return;
    }
    collect_events(thread, *registers, by, execution.calls);
    follow_own_code(thread, place, by);
}

// It stands where a call would return to, with the stack pointer that a return leaves; but the program also flows through there
// after a jump out of that call (longjmp, an exception).
ShadowStack::Came Stepper::how_it_came(const SteppedThread& thread, const Registers& registers, By by,
                                       const ShadowStack::Candidate& candidate) {
    const StopPlace& before = thread.steps.before;
    const Address slot = registers[stack_register] - sizeof(Address);
    const bool stepped_otherwise =
        by == By::step && thread.breakpoints.is_own_code(before.program_counter) && before.stack_pointer != slot;
    // What caught an exception has called its runtime from the same place of the stack.
    const bool address_is_gone = peek(thread.tid, slot) != registers[program_register];
    const Address target = target_of_longjmp(thread.breakpoints, registers, registers[stack_register]);
    const bool longjmp = target != 0 && target != candidate.jump_target;
    // A jump back into the call, which has made another call since, or else still shows in the registers.
    const auto& inner = candidate.inner;
    const bool stayed_inside =
        !inner || peek(thread.tid, inner->slot) != inner->return_address || left_inside(thread.breakpoints, registers, slot);
    return stepped_otherwise || address_is_gone || longjmp || !stayed_inside ? ShadowStack::Came::jumped
                                                                             : ShadowStack::Came::returned;
}

// One event for each call that is over, else one of the coarsest kind.
void Stepper::collect_events(const SteppedThread& thread, const Registers& registers, By by, ShadowStack& calls) {
    ThreadSteps& steps = thread.steps;
    const std::size_t due_before = steps.due.size();  // writes that the processor has seen
    Breakpoints& breakpoints = thread.breakpoints;
    const Address pc = registers[program_register];
    const Address sp = registers[stack_register];
    const auto candidate = calls.may_return(pc, sp);
    const auto came = candidate ? how_it_came(thread, registers, by, *candidate) : ShadowStack::Came::jumped;
    for (const Address function : calls.leave(pc, sp, came)) {
        steps.due.emplace_back(ReturnEvent{function, {}, registers[result_register]});
    }
    const auto body = breakpoints.body_of(pc);
    if (body) {
        const auto return_address = peek(thread.tid, sp);
        const Address back = return_address.value_or(0);
        calls.enter({pc, *body, sp, back, breakpoints.function_before(back),
                     target_of_longjmp(breakpoints, registers, sp + sizeof(Address))});
        if (return_address) {
            breakpoints.put_in(thread.tid, *return_address);
        }
    }
    if (const auto function = calls.reach_body(pc, sp)) {
        steps.due.emplace_back(CallEvent{*function, {}});
    }
    if (steps.due.size() > due_before) {
        return;
    }
    if (grain_ >= Grain::lines && !body && breakpoints.is_line(pc)) {
        steps.due.emplace_back(LineEvent{});
    } else if (grain_ == Grain::instructions && by == By::step && breakpoints.is_followed_code(steps.before.program_counter)) {
        steps.due.emplace_back(InstructionEvent{steps.before.program_counter, steps.before.stack_pointer});
    }
}

// At the grain of instructions the program's own code is stepped from the entry point on, and a library runs until it comes
// back, also one that was compiled into the program. Where no function is known it could come back anywhere, so the library is
// stepped too, and nothing is told of it.
void Stepper::follow_own_code(const SteppedThread& thread, const StopPlace& place, By by) {
    if (grain_ != Grain::instructions) {
        return;
    }
    constexpr Address longest_instruction = 15;
    ThreadSteps& steps = thread.steps;
    Breakpoints& breakpoints = thread.breakpoints;
    if (by == By::step && place.stack_pointer + sizeof(Address) == steps.before.stack_pointer) {
        const Address pushed = peek(thread.tid, place.stack_pointer).value_or(0);
        if (is_within(pushed, steps.before.program_counter + 1, longest_instruction)) {
            steps.last_return = pushed;  // a call; the stub of a library function may push more before it jumps there
        }
    }
    if (breakpoints.is_followed_code(place.program_counter)) {
        steps.in_own_code = true;
    } else if (std::exchange(steps.in_own_code, !breakpoints.knows_functions()) && breakpoints.knows_functions()) {
        for (const Address address : {steps.last_return, peek(thread.tid, place.stack_pointer).value_or(0)}) {
            if (breakpoints.is_followed_code(address)) {
                breakpoints.put_in(thread.tid, address);
            }
        }
    }
}

bool Stepper::is_stepped(const SteppedThread& thread) const {
    return grain_ == Grain::instructions && thread.steps.in_own_code && following_ &&
           thread.task != SteppedThread::Task::system_call;
}

Stepper::Departure Stepper::depart(const SteppedThread& thread) {
    if (!following_ || grain_ == Grain::none) {
        thread.steps.due.clear();
    }
    return thread.steps.due.empty() ? set_out(thread) : Departure::tell;
}

EventDetail Stepper::take_due(ThreadSteps& steps) const {
    EventDetail detail = std::move(steps.due.front());
    steps.due.pop_front();
    return detail;
}

Stepper::Departure Stepper::set_out(const SteppedThread& thread) {
    ThreadSteps& steps = thread.steps;
    const Address at = std::exchange(steps.at, 0);
    steps.step = StepUnderWay::none;
    if (thread.task == SteppedThread::Task::exiting || !thread.breakpoints.has_plan()) {
        return Departure::run;
    }
    if (at != 0 && thread.breakpoints.is_in(at)) {
        switch (pass_breakpoint(thread, at)) {
            case Pass::run:
                return Departure::run;
            case Pass::step:
                return Departure::step;
            case Pass::park:
                return Departure::park;
            case Pass::arrived:
                return depart(thread);
        }
    }
    const bool delivers = thread.signal == SteppedThread::Signal::pending && thread.task != SteppedThread::Task::system_call &&
                          grain_ != Grain::none;
    const auto step = delivers ? StepUnderWay::into_handler : StepUnderWay::plain;
    if (!is_stepped(thread)) {
        steps.step = delivers ? step : StepUnderWay::none;
        return delivers ? Departure::step : Departure::run;
    }
    // A system call whose return stopped the thread has ended a step, and no trap tells of that.
    if (steps.open_step == OpenStep::ended_in_call) {
        steps.open_step = OpenStep::none;
        arrive(thread, By::step);
        return depart(thread);
    }
    if (const auto& registers = registers_of(thread.tid, steps)) {
        steps.before = {(*registers)[program_register], (*registers)[stack_register]};
    }
    steps.step = step;
    steps.open_step = OpenStep::open;
    return Departure::step;
}

Stepper::Pass Stepper::pass_breakpoint(const SteppedThread& thread, Address at) {
    ThreadSteps& steps = thread.steps;
    Breakpoints& breakpoints = thread.breakpoints;
    const std::optional<Registers> registers = registers_of(thread.tid, steps);
    const bool may_be_displaced = thread.company != SteppedThread::Company::alone && breakpoints.scratch() != 0;
    const auto code = breakpoints.code_at(thread.tid, at, may_be_displaced ? Breakpoints::Code{}.size() : emulated_size);
    if (!registers || !code || (*registers)[program_register] != at) {
        return Pass::run;
    }
    steps.before = {at, (*registers)[stack_register]};
    steps.registers.reset();  // of the next instruction, or in the copy
    const auto place = breakpoints.body_of(at) ? CodePlace::function_entry : CodePlace::elsewhere;
    if (emulate(thread.tid, *code, place, *registers)) {
        if (!is_stepped(thread)) {
            return Pass::run;
        }
        arrive(thread, By::step);
        return Pass::arrived;
    }
    auto displaced = may_be_displaced ? displace_instruction(*code, at, breakpoints.scratch()) : std::nullopt;
    if (displaced && breakpoints.scratch_is_taken()) {
        steps.at = at;
        return Pass::park;
    }
    if (displaced) {
        breakpoints.take_scratch(thread.tid, displaced->code);
        set_program_counter(thread.tid, breakpoints.scratch());
    } else {
        // Another thread might run through the address now; but only a system call and the like is passed like this then.
        breakpoints.lift(thread.tid, at);
    }
    steps.displaced = displaced;
    steps.passing = at;
    steps.step = StepUnderWay::plain;
    steps.open_step = OpenStep::open;
    return Pass::step;
}

// Whatever has stopped the thread on its way over a breakpoint: it is over it, or back before it.
Stepper::Scratch Stepper::finish_passing(const SteppedThread& thread, StopKind kind) {
    ThreadSteps& steps = thread.steps;
    Breakpoints& breakpoints = thread.breakpoints;
    const Address at = std::exchange(steps.passing, 0);
    if (at == 0) {
        return Scratch::as_it_was;
    }
    const auto displaced = std::exchange(steps.displaced, std::nullopt);
    const bool executed = kind == StopKind::exec;
    const std::optional<Registers> registers = executed ? std::nullopt : registers_of(thread.tid, steps);
    if (!displaced && !executed) {
        breakpoints.put_back(thread.tid, at);
    }
    if (registers) {
        const Address pc = (*registers)[program_register];
        const Address sp = (*registers)[stack_register];
        const Address begin = displaced ? breakpoints.scratch() : at;
        if (pc == begin) {
            execution_of(thread, *registers).seen = {at, sp};
        }
        if (displaced && (pc == begin || displaced->program_counter_moves)) {
            set_program_counter(thread.tid, pc - begin + at);
            steps.registers.reset();
        }
        if (displaced && pc != begin && displaced->pushed_address_moves) {
            poke(thread.tid, sp, peek(thread.tid, sp).value_or(begin) - begin + at);
        }
    }
    return breakpoints.free_scratch(thread.tid) ? Scratch::freed : Scratch::as_it_was;
}

}  // namespace procatlas
