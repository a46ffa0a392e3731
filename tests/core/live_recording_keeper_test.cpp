// A growing recording is written to its file; if that fails, the user is told.
#include "core/live/recording_keeper.h"

#include <doctest/doctest.h>
#include <poll.h>

#include <cstdlib>

#include "core/store/read_recording.h"
#include "core/store/recordings_folder.h"
#include "tests/scratch_folder.h"
#include "tests/support/scripted_run.h"

using namespace procatlas;
namespace fs = std::filesystem;

TEST_CASE("RecordingKeeper: a followed recording is in its file") {
    const ScratchFolder folder;
    RecordingKeeper keeper;
    Recording recording;
    CHECK(keeper.file().empty());
    CHECK(!keeper.follow(recording));  // kept nowhere
    REQUIRE(keeper.finish(recording));
    REQUIRE(keeper.begin(folder / "run.procatlas", "a title", {}));
    for (const ObservedEvent& event : two_processes()) {
        recording.append(event);
        CHECK(!keeper.follow(recording));
    }
    REQUIRE(keeper.finish(recording));
    CHECK(keeper.file().empty());
    const auto read = read_recording(folder / "run.procatlas");
    REQUIRE(read);
    CHECK(read->info.title == "a title");
    CHECK(read->recording.last_world() == recording.last_world());
}

TEST_CASE("a file that is removed is reported once, as an event of the recording") {
    const ScratchFolder folder;
    const fs::path inner = folder / "inner";
    fs::create_directory(inner);
    RecordingKeeper keeper;
    REQUIRE(keeper.begin(inner / "run.procatlas", "a title", {}));
    fs::remove_all(inner);
    Recording recording;
    for (const ObservedEvent& event : two_processes()) {
        recording.append(event);
    }
    while (!keeper.follow(recording)) {
        pollfd wait{keeper.descriptor(), POLLIN, 0};
        REQUIRE(::poll(&wait, 1, 60'000) == 1);
    }
    REQUIRE(recording.events().size() == 3);
    const auto* gap = std::get_if<GapEvent>(&recording.events().back().detail);
    REQUIRE(gap);
    CHECK(gap->code == GapCode::recording_failed);
    CHECK(!keeper.follow(recording));
    CHECK(!keeper.finish(recording));
    CHECK(recording.events().size() == 3);
}

TEST_CASE("a file that cannot be made keeps nothing and says why") {
    RecordingKeeper keeper;
    const auto begun = keeper.begin("/none/of/this/run.procatlas", "a title", {});
    REQUIRE(!begun);
    CHECK(!begun.error().message.empty());
    CHECK(keeper.file().empty());
    CHECK(keeper.descriptor() == -1);
}
