#include "core/observe/linux/proc/waiting.h"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <functional>
#include <thread>

#include "core/model/world.h"
#include "core/narrate/process_state.h"
#include "tests/core/layout_support.h"

using namespace procatlas;

namespace {

// A child that does `what`; ended with this object.
class Child {
public:
    explicit Child(const std::function<void()>& what) : pid_(fork()) {
        if (pid_ == 0) {
            what();
            _exit(0);
        }
    }
    Child(const Child&) = delete;
    Child& operator=(const Child&) = delete;
    ~Child() {
        if (pid_ > 0) {
            kill(pid_, SIGKILL);
            waitpid(pid_, nullptr, 0);
        }
    }

    // Whether it comes to wait for `what` within ten seconds.
    [[nodiscard]] bool comes_to_wait_for(WaitingFor what) const {
        for (int i = 0; i < 10'000; ++i) {
            const auto waits = read_waiting(pid_);
            if (waits && waits->what == what) {
                return true;
            }
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
        }
        return false;
    }

private:
    pid_t pid_;
};

}  // namespace

TEST_CASE("the kernel tells for what a process waits") {
    CHECK(Child([] { pause(); }).comes_to_wait_for(WaitingFor::signal));
    CHECK(Child([] { sleep(100); }).comes_to_wait_for(WaitingFor::time));
    CHECK(Child([] {
              const pid_t parent = getpid();
              const pid_t child = fork();
              if (child == 0) {
                  prctl(PR_SET_PDEATHSIG, SIGKILL);
                  if (getppid() == parent) {  // otherwise it has died before
                      pause();
                  }
                  _exit(0);
              }
              waitpid(-1, nullptr, 0);
          }).comes_to_wait_for(WaitingFor::child));
    int ends[2];
    REQUIRE(pipe(ends) == 0);
    CHECK(Child([&] {
              char byte = 0;
              (void)!read(ends[0], &byte, 1);
          }).comes_to_wait_for(WaitingFor::pipe));
    close(ends[0]);
    close(ends[1]);
    const int master = posix_openpt(O_RDWR | O_NOCTTY);
    REQUIRE(master >= 0);
    REQUIRE(grantpt(master) == 0);
    REQUIRE(unlockpt(master) == 0);
    CHECK(Child([&] {
              const int terminal = open(ptsname(master), O_RDWR | O_NOCTTY);
              char byte = 0;
              (void)!read(terminal, &byte, 1);
          }).comes_to_wait_for(WaitingFor::terminal));
    close(master);
}

TEST_CASE("a process that computes waits for nothing") {
    CHECK(!parse_kernel_call("running\n"));
}

TEST_CASE("a line of /proc/PID/syscall is a call with its first argument") {
    const auto call = parse_kernel_call("61 0xffffffff 0x7ffd 0x0 0x0 0x0 0x0 0x7ffc 0x7f00\n");
    REQUIRE(call);
    CHECK(call->number == 61);
    CHECK(call->first == 0xffffffff);
    CHECK(parse_kernel_call("-1 0x7ffc 0x7f00\n")->number == -1);
    CHECK(!parse_kernel_call(""));
    CHECK(!parse_kernel_call("61"));
    CHECK(!parse_kernel_call("61 zz"));
}

TEST_CASE("what a process waits for is its state until it is told that it runs again, or executes another program") {
    World world;
    Event event;
    event.process = {10, 1};
    event.thread = 10;
    event.detail = StartEvent{};
    apply(world, event);
    event.detail = WaitsEvent{WaitingFor::terminal, 0};
    apply(world, event);
    CHECK(state_text(world.processes[0], words_of("en")) == "reads the terminal");
    CHECK(world.processes[0].last_moment == 0);  // nothing happened to it
    event.detail = WaitsEvent{WaitingFor::child, 11};
    apply(world, event);
    CHECK(state_text(world.processes[0], words_of("en")) == "waits for 11");
    event.detail = WaitsEvent{};
    apply(world, event);
    CHECK(state_text(world.processes[0], words_of("en")) == "running");
    event.detail = WaitsEvent{WaitingFor::lock, 0};
    apply(world, event);
    event.detail = ExecEvent{.path = "/bin/true", .arguments = {}};
    apply(world, event);
    CHECK(state_text(world.processes[0], words_of("en")) == "running");
}

TEST_CASE("whatever the first thread does ends its wait; what others do, or is only measured, does not") {
    World world;
    Event event;
    event.process = {10, 1};
    event.thread = 10;
    event.detail = StartEvent{};
    apply(world, event);
    const auto tell = [&](std::int32_t thread, EventDetail detail) {
        event.thread = thread;
        event.detail = std::move(detail);
        apply(world, event);
        return state_text(world.processes[0], words_of("en"));
    };
    tell(10, WaitsEvent{WaitingFor::terminal, 0});
    CHECK(tell(11, LineEvent{}) == "reads the terminal");
    CHECK(tell(10, ResidentEvent{}) == "reads the terminal");
    CHECK(tell(10, ReparentEvent{}) == "reads the terminal");
    CHECK(tell(10, LineEvent{}) == "running");
    tell(10, WaitsEvent{WaitingFor::terminal, 0});
    CHECK(tell(10, OutputEvent{}) == "running");
}
