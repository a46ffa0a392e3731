#include "core/live/moment_world.h"

#include <doctest/doctest.h>

#include "tests/support/scripted_run.h"

using namespace procatlas;

TEST_CASE("MomentWorld: the world of a moment belongs to the given recording, even if another one has the same moment") {
    Recording one;
    Recording other;
    for (const ObservedEvent& event : two_processes()) {
        one.append(event);
        other.append(event_of(20, SignalEvent{}));
    }
    MomentWorld world;
    CHECK(world.at(one, 1, 1).processes.size() == 2);
    CHECK(world.at(one, 1, 0).processes.size() == 1);
    CHECK(world.at(other, 2, 0).find({10, 10}) == nullptr);
    CHECK(&world.at(one, 1, std::nullopt) == &one.last_world());
}
