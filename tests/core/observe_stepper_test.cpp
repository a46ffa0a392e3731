// Stepper, Breakpoints and emulation on a child that is this very program, so that its addresses are known.
#include "core/observe/linux/step/stepper.h"

#include <doctest/doctest.h>
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#include <vector>

#include "core/observe/linux/step/emulate.h"
#include "core/observe/linux/step/stopped_thread.h"
#include "core/observe/linux/trace/wait_status.h"

using namespace procatlas;

#if defined(__x86_64__)
namespace {

volatile int sink_of_results = 0;

[[gnu::noinline]] int traced_function(int x) {
    sink_of_results = x;
    return x + 1;
}

const Address function_address = reinterpret_cast<Address>(&traced_function);

// Stops itself, then calls the function twice and ends with what it returned.
class SteppedChild {
public:
    SteppedChild() : pid_(::fork()) {
        if (pid_ == 0) {
            ::ptrace(PTRACE_TRACEME, 0, nullptr, nullptr);
            ::raise(SIGSTOP);
            traced_function(40);
            ::_exit(traced_function(41));
        }
        REQUIRE(pid_ > 0);
        REQUIRE(wait().is_stop());
        CHECK(peek_byte(pid_, function_address));  // its page may not be in the child's memory yet
    }
    SteppedChild(const SteppedChild&) = delete;
    SteppedChild& operator=(const SteppedChild&) = delete;
    ~SteppedChild() {
        if (pid_ != 0) {
            ::kill(pid_, SIGKILL);
            ::waitpid(pid_, nullptr, 0);
        }
    }
    [[nodiscard]] pid_t pid() const { return pid_; }
    WaitStatus wait() {
        int status = 0;
        REQUIRE(::waitpid(pid_, &status, 0) == pid_);
        const WaitStatus parsed(status);
        pid_ = parsed.is_end() ? 0 : pid_;
        return parsed;
    }
    WaitStatus go(Stepper::Departure how) {
        ::ptrace(how == Stepper::Departure::step ? PTRACE_SINGLESTEP : PTRACE_CONT, pid_, nullptr, nullptr);
        return wait();
    }

private:
    pid_t pid_;
};

BreakpointPlan plan_of_function() {
    BreakpointPlan plan;
    plan.functions = {{function_address, function_address, {}}};
    plan.own_code = {{function_address, function_address + 16}};
    return plan;
}

struct Steps {
    ThreadSteps of_thread;
    Breakpoints breakpoints;

    SteppedThread thread(pid_t pid, SteppedThread::Task task = SteppedThread::Task::own_code) {
        return {.tid = pid,
                .steps = of_thread,
                .breakpoints = breakpoints,
                .company = SteppedThread::Company::alone,
                .task = task,
                .signal = SteppedThread::Signal::none};
    }
};

// Follows the child to its end, and returns which events were due.
std::vector<EventDetail> follow(SteppedChild& child, Stepper& stepper, Steps& steps, int& exit_code) {
    std::vector<EventDetail> told;
    const pid_t pid = child.pid();
    auto departure = Stepper::Departure::run;
    for (int stops = 0; stops < 100'000; ++stops) {
        const WaitStatus status = child.go(departure);
        if (status.is_end()) {
            exit_code = status.exit_code();
            return told;
        }
        const SteppedThread thread = steps.thread(pid);
        (void)stepper.begin_stop(thread, Stepper::StopKind::other);
        CHECK(stepper.take_trap(thread) == Stepper::TrapOwner::stepper);
        while ((departure = stepper.depart(thread)) == Stepper::Departure::tell) {
            told.push_back(stepper.take_due(steps.of_thread));
        }
    }
    FAIL("it does not end");
    return told;
}

}  // namespace

TEST_CASE("Stepper reports the calls and returns of a function, and the program ends as it would without it") {
    SteppedChild child;
    Stepper stepper;
    Steps steps;
    stepper.set_grain(Grain::calls);
    steps.breakpoints.set_plan(plan_of_function());
    steps.breakpoints.arrange(child.pid(), Grain::calls);
    int exit_code = -1;
    const auto told = follow(child, stepper, steps, exit_code);
    CHECK(exit_code == 42);
    REQUIRE(told.size() == 4);
    for (const std::size_t i : {0U, 2U}) {
        REQUIRE(std::holds_alternative<CallEvent>(told[i]));
        CHECK(std::get<CallEvent>(told[i]).function == function_address);
        REQUIRE(std::holds_alternative<ReturnEvent>(told[i + 1]));
        CHECK((std::get<ReturnEvent>(told[i + 1]).value.value_or(0) & 0xff) == (i == 0 ? 41 : 42));
    }
}

TEST_CASE("Stepper steps through the function's own code at the grain of instructions") {
    SteppedChild child;
    Stepper stepper;
    Steps steps;
    stepper.set_grain(Grain::instructions);
    steps.breakpoints.set_plan(plan_of_function());
    steps.breakpoints.arrange(child.pid(), Grain::instructions);
    int exit_code = -1;
    const auto told = follow(child, stepper, steps, exit_code);
    CHECK(exit_code == 42);
    std::size_t instructions = 0;
    for (const EventDetail& detail : told) {
        if (const auto* instruction = std::get_if<InstructionEvent>(&detail)) {
            ++instructions;
            CHECK(instruction->program_counter_before >= function_address);
        }
    }
    CHECK(instructions >= 4);
}

TEST_CASE("Stepper reports nothing once no process is followed, and delivers a program's own trap to it") {
    SteppedChild child;
    Stepper stepper;
    Steps steps;
    stepper.set_grain(Grain::calls);
    CHECK(stepper.take_trap(steps.thread(child.pid())) == Stepper::TrapOwner::program);
    CHECK(stepper.depart(steps.thread(child.pid())) == Stepper::Departure::run);
    steps.of_thread.due.emplace_back(LineEvent{});
    CHECK(stepper.depart(steps.thread(child.pid())) == Stepper::Departure::tell);
    stepper.follow_no_more();
    CHECK(stepper.depart(steps.thread(child.pid())) == Stepper::Departure::run);
    CHECK(steps.of_thread.due.empty());
}

TEST_CASE("Breakpoints are in the code once arranged, but reading the code does not show them") {
    SteppedChild child;
    Breakpoints breakpoints;
    const auto original = peek_byte(child.pid(), function_address);
    breakpoints.set_plan(plan_of_function());
    CHECK(breakpoints.has_plan());
    breakpoints.arrange(child.pid(), Grain::calls);
    CHECK(breakpoints.is_in(function_address));
    CHECK(peek_byte(child.pid(), function_address) == 0xcc);
    CHECK(breakpoints.code_at(child.pid(), function_address)->at(0) == original);
    breakpoints.arrange(child.pid(), Grain::none);
    CHECK_FALSE(breakpoints.is_in(function_address));
    CHECK(breakpoints.is_ours(child.pid(), function_address));  // who ran into it before
    CHECK(peek_byte(child.pid(), function_address) == original);
}

TEST_CASE("Breakpoints are at functions at every grain, and at lines from the grain of lines on") {
    SteppedChild child;
    Breakpoints breakpoints;
    BreakpointPlan plan = plan_of_function();
    const Address line = function_address + 4;
    plan.lines = {line};
    breakpoints.set_plan(plan);
    for (const Grain grain : {Grain::calls, Grain::lines, Grain::instructions, Grain::calls}) {
        breakpoints.arrange(child.pid(), grain);
        CHECK(breakpoints.is_in(function_address));
        CHECK(breakpoints.is_in(line) == (grain != Grain::calls));
    }
}

TEST_CASE("Breakpoints give the scratch area to one thread at a time, and the copy in a forked child to none") {
    Breakpoints breakpoints;
    CHECK_FALSE(breakpoints.scratch_is_taken());
    breakpoints.take_scratch(7, {});
    CHECK(breakpoints.scratch_is_taken());
    CHECK_FALSE(breakpoints.inherited().scratch_is_taken());
    CHECK_FALSE(breakpoints.free_scratch(8));
    CHECK(breakpoints.free_scratch(7));
    CHECK_FALSE(breakpoints.free_scratch(7));
}

TEST_CASE("emulation handles only instructions without effect and a function's first push") {
    SteppedChild child;
    auto registers = read_registers(child.pid());
    REQUIRE(registers);
    const Address pc = (*registers)[program_register];
    const Address sp = (*registers)[stack_register];
    CHECK(idle_instruction_size({0xf3, 0x0f, 0x1e, 0xfa}) == 4);
    CHECK(idle_instruction_size({0x90}) == 1);
    CHECK(idle_instruction_size({0x55}) == 0);
    CHECK(emulate(child.pid(), {0x90}, CodePlace::elsewhere, *registers));
    CHECK((*read_registers(child.pid()))[program_register] == pc + 1);
    CHECK_FALSE(emulate(child.pid(), {0x55}, CodePlace::elsewhere, *registers));
    CHECK_FALSE(emulate(child.pid(), {0xc3}, CodePlace::function_entry, *registers));
    CHECK((*read_registers(child.pid()))[stack_register] == sp);
    if (sp % 4096 != 0) {
        CHECK(emulate(child.pid(), {0x55}, CodePlace::function_entry, *registers));
        CHECK((*read_registers(child.pid()))[stack_register] == sp - 8);
        CHECK(peek(child.pid(), sp - 8) == (*registers)[6]);
    }
}
#endif
