#include <doctest/doctest.h>

#include <cerrno>
#include <memory>
#include <random>

#include "core/model/recording.h"

using namespace procatlas;

namespace {

const ProcessKey parent{10, 1};
const ProcessKey child{11, 2};

ObservedEvent event(ProcessKey key, EventDetail detail, bool held = false) {
    ObservedEvent e;
    e.process = key;
    e.thread = key.pid;
    e.held = held;
    e.detail = std::move(detail);
    return e;
}

Recording family() {
    Recording r;
    r.append(event(parent, StartEvent{1, {"sh"}, "/"}));
    r.append(event(parent, ExecEvent{"/bin/sh", {"sh"}, false, 1, 2, 0}, true));
    r.append(event(parent, StepEvent{true}));
    r.append(event(parent, ForkEvent{ForkKind::fork, child, 10, true}, true));
    r.append(event(child, StepEvent{true}));
    r.append(event(child, ExecEvent{"/bin/ls", {"ls"}, false, 2, 3, 0}));
    r.append(event(child, ExitEvent{0, std::nullopt, false}));
    return r;
}

}  // namespace

TEST_CASE("a forked child runs its parent's program until its own exec") {
    const Recording r = family();
    CHECK(r.world_at(3).processes[1].programs == std::vector<std::string>{"/bin/sh"});
    CHECK(!r.world_at(3).processes[1].made_by_exec);
    CHECK(r.world_at(5).processes[1].programs == std::vector<std::string>{"/bin/sh", "/bin/ls"});
    CHECK(r.world_at(5).processes[0].children == std::vector<std::size_t>{1});
    CHECK(r.world_at(5).processes[1].parent == 0);
}

TEST_CASE("with its observer a program that it has started is gone, and nobody is held") {
    Recording r = family();
    r.append(event(parent, ExecEvent{"/bin/cat", {"cat"}, false, 1, 2, 0}, true));
    REQUIRE(r.last_world().processes[0].state == ProcessState::held);
    r.append(event({}, GapEvent{GapCode::observer_lost, "the connection to far was lost", 0}));
    const World& world = r.last_world();
    CHECK(world.ended);
    CHECK(world.alive_count() == 0);
    for (const Process& process : world.processes) {
        CHECK(process.state == ProcessState::gone);
        CHECK(process.held_threads.empty());
    }
    CHECK(world.processes[0].vanished);
    CHECK_FALSE(world.processes[1].vanished);  // its exit was seen
}

TEST_CASE("who ran before an observer runs on when that is lost") {
    Recording r;
    FoundProcess found;
    found.name = "sleep";
    r.append(event(parent, FoundEvent{std::make_shared<const FoundProcess>(found)}));
    r.append(event(parent, ForkEvent{ForkKind::fork, child, 10, false}));
    r.append(event({}, GapEvent{GapCode::observer_lost, "signal 9 ended it", 0}));
    CHECK(r.last_world().alive_count() == 2);
    CHECK(r.last_world().processes[0].state == ProcessState::running);
}

TEST_CASE("held, running, zombie and gone follow from the events") {
    Recording r = family();
    CHECK(r.world_at(1).processes[0].state == ProcessState::held);
    CHECK(r.world_at(2).processes[0].state == ProcessState::running);
    CHECK(r.world_at(3).processes[1].state == ProcessState::held);
    CHECK(r.world_at(4).processes[1].state == ProcessState::running);
    CHECK(r.last_world().processes[1].state == ProcessState::zombie);
    CHECK(r.last_world().alive_count() == 1);
    r.append(event(parent, ReapEvent{child, Reaper::parent}));
    CHECK(r.last_world().processes[1].state == ProcessState::gone);
    CHECK(r.last_world().processes[1].reaped_by_pid == 10);
    CHECK(r.last_world().processes[0].state == ProcessState::held);  // its own state is unchanged
}

TEST_CASE("a vfork's parent waits until its child execs or ends, but only if it has no other thread") {
    const auto exec = event(child, ExecEvent{"/bin/ls", {"ls"}, false, 2, 3, 0});
    for (const ObservedEvent& end : {exec, event(child, ExitEvent{0, std::nullopt, false})}) {
        Recording r;
        r.append(event(parent, StartEvent{1, {"sh"}, "/"}));
        r.append(event(parent, ForkEvent{ForkKind::vfork, child, 10, false}));
        CHECK(r.last_world().processes[0].waits_for == child.pid);
        CHECK(r.last_world().processes[1].waits_for == 0);
        r.append(end);
        CHECK(r.last_world().processes[0].waits_for == 0);
    }
    Recording forked;
    forked.append(event(parent, StartEvent{1, {"sh"}, "/"}));
    forked.append(event(parent, ForkEvent{ForkKind::fork, child, 10, false}));
    CHECK(forked.last_world().processes[0].waits_for == 0);
    Recording threads;
    threads.append(event(parent, StartEvent{1, {"sh"}, "/"}));
    threads.append(event(parent, ThreadEvent{12}));
    threads.append(event(parent, ForkEvent{ForkKind::vfork, child, 10, false}));
    CHECK(threads.last_world().processes[0].waits_for == 0);
}

TEST_CASE("a process held at its exit becomes a zombie only when it is released") {
    Recording r = family();
    r.append(event(parent, ExitEvent{std::nullopt, 9, false}, true));
    CHECK(r.last_world().processes[0].state == ProcessState::held);
    r.append(event(parent, StepEvent{true}));
    CHECK(r.last_world().processes[0].state == ProcessState::zombie);
}

TEST_CASE("a reused pid is another process") {
    Recording r = family();
    r.append(event(parent, ReapEvent{child, Reaper::parent}));
    const ProcessKey again{11, 3};
    r.append(event(parent, ForkEvent{ForkKind::fork, again, 10, false}));
    CHECK(r.last_world().processes.size() == 3);
    CHECK(r.last_world().find_pid(11)->key == again);
    CHECK(r.last_world().find(child)->state == ProcessState::gone);
}

TEST_CASE("memory calls after which nobody read the map are counted, so that an older map is not told as this one") {
    Recording r;
    ObservedEvent start = event(parent, StartEvent{1, {"x"}, "/"});
    AddressSpace space;
    space.mappings.push_back({{0x1000, 0x2000}, {true, false, false, false}, 0, 0, 0, 0, "x"});
    start.memory = std::make_shared<const AddressSpace>(space);
    r.append(start);
    CHECK(r.last_world().processes[0].changes_not_read == 0);
    MemoryEvent failed;
    failed.error = ENOMEM;
    r.append(event(parent, failed));
    CHECK(r.last_world().processes[0].changes_not_read == 0);
    r.append(event(parent, MemoryEvent{}));
    r.append(event(parent, MemoryEvent{}));
    CHECK(r.last_world().processes[0].changes_not_read == 2);
    CHECK(r.last_world().processes[0].memory_moment == 0);
    ObservedEvent read = event(parent, MemoryEvent{});
    space.mappings.push_back({{0x3000, 0x4000}, {true, true, false, false}, 0, 0, 0, 0, ""});
    read.memory = std::make_shared<const AddressSpace>(space);
    r.append(read);
    CHECK(r.last_world().processes[0].changes_not_read == 0);
    CHECK(r.world_at(3).processes[0].changes_not_read == 2);
}

TEST_CASE("the world at any moment is the fold of the events up to it, whatever checkpoints there are") {
    std::mt19937 random(3);
    Recording r;
    r.append(event(parent, StartEvent{1, {"x"}, "/"}));
    std::vector<ProcessKey> alive{parent};
    for (int i = 0; i < 5000; ++i) {
        const ProcessKey who = alive[random() % alive.size()];
        const auto pid = static_cast<std::int32_t>(100 + i);
        if (random() % 3 == 0) {
            r.append(event(who, ForkEvent{ForkKind::fork, {pid, 1}, who.pid, false}, random() % 2 == 0));
            alive.push_back({pid, 1});
        } else {
            r.append(event(who, MemoryEvent{}, random() % 2 == 0));
        }
    }
    for (int i = 0; i < 40; ++i) {
        const std::size_t moment = random() % r.events().size();
        World expected;
        for (std::size_t m = 0; m <= moment; ++m) {
            apply(expected, r.events()[m]);
        }
        const World world = r.world_at(moment);
        CHECK(world.event_count == expected.event_count);
        REQUIRE(world.processes.size() == expected.processes.size());
        for (std::size_t p = 0; p < world.processes.size(); ++p) {
            CHECK(world.processes[p].key == expected.processes[p].key);
            CHECK(world.processes[p].state == expected.processes[p].state);
        }
    }
}

TEST_CASE(
    "a child begins with the Python frames that its parent told of last, and a thread's child with those of that thread") {
    World world;
    Event event;
    event.process = {10, 10};
    event.thread = 10;
    event.detail = StartEvent{9, {"python3"}, "/"};
    apply(world, event);
    const auto tell = [&](std::int32_t thread, const char* function) {
        StackFrame frame;
        frame.function = function;
        frame.language = FrameLanguage::python;
        Stack stack;
        stack.frames.push_back(std::make_shared<const StackFrame>(frame));
        auto inside = std::make_shared<Inside>();
        inside->stack = std::make_shared<const Stack>(stack);
        event.thread = thread;
        event.stack_pointer = 0x7000;
        event.inside = inside;
        event.detail = LineEvent{};
        apply(world, event);
    };
    tell(10, "first");
    tell(12, "second");
    event.inside = nullptr;
    ForkEvent fork;
    fork.child = {13, 13};
    event.detail = fork;
    apply(world, event);
    REQUIRE(world.processes.at(1).threads.front().stack);
    CHECK(world.processes[1].threads.front().stack->frames.front()->function == "second");
    fork.child = {14, 14};
    fork.kind = ForkKind::vfork;
    event.detail = fork;
    apply(world, event);
    CHECK(!world.processes.at(2).threads.front().stack);
}

TEST_CASE("a child begins with what was read of its parent at the fork itself, not at an earlier event") {
    const auto inside_with = [](const char* value) {
        auto inside = std::make_shared<Inside>();
        Variable counter;
        counter.name = "counter";
        counter.value = value;
        inside->globals = std::make_shared<const std::vector<Variable>>(std::vector{counter});
        auto stack = std::make_shared<Stack>();
        StackFrame frame;
        frame.function = "main";
        stack->frames.push_back(std::make_shared<const StackFrame>(frame));
        inside->stack = stack;
        return inside;
    };
    World world;
    Event start;
    start.process = {10, 10};
    start.thread = 10;
    start.detail = StartEvent{9, {"sh"}, "/"};
    apply(world, start);
    Event call = start;
    call.stack_pointer = 0x7000;
    call.inside = inside_with("3");
    call.detail = CallEvent{};
    apply(world, call);
    Event fork = call;
    fork.inside = inside_with("77");
    ForkEvent detail;
    detail.child = {11, 11};
    fork.detail = detail;
    apply(world, fork);
    REQUIRE(world.processes.size() == 2);
    REQUIRE(world.processes[1].globals);
    CHECK(world.processes[1].globals->front().value == "77");
    REQUIRE(!world.processes[1].threads.empty());
    REQUIRE(world.processes[1].threads.front().stack);  // a copy of its parent's memory has its parent's frames
    CHECK(world.processes[1].threads.front().stack->frames.front()->function == "main");
    CHECK(world.processes[1].threads.front().stack_pointer == 0x7000);

    fork.inside = inside_with("78");
    detail.kind = ForkKind::vfork;
    detail.child = {12, 12};
    fork.detail = detail;
    apply(world, fork);
    CHECK(!world.processes[2].threads.front().stack);  // it uses its parent's memory
}

namespace {

EventDetail found(FoundProcess process) {
    return FoundEvent{std::make_shared<const FoundProcess>(std::move(process))};
}

}  // namespace

TEST_CASE("a process that was found has what was found of it, stands below who its PPid names, and is not a launch") {
    Recording r;
    r.append(event(parent, found({.parent_pid = 1,
                                  .name = "sh",
                                  .path = "/bin/sh",
                                  .arguments = {"sh", "-i"},
                                  .threads = {10, 12},
                                  .ancestors = {{1, "init", true}}})));
    r.append(event(child, found({.parent_pid = 10, .state = FoundState::stopped, .name = "vi"})));
    r.append(event(child, found({.parent_pid = 10, .again = true, .name = "ls", .path = "/bin/ls"})));
    r.append(event(parent, ExecEvent{"/bin/true", {"true"}, false, 1, 2, 0}));
    const World& world = r.last_world();
    REQUIRE(world.processes.size() == 2);
    CHECK(world.ancestors == std::vector<Ancestor>{{1, "init", true}});
    CHECK(world.processes[0].found);
    CHECK(world.processes[0].threads_made == 2);
    CHECK_FALSE(world.processes[0].kernel_thread);
    Recording kernel;
    kernel.append(event({2, 1}, found({.state = FoundState::kernel, .name = "kthreadd"})));
    CHECK(kernel.last_world().processes.front().kernel_thread);
    CHECK(kernel.last_world().processes.front().state == ProcessState::running);
    CHECK(world.processes[0].programs == std::vector<std::string>{"/bin/sh", "/bin/true"});
    CHECK(!is_launch(world, r.events()[3]));
    CHECK(world.processes[1].parent == 0);
    CHECK(world.processes[0].children == std::vector<std::size_t>{1});
    CHECK(r.world_at(1).processes[1].state == ProcessState::stopped);
    CHECK(r.world_at(1).processes[1].programs == std::vector<std::string>{"vi"});  // the kernel did not say more
    CHECK(world.processes[1].state == ProcessState::running);
    CHECK(world.processes[1].program() == "/bin/ls");
}

TEST_CASE("a process that is gone without having been seen to end is not alive, and no end is made up for it") {
    Recording r;
    r.append(event(parent, found({.parent_pid = 1, .name = "sh"})));
    r.append(event(parent, GoneEvent{5}));
    const Process& process = r.last_world().processes.front();
    CHECK(!process.alive());
    CHECK(process.state == ProcessState::gone);
    CHECK(!process.exit);
    CHECK(r.world_at(0).processes.front().alive());
}

TEST_CASE("when procatlas has left, nothing more is told, and the process is alive still") {
    Recording r;
    r.append(event(parent, found({.parent_pid = 1, .name = "sh"})));
    r.append(event({}, NoteEvent{NoteCode::left, {}, 10}));
    CHECK(r.last_world().ended);
    CHECK(r.last_world().processes.front().alive());
}

TEST_CASE("when procatlas has left, nobody is held any more") {
    Recording r;
    r.append(event(parent, found({.parent_pid = 1, .name = "sh"})));
    r.append(event(parent, SignalEvent{10, 0, std::nullopt}, true));
    CHECK(r.last_world().processes.front().state == ProcessState::held);
    r.append(event({}, NoteEvent{NoteCode::left, {}, 10}));
    CHECK(r.last_world().processes.front().state == ProcessState::running);
    CHECK(r.last_world().processes.front().held_threads.empty());
}

TEST_CASE("a process that was seen from outside has no memory once it is a zombie") {
    Recording r;
    ObservedEvent alive = event(parent, found({.parent_pid = 1, .name = "sh"}));
    auto space = std::make_shared<AddressSpace>();
    space->mappings.emplace_back().range = {0x1000, 0x2000};
    alive.memory = space;
    r.append(alive);
    CHECK(regions_of(r.last_world().processes.front(), {}).size() == 1);
    r.append(event(parent, found({.parent_pid = 1, .state = FoundState::zombie, .again = true, .name = "sh"})));
    CHECK(regions_of(r.last_world().processes.front(), {}).empty());
}

TEST_CASE("processes that were found each below the other are no circle") {
    Recording r;
    r.append(event(parent, found({.parent_pid = 11, .name = "a"})));
    r.append(event(child, found({.parent_pid = 10, .name = "b"})));
    r.append(event(parent, found({.parent_pid = 11, .again = true, .name = "a"})));
    CHECK(!r.last_world().processes[0].parent);
    CHECK(r.last_world().processes[1].parent == 0);
}
