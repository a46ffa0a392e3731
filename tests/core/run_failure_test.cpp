// Why a run is none that could be looked at.
#include "core/live/run_failure.h"

#include <doctest/doctest.h>

#include "core/model/event.h"

using namespace procatlas;

TEST_CASE("why a run failed is said once, and of a run that did not fail nothing") {
    Recording recording;
    ObservedEvent event;
    event.process = {1, 1};
    event.detail = StartEvent{};
    recording.append(event);
    CHECK(run_failure(recording).empty());
    event.detail = NoteEvent{NoteCode::launch_failed, "the program cannot be started: no such file", 2};
    recording.append(event);
    CHECK(run_failure(recording) == "the program cannot be started: no such file");
}
