// StepControl and Resumer: the finer grains with several threads. The threads are real, but nobody traces them
// (observe_support.h).
#include "core/observe/linux/trace/step_control.h"

#include <doctest/doctest.h>

#include <memory>

#include "tests/core/observe_support.h"

using namespace procatlas;
using namespace procatlas::observing;

namespace {

BreakpointPlan plan_of_one_function() {
    BreakpointPlan plan;
    plan.functions = {{0x1000, 0x1004, {}}};
    return plan;
}

}  // namespace

TEST_CASE("StepControl arranges breakpoints where a thread of that memory is stopped, else as soon as one is") {
    IdleChild child;
    Parts parts;
    TracedThread& thread = parts.lineage.add_first(child.pid());
    const Breakpoints& breakpoints = *thread.process->breakpoints;
    parts.steps.set_breakpoints(child.pid(), plan_of_one_function());
    CHECK(breakpoints.has_plan());
    CHECK_FALSE(breakpoints.is_arrange_due());  // nobody wants a finer grain
    parts.steps.set_grain(Grain::calls);
    CHECK(breakpoints.is_arrange_due());
    thread.whereabouts.stop();
    parts.steps.set_grain(Grain::lines);
    CHECK_FALSE(breakpoints.is_arrange_due());
}

TEST_CASE("StepControl gives no breakpoints to a process that is dead or unknown") {
    IdleChild child;
    Parts parts;
    TracedProcess& process = *parts.stopped_first(child.pid()).process;
    parts.steps.set_breakpoints(child.pid() + 1, plan_of_one_function());
    process.life = ProcessLife::zombie;
    parts.steps.set_breakpoints(child.pid(), plan_of_one_function());
    CHECK_FALSE(process.breakpoints->has_plan());
}

TEST_CASE("StepControl wakes who waits for the scratch room when its user frees it, and nobody of another memory") {
    IdleChild child;
    IdleChild stranger_child;
    Parts parts;
    TracedThread& user = parts.stopped_first(child.pid());
    TracedThread& waiting = parts.lineage.add_thread(stranger_child.pid() + 1, user);
    TracedThread& stranger = parts.stopped_first(stranger_child.pid());
    waiting.whereabouts.stop();
    REQUIRE(waiting.whereabouts.park());
    REQUIRE(stranger.whereabouts.park());
    Breakpoints& breakpoints = *user.process->breakpoints;
    breakpoints.take_scratch(user.tid, {});
    parts.steps.free_scratch(breakpoints, waiting.tid);
    CHECK(waiting.whereabouts.where() == Where::parked);
    parts.steps.free_scratch(breakpoints, user.tid);
    CHECK(waiting.whereabouts.where() == Where::running);
    CHECK(stranger.whereabouts.where() == Where::parked);
}

TEST_CASE("StepControl gives a process that leaves its memory breakpoints of its own, and those who stay keep theirs") {
    IdleChild child;
    Parts parts;
    TracedThread& thread = parts.stopped_first(child.pid());
    const auto left = thread.process->breakpoints;  // the parent of a vfork has the same breakpoints
    left->set_plan(plan_of_one_function());
    left->take_scratch(thread.tid, {});
    thread.steps.at = 0x1000;
    parts.steps.leave_memory(*thread.process);
    CHECK(thread.process->breakpoints != left);
    CHECK_FALSE(thread.process->breakpoints->has_plan());
    CHECK(left->has_plan());
    CHECK_FALSE(left->scratch_is_taken());
    CHECK(thread.steps.at == 0);
}

TEST_CASE("Resumer tells what is due one by one, each after the one before was inspected, and then the thread goes on") {
    IdleChild child;
    Parts parts;
    TracedThread& thread = parts.stopped_first(child.pid());
    parts.steps.set_grain(Grain::lines);
    thread.steps.due = {CallEvent{}, LineEvent{}};
    parts.resumer.go_on(thread);
    CHECK(thread.whereabouts.where() == Where::awaiting);
    auto told = parts.take_events();
    REQUIRE(told.size() == 1);
    CHECK(std::holds_alternative<CallEvent>(told[0].detail));
    parts.steps.inspected(thread.tid);
    told = parts.take_events();
    REQUIRE(told.size() == 1);
    CHECK(std::holds_alternative<LineEvent>(told[0].detail));
    parts.steps.inspected(thread.tid);
    CHECK(thread.whereabouts.where() == Where::running);
    CHECK(parts.take_events().empty());
}
