// Tracer: how a thread gets over a breakpoint without any other getting past it unseen.
#include "core/observe/linux/step/stopped_thread.h"
#include "core/observe/linux/trace/tracer.h"

namespace procatlas {
namespace {

// Does what the instruction does where that is nothing, or what a function begins with: quicker than a step, and no other
// thread can run through its address meanwhile. False: it is another one.
bool imitate(pid_t tid, const Breakpoints::Code& code, bool is_entry, const Registers& registers) {
    constexpr Address page = 4096;
    constexpr std::uint8_t push_frame_pointer = 0x55;
    constexpr std::size_t frame_register = 6;
    const Address pc = registers[program_register];
    const Address sp = registers[stack_register];
    if (const std::size_t size = idle_instruction_size(code); size != 0) {
        return set_program_counter(tid, pc + size);
    }
    const Address pushed = sp - sizeof(Address);
    // The call has just written to this page; the next may be the guard of the stack, which we could write to and it could not.
    if (code[0] != push_frame_pointer || !is_entry || pushed / page != sp / page) {
        return false;
    }
    return poke(tid, pushed, registers[frame_register]) && set_stack_pointer(tid, pushed) && set_program_counter(tid, pc + 1);
}

// No other thread can run in its memory.
bool is_alone(const TracedThread& thread) {
    return thread.process->threads == 1 && thread.process->breakpoints.use_count() == 1;
}

}  // namespace

Tracer::Pace Tracer::pass_breakpoint(TracedThread& thread, Address at) {
    FineState& fine = thread.fine;
    Breakpoints& breakpoints = *thread.process->breakpoints;
    const auto registers = read_registers(thread.tid);
    const auto code = breakpoints.code_at(thread.tid, at);
    if (!registers || !code || (*registers)[program_register] != at) {
        return Pace::run;
    }
    fine.before = {at, (*registers)[stack_register]};
    if (imitate(thread.tid, *code, breakpoints.body_of(at).has_value(), *registers)) {
        if (!is_stepped(thread)) {
            return Pace::run;
        }
        arrive(thread, true);
        return thread.waits ? Pace::stay : set_out(thread);
    }
    const auto moved = is_alone(thread) ? std::nullopt : displace_instruction(*code, at, breakpoints.scratch());
    if (moved && breakpoints.scratch() != 0) {
        return pass_aside(thread, at, *moved);
    }
    // With other threads, one might run through the address now; but only a system call and the like is passed so then.
    breakpoints.lift(thread.tid, at);
    fine.passing = at;
    fine.stepping = true;
    fine.step_open = true;
    return Pace::step;
}

Tracer::Pace Tracer::pass_aside(TracedThread& thread, Address at, const DisplacedInstruction& moved) {
    FineState& fine = thread.fine;
    Breakpoints& breakpoints = *thread.process->breakpoints;
    if (breakpoints.scratch_user != 0) {
        fine.at = at;
        fine.parked = true;
        return Pace::stay;
    }
    breakpoints.write_scratch(thread.tid, moved.code);
    set_program_counter(thread.tid, breakpoints.scratch());
    breakpoints.scratch_user = thread.tid;
    fine.moved = moved;
    fine.passing = at;
    fine.stepping = true;
    fine.step_open = true;
    return Pace::step;
}

// Whatever has stopped the thread on its way over a breakpoint: it is over it, or back before it.
void Tracer::passed_breakpoint(TracedThread& thread, bool of_exec) {
    FineState& fine = thread.fine;
    const Address at = std::exchange(fine.passing, 0);
    if (at == 0) {
        return;
    }
    Breakpoints& breakpoints = *thread.process->breakpoints;
    const auto moved = std::exchange(fine.moved, std::nullopt);
    const auto registers = of_exec ? std::nullopt : read_registers(thread.tid);
    if (!moved && !of_exec) {
        breakpoints.put_back(thread.tid, at);
    }
    if (registers) {
        const Address pc = (*registers)[program_register];
        const Address sp = (*registers)[stack_register];
        const Address begin = moved ? breakpoints.scratch() : at;
        if (pc == begin) {
            fine.seen = {at, sp};
        }
        if (moved && (pc == begin || moved->program_counter_moves)) {
            set_program_counter(thread.tid, pc - begin + at);
        }
        if (moved && pc != begin && moved->pushed_address_moves) {
            poke(thread.tid, sp, peek(thread.tid, sp).value_or(begin) - begin + at);
        }
    }
    free_scratch(breakpoints, thread.tid);
}

void Tracer::free_scratch(Breakpoints& breakpoints, pid_t user) {
    if (breakpoints.scratch_user != user) {
        return;
    }
    breakpoints.scratch_user = 0;
    for (auto& [tid, thread] : threads_) {
        if (thread.process->breakpoints.get() == &breakpoints && std::exchange(thread.fine.parked, false)) {
            go_on(thread);
        }
    }
}

}  // namespace procatlas
