// What procatlas reads from files and memory while a program runs: it asks each question once, and uses the answers.
#include <doctest/doctest.h>
#include <poll.h>
#include <unistd.h>

#include <fstream>
#include <iterator>

#include "core/live/bytes_asker.h"
#include "core/live/image_collector.h"
#include "core/live/inspecting_observer.h"
#include "core/stream/proc_maps.h"
#include "tests/core/stopped_fixture.h"
#include "tests/support/apply_observed.h"
#include "tests/support/scripted_run.h"

using namespace procatlas;

namespace {

const std::string fixture_folder = PROCATLAS_BUILD_DIR "/bin/fixtures/";

void wait_for(int descriptor) {
    pollfd wait{descriptor, POLLIN, 0};
    REQUIRE(::poll(&wait, 1, 60'000) == 1);
}

// The map of this very program.
std::shared_ptr<const AddressSpace> own_map() {
    std::ifstream file("/proc/self/maps");
    auto parsed = parse_proc_maps(std::string(std::istreambuf_iterator<char>(file), {}));
    REQUIRE(parsed);
    return std::make_shared<const AddressSpace>(std::move(*parsed));
}

ObservedEvent waiting(ObservedEvent event) {
    event.waits = true;
    return event;
}

void take_all_answers(ImageCollector& images, Recording& recording) {
    images.follow(recording);
    while (images.waits()) {
        wait_for(images.descriptor());
        images.follow(recording);
    }
}

// All events, once the reader has answered.
std::vector<ObservedEvent> receive_all(Observer& observer, std::size_t count) {
    std::vector<ObservedEvent> events;
    while (events.size() < count) {
        wait_for(observer.descriptor());
        for (ObservedEvent& event : observer.receive()) {
            events.push_back(std::move(event));
        }
    }
    return events;
}

}  // namespace

TEST_CASE("ImageCollector: each program and library of a map is read once and then part of the recording") {
    ObservedEvent event = event_of(10, StartEvent{9, {"sh"}, "/"});
    event.memory = own_map();
    Recording recording;
    recording.append(event);
    ImageCollector images;
    take_all_answers(images, recording);
    const std::size_t found = recording.images().size();
    CHECK(found > 1);  // this program and the C library at least
    recording.append(event_of(10, SignalEvent{}));
    take_all_answers(images, recording);
    CHECK(recording.images().size() == found);
    images.clear();  // for a new recording
    Recording other;
    other.append(event);
    take_all_answers(images, other);
    CHECK(other.images().size() == found);
}

TEST_CASE("BytesAsker has the bytes of a held process read once at each of its events, those of a running one never") {
    StoppedFixture program(fixture_folder + "frames");
    program.run_to_stop();
    ObservedEvent event = event_of(program.pid(), StartEvent{9, {"frames"}, "/"});
    World world;
    apply(world, event);
    world.processes[0].state = ProcessState::running;
    const Address stack = program.registers()[7] & ~Address{15};
    const std::optional<BytesWanted> wanted = BytesWanted{event.process, {stack, stack + 64}};
    BytesAsker asker;
    asker.follow(world, wanted, true);
    CHECK(!asker.bytes().held);
    CHECK(!asker.bytes().waiting);
    world.processes[0].state = ProcessState::held;
    CHECK(asker.follow(world, wanted, true));
    CHECK(asker.bytes().waiting);
    wait_for(asker.descriptor());
    while (!asker.follow(world, wanted, true)) {
        wait_for(asker.descriptor());
    }
    CHECK(asker.bytes().error.empty());
    CHECK(asker.bytes().memory.bytes.size() == 64);
    CHECK(asker.bytes().count == 1);
    CHECK(!asker.follow(world, wanted, true));  // nothing has happened since
    CHECK(!asker.bytes().waiting);
}

TEST_CASE(
    "InspectingObserver: an event whose thread awaits inspection is reported after the inspection, and then the thread "
    "resumes") {
    // There is no such process. The test only checks that the wait ends and that the order is kept.
    constexpr std::int32_t nobody = 0x3FFFFFFF;
    auto inner =
        std::make_unique<ScriptedObserver>(std::vector{waiting(event_of(nobody, SignalEvent{})), event_of(10, ContinueEvent{})},
                                           0, ScriptedObserver::Afterwards::stays);
    const ScriptedObserver& script = *inner;
    InspectingObserver observer(std::move(inner), {});
    const auto events = receive_all(observer, 2);
    CHECK(events[0].process.pid == nobody);
    CHECK(events[1].process.pid == 10);
    REQUIRE(events[0].inside);
    CHECK(!events[0].inside->error.empty());
    CHECK(!events[1].inside);
    REQUIRE(script.commands().size() == 1);
    CHECK(std::get<ReleaseCommand>(script.commands()[0]).thread == nobody);
}

TEST_CASE("a program that has just begun gets its breakpoints before it goes on; `only` narrows them to one function") {
    StoppedFixture program(fixture_folder + "frames");
    for (const std::string& only : {std::string(), std::string("main")}) {
        auto inner = std::make_unique<ScriptedObserver>(
            std::vector{
                waiting(event_of(program.pid(), ExecEvent{.path = fixture_folder + "frames", .arguments = {"frames"}}))},
            0, ScriptedObserver::Afterwards::stays);
        const ScriptedObserver& script = *inner;
        InspectingObserver observer(std::move(inner), only);
        (void)receive_all(observer, 1);
        REQUIRE(script.commands().size() == 2);
        const auto* breakpoints = std::get_if<BreakpointsCommand>(&script.commands()[0]);
        REQUIRE(breakpoints);
        CHECK(breakpoints->pid == program.pid());
        CHECK((breakpoints->plan.functions.size() == 1) == !only.empty());
        CHECK(std::get<ReleaseCommand>(script.commands()[1]).thread == program.pid());
    }
}
