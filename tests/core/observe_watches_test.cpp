// DescriptorWatch, PageWatch and Gatherer on real processes.
#include <doctest/doctest.h>

#include "core/observe/linux/proc/clock.h"
#include "tests/core/observe_support.h"

using namespace procatlas;
using namespace procatlas::observing;

TEST_CASE("DescriptorWatch reports the open files when they have changed, and nothing when it is off") {
    Parts parts;
    TracedThread& self = parts.stopped_first(::getpid());
    DescriptorWatch& watch = parts.gatherer.descriptors();
    ObservedEvent event;
    watch.look(self, event);
    CHECK(event.descriptors == nullptr);
    watch.set_mode(DescriptorWatch::Mode::on);
    watch.look(self, event);
    REQUIRE(event.descriptors);
    const std::size_t before = event.descriptors->open.size();
    ObservedEvent same;
    watch.look(self, same);
    CHECK(same.descriptors == nullptr);

    std::array<int, 2> pipe{};
    REQUIRE(::pipe2(pipe.data(), O_CLOEXEC) == 0);
    ObservedEvent changed;
    watch.look(self, changed);
    REQUIRE(changed.descriptors);
    CHECK(changed.descriptors->open.size() == before + 2);
    ::close(pipe[1]);
    ObservedEvent closed;
    watch.look_at_pipes(self, closed);  // it has a pipe, so its descriptors are read
    CHECK(closed.descriptors != nullptr);
    ::close(pipe[0]);
}

TEST_CASE("DescriptorWatch remembers at the entry of an exec what the exec will close") {
    Parts parts;
    TracedThread& self = parts.stopped_first(::getpid());
    DescriptorWatch& watch = parts.gatherer.descriptors();
    watch.set_mode(DescriptorWatch::Mode::on);
    std::array<int, 2> pipe{};
    REQUIRE(::pipe2(pipe.data(), O_CLOEXEC) == 0);
    watch.remember_closing(self);
    REQUIRE(self.process->at_exec);
    ObservedEvent exec;
    exec.detail = ExecEvent{};
    watch.look(self, exec);
    REQUIRE(exec.descriptors);
    CHECK(exec.descriptors->closed.size() >= 2);
    CHECK_FALSE(self.process->at_exec);
    ::close(pipe[0]);
    ::close(pipe[1]);
}

TEST_CASE("PageWatch reads pages only of stopped threads, and of none while all processes are being ended") {
    IdleChild child;
    Parts parts;
    TracedThread& thread = parts.stopped_first(child.pid());
    CHECK_FALSE(parts.pages.wants(thread, EventClass::lifecycle));
    parts.pages.set_mode(PageWatch::Mode::read);
    CHECK(parts.pages.wants(thread, EventClass::lifecycle));
    CHECK(parts.pages.wants(thread, EventClass::memory));
    thread.process->pages_cost_ns = 1'000'000'000'000;  // the last reading was slow, so frequent events are not read
    thread.process->pages_read_at_ns = monotonic_ns();
    CHECK_FALSE(parts.pages.wants(thread, EventClass::memory));
    CHECK(parts.pages.wants(thread, EventClass::lifecycle));
    (void)parts.pacing.stop_all(0);
    CHECK_FALSE(parts.pages.wants(thread, EventClass::lifecycle));
}

TEST_CASE("PageWatch adds page states to a process's event, and names the processes that may share pages with it") {
    IdleChild child;
    Parts parts;
    TracedThread& thread = parts.stopped_first(child.pid());
    parts.pages.set_mode(PageWatch::Mode::read);
    ObservedEvent event;
    parts.pages.add(event, thread, EventClass::lifecycle, nullptr);
    CHECK(event.pages.empty());
    parts.pages.add(event, thread, EventClass::lifecycle, parts.gatherer.maps().read(thread));
    REQUIRE(event.pages.size() == 1);
    CHECK(event.pages[0].process.pid == child.pid());
    CHECK(thread.process->pages != nullptr);

    CHECK_FALSE(parts.pages.wants_before_fork(thread));  // no process shares pages with it
    parts.tracees.add_process({child.pid() + 1, 1}, child.pid());
    CHECK(parts.pages.wants_before_fork(thread));
    parts.pages.begin_new_memory(*thread.process);
    CHECK_FALSE(parts.pages.wants_before_fork(thread));
}

TEST_CASE("PageWatch measures only living processes") {
    IdleChild child;
    Parts parts;
    TracedThread& thread = parts.stopped_first(child.pid());
    parts.pages.measure(child.pid() + 1);
    parts.pages.measure(child.pid());
    thread.process->life = ProcessLife::dead;
    parts.pages.measure(child.pid());
    CHECK(details_of<ResidentEvent>(parts.take_events()).size() == 1);
}

TEST_CASE("Gatherer reads what it was asked for while the thread stays stopped") {
    IdleChild child;
    Parts parts;
    TracedThread& thread = parts.stopped_first(child.pid());
    const Gathered bare = parts.gatherer.gather(thread, ContinueEvent{}, EventClass::lifecycle);
    CHECK(bare.memory == nullptr);
    CHECK(bare.event.process.pid == child.pid());
    CHECK(bare.event.pages.empty());
    parts.pages.set_mode(PageWatch::Mode::read);
    const Gathered all = parts.gatherer.gather(thread, ContinueEvent{}, EventClass::lifecycle);
    CHECK(all.memory != nullptr);  // pages need the map
    CHECK(all.event.pages.size() == 1);
    const Gathered none =
        parts.gatherer.gather(thread, ContinueEvent{}, EventClass::lifecycle, {.pages = Reading::PageStates::none});
    CHECK(none.event.pages.empty());
    CHECK(thread.whereabouts.where() == Where::stopped);
    CHECK(parts.take_events().empty());
}
