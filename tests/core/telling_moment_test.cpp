// The moment of a picture for which nobody named one.
#include "core/model/telling_moment.h"

#include <doctest/doctest.h>

#include <memory>
#include <string>
#include <utility>

#include "core/model/inside.h"

namespace procatlas {
namespace {

class Run {
public:
    std::size_t add(ProcessKey process, EventDetail detail, std::size_t frames = 0) {
        ObservedEvent event;
        event.process = process;
        event.thread = process.pid;
        event.detail = std::move(detail);
        if (frames > 0) {
            Stack stack;
            StackFrame own;
            own.own = true;
            stack.frames.resize(frames, std::make_shared<const StackFrame>(own));
            Inside inside;
            inside.stack = std::make_shared<const Stack>(std::move(stack));
            event.inside = std::make_shared<const Inside>(std::move(inside));
        }
        recording_.append(std::move(event));
        return recording_.last_moment();
    }
    std::size_t fork(ProcessKey parent, ProcessKey child) {
        ForkEvent fork;
        fork.child = child;
        return add(parent, fork);
    }
    [[nodiscard]] const Recording& recording() const { return recording_; }

private:
    Recording recording_;
};

constexpr ProcessKey parent{10, 1};
constexpr ProcessKey one{11, 2};
constexpr ProcessKey two{12, 3};

}  // namespace

TEST_CASE("of a family that has ended, the last moment before the first of all its processes ended is told") {
    Run run;
    run.add(parent, StartEvent{0, {"x"}, "/"});
    run.fork(parent, one);
    run.fork(parent, two);
    const std::size_t told = run.add(two, OutputEvent{});
    run.add(one, ExitEvent{0, std::nullopt, false});
    run.add(two, OutputEvent{});
    run.add(two, ExitEvent{0, std::nullopt, false});
    run.add(parent, ExitEvent{0, std::nullopt, false});
    CHECK(telling_moment(run.recording()) == told);
}

TEST_CASE("of a recursion its deepest call is told") {
    Run run;
    run.add(parent, StartEvent{0, {"x"}, "/"});
    std::size_t deepest = 0;
    for (const std::size_t frames : {1, 2, 3, 4, 3, 2, 1}) {
        const std::size_t moment = run.add(parent, LineEvent{}, frames);
        deepest = frames == 4 ? moment : deepest;
    }
    run.add(parent, OutputEvent{});
    run.add(parent, ExitEvent{0, std::nullopt, false});
    CHECK(telling_moment(run.recording()) == deepest);
}

TEST_CASE("of threads the moment with most of them is told") {
    Run run;
    run.add(parent, StartEvent{0, {"x"}, "/"});
    run.add(parent, ThreadEvent{});
    const std::size_t two_more = run.add(parent, ThreadEvent{});
    run.add(parent, ThreadExitEvent{});
    run.add(parent, LineEvent{}, 3);
    run.add(parent, ExitEvent{0, std::nullopt, false});
    CHECK(telling_moment(run.recording()) == two_more);
}

TEST_CASE("of a recording without events, or with none alive, some moment is told") {
    CHECK(telling_moment(Recording()) == 0);
    Run run;
    run.add(parent, ExitEvent{0, std::nullopt, false});
    CHECK(telling_moment(run.recording()) == 0);
}

}  // namespace procatlas
