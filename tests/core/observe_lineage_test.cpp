#include "core/observe/linux/trace/lineage.h"

#include <doctest/doctest.h>
#include <sched.h>
#include <signal.h>

#include <chrono>

#include "core/observe/linux/proc/proc_stat.h"
#include "tests/core/observe_support.h"

using namespace procatlas;
using namespace procatlas::observing;

namespace {

// A process with a child; both are idle. After a byte on its input, the process waits for the child and reports that.
class Family {
public:
    Family() {
        std::array<int, 2> orders{};
        std::array<int, 2> answers{};
        REQUIRE(::pipe2(orders.data(), O_CLOEXEC) == 0);
        REQUIRE(::pipe2(answers.data(), O_CLOEXEC) == 0);
        parent_ = ::fork();
        REQUIRE(parent_ >= 0);
        if (parent_ == 0) {
            ::close(orders[1]);
            live(orders[0], answers[1]);
        }
        ::close(orders[0]);
        ::close(answers[1]);
        orders_ = orders[1];
        answers_ = answers[0];
        REQUIRE(::read(answers_, &child_, sizeof child_) == sizeof child_);
    }
    Family(const Family&) = delete;
    Family& operator=(const Family&) = delete;
    ~Family() {
        ::kill(child_, SIGKILL);
        end_parent();
        ::close(orders_);
        ::close(answers_);
    }

    [[nodiscard]] pid_t parent() const { return parent_; }
    [[nodiscard]] pid_t child() const { return child_; }
    // Waits until the child is a zombie.
    void kill_child() const {
        ::kill(child_, SIGKILL);
        const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
        while (std::chrono::steady_clock::now() < deadline) {
            const auto stat = read_proc_stat(child_);
            if (stat && stat->state == 'Z') {
                return;
            }
            ::sched_yield();
        }
        FAIL("the child does not die");
    }
    void reap_child() const {
        REQUIRE(::write(orders_, "w", 1) == 1);
        char done = 0;
        REQUIRE(::read(answers_, &done, 1) == 1);
    }
    void end_parent() {
        if (parent_ != 0) {
            ::kill(parent_, SIGKILL);
            ::waitpid(parent_, nullptr, 0);
            parent_ = 0;
        }
    }

private:
    [[noreturn]] static void live(int orders, int answers) {
        const pid_t child = ::fork();
        while (child == 0) {
            ::pause();
        }
        [[maybe_unused]] ssize_t done = ::write(answers, &child, sizeof child);
        char order = 0;
        while (::read(orders, &order, 1) == 1) {
            ::waitpid(child, nullptr, 0);
            done = ::write(answers, "d", 1);
        }
        ::_exit(0);
    }

    pid_t parent_ = 0;
    pid_t child_ = 0;
    int orders_ = -1;
    int answers_ = -1;
};

// Both processes are known, and the birth of the child was reported.
void add(Parts& parts, const Family& family) {
    parts.lineage.add_first(family.parent());
    REQUIRE(parts.lineage.adopt(family.child(), {stop_status(SIGTRAP), family.child(), family.parent(), 0}) != nullptr);
}

void die(Parts& parts, pid_t pid, ProcessLife life) {
    TracedProcess& process = *parts.tracees.find_process(pid);
    parts.tracees.mark_exit_told(process);
    process.life = life;
    parts.lineage.settle_dead(process);
}

}  // namespace

TEST_CASE("Lineage: a child whose birth was not reported is adopted as a fork of its parent, with its map") {
    const Family family;
    Parts parts;
    add(parts, family);
    const auto events = parts.take_events();
    REQUIRE(events.size() == 1);
    const auto& fork = std::get<ForkEvent>(events[0].detail);
    CHECK(events[0].process.pid == family.parent());
    CHECK(fork.child.pid == family.child());
    CHECK(fork.child.start_ticks != 0);
    CHECK(events[0].child_memory != nullptr);
    CHECK_FALSE(fork.child_held);
    CHECK(parts.tracees.find_process(family.parent())->children.contains(family.child()));
}

TEST_CASE("a newborn is held if its parent would be") {
    const Family family;
    Parts parts;
    parts.pacing.start(launch_held());
    add(parts, family);
    CHECK(std::get<ForkEvent>(parts.take_events().at(0).detail).child_held);
    CHECK(parts.tracees.find_thread(family.child())->whereabouts.is_to_be_held());
}

TEST_CASE("a zombie stays until its parent waits for it, and then the parent has reaped it") {
    const Family family;
    Parts parts;
    add(parts, family);
    family.kill_child();
    die(parts, family.child(), ProcessLife::zombie);
    TracedProcess& parent = *parts.tracees.find_process(family.parent());
    parts.lineage.look_for_reaped(parent);
    parts.lineage.look_for_unreported();
    CHECK(parts.lineage.has_zombies());
    CHECK(details_of<ReapEvent>(parts.take_events()).empty());

    family.reap_child();
    parts.lineage.look_for_reaped(parent);
    const auto events = parts.take_events();
    const auto reaps = details_of<ReapEvent>(events);
    REQUIRE(reaps.size() == 1);
    CHECK(reaps[0].by == Reaper::parent);
    CHECK(reaps[0].child.pid == family.child());
    CHECK(events[0].process.pid == family.parent());
    CHECK_FALSE(parts.lineage.has_zombies());
    CHECK(parts.tracees.find_process(family.child()) == nullptr);
    CHECK(parent.children.empty());
}

TEST_CASE("a reap without a stop is found by polling") {
    const Family family;
    Parts parts;
    add(parts, family);
    family.kill_child();
    die(parts, family.child(), ProcessLife::zombie);
    family.reap_child();
    parts.lineage.look_for_unreported();
    CHECK(details_of<ReapEvent>(parts.take_events()).size() == 1);
}

TEST_CASE("when a parent dies, its child is reported with a new parent, and the observer has reaped the old one") {
    Family family;
    Parts parts;
    add(parts, family);
    const pid_t parent = family.parent();
    family.end_parent();
    die(parts, parent, ProcessLife::dead);
    const auto events = parts.take_events();
    const auto reparents = details_of<ReparentEvent>(events);
    REQUIRE(reparents.size() == 1);
    CHECK(reparents[0].old_parent_pid == parent);
    CHECK(reparents[0].new_parent_pid == read_proc_stat(family.child())->parent);
    const auto reaps = details_of<ReapEvent>(events);
    REQUIRE(reaps.size() == 1);
    CHECK(reaps[0].by == Reaper::observer);
    CHECK(reaps[0].child.pid == parent);
}

TEST_CASE("at the end of all processes, the missing reaps are reported") {
    const Family family;
    Parts parts;
    add(parts, family);
    family.kill_child();
    die(parts, family.child(), ProcessLife::zombie);
    parts.lineage.finish();
    const auto reaps = details_of<ReapEvent>(parts.take_events());
    REQUIRE(reaps.size() == 1);
    CHECK(reaps[0].child.pid == family.child());
    CHECK(reaps[0].by == Reaper::kernel);
}

TEST_CASE("the child that reaches the cap is announced once") {
    const Family family;
    Parts parts;
    parts.pacing.start(launch_capped(1));
    parts.lineage.add_first(family.parent());
    parts.lineage.expect_newborn();
    parts.lineage.expect_newborn();
    const auto notes = details_of<NoteEvent>(parts.take_events());
    REQUIRE(notes.size() == 1);
    CHECK(notes[0].code == NoteCode::cap_reached);
    CHECK(notes[0].number == 1);
}
