// A recording replaces another one of its name only when it is whole.
#include <doctest/doctest.h>
#include <sys/file.h>

#include <fstream>

#include "core/live/recording_keeper.h"
#include "core/store/recording_place.h"
#include "core/store/recordings_folder.h"
#include "tests/core/store_support.h"
#include "tests/support/bytes_of.h"

using namespace procatlas;
namespace fs = std::filesystem;

namespace {

std::ptrdiff_t files_in(const ScratchFolder& folder) {
    return std::distance(fs::directory_iterator(folder.path()), {});
}

Recording of_a_program() {
    Recording recording;
    for (ObservedEvent& event : MadeUpRun(2).events(400)) {
        recording.append(std::move(event));
    }
    return recording;
}

}  // namespace

TEST_CASE("an older recording stays as it is until the new one is whole") {
    const ScratchFolder folder;
    const fs::path path = folder / "run.procatlas";
    write_made_up(path, 12, 100);
    const std::string before = bytes_of(path);
    const Recording recording = of_a_program();
    auto writer = RecordingWriter::create(path, {"new", 1, "v"});
    REQUIRE(writer);
    CHECK((*writer)->path() == folder / "run.procatlas.part");
    (*writer)->follow(recording);
    CHECK(bytes_of(path) == before);
    REQUIRE((*writer)->finish(recording));
    writer->reset();
    CHECK(files_in(folder) == 1);
    const auto read = read_recording(path);
    REQUIRE(read);
    CHECK(read->info.title == "new");
    check_same(recording, read->recording, 50);
}

TEST_CASE("a run that is killed leaves the older recording, and its own part under a name that the next one spares") {
    const ScratchFolder folder;
    const fs::path path = folder / "run.procatlas";
    write_made_up(path, 12, 100);
    const std::string before = bytes_of(path);
    {
        auto killed = RecordingWriter::create(path, {"killed", 1, "v"});
    }  // never finished
    CHECK(bytes_of(path) == before);
    CHECK(fs::exists(folder / "run.procatlas.part"));
    const Recording recording = of_a_program();
    auto writer = RecordingWriter::create(path, {"new", 1, "v"});
    REQUIRE(writer);
    CHECK((*writer)->path() == folder / "run.procatlas.part-2");
    REQUIRE((*writer)->finish(recording));
    CHECK(read_recording(path)->info.title == "new");
    CHECK(read_recording(folder / "run.procatlas.part")->info.title == "killed");
}

TEST_CASE("nobody else may replace the same recording meanwhile, and a log of the older one does not outlive it") {
    const ScratchFolder folder;
    const fs::path path = folder / "run.procatlas";
    write_made_up(path, 12, 100);
    std::ofstream(folder / "run.procatlas-wal") << "left by a crash";
    RecordingPlace place = RecordingPlace::of(path);
    REQUIRE(place.replaces());
    CHECK_FALSE(RecordingWriter::create(path, {"other", 1, "v"}));
    std::ofstream(place.written()) << "new";
    REQUIRE(place.take());
    CHECK(bytes_of(path) == "new");
    CHECK_FALSE(place.replaces());
    CHECK_FALSE(fs::exists(folder / "run.procatlas-wal"));
}

TEST_CASE("a free name and an empty file are written to at once, and other files are refused") {
    const ScratchFolder folder;
    CHECK_FALSE(RecordingPlace::of(folder / "free.procatlas").replaces());
    std::ofstream(folder / "empty").close();
    CHECK_FALSE(RecordingPlace::of(folder / "empty").replaces());
    CHECK(RecordingWriter::create(folder / "empty", {"x", 1, "v"}));
    std::ofstream(folder / "thesis.txt") << "years of work";
    CHECK_FALSE(RecordingWriter::create(folder / "thesis.txt", {"x", 1, "v"}));
    CHECK(bytes_of(folder / "thesis.txt") == "years of work");
}

TEST_CASE("a run in which no program was started replaces nothing and leaves nothing") {
    const ScratchFolder folder;
    const fs::path path = folder / "run.procatlas";
    write_made_up(path, 12, 100);
    const std::string before = bytes_of(path);
    RecordingKeeper keeper;
    REQUIRE(keeper.begin(path, "nothing", {}));
    Recording recording;
    ObservedEvent failed;
    failed.detail = NoteEvent{NoteCode::launch_failed, "there is no such program", 2};
    recording.append(std::move(failed));
    CHECK_FALSE(keeper.follow(recording));
    REQUIRE(keeper.finish(recording));
    CHECK(bytes_of(path) == before);
    CHECK(files_in(folder) == 1);
}

TEST_CASE("recordings are kept by when they were written, whatever their names say") {
    const ScratchFolder state;
    const RecordingsFolder folder(state / "recordings");
    const RecordingInfo info{"x", 1'700'000'000'000, "v"};
    REQUIRE(folder.new_file(info));  // makes the folder
    for (int i = 0; i < 20; ++i) {
        const fs::path path = folder.path() / ("2099-01-01_00-00-" + std::to_string(10 + i) + "_old.procatlas");
        REQUIRE((*RecordingWriter::create(path, info))->finish(Recording()));
        fs::last_write_time(path, fs::file_time_type::clock::now() + std::chrono::hours(i % 2 == 0 ? 24 * 365 * 60 : -2));
    }
    std::vector<fs::path> runs;
    for (int i = 0; i < 3; ++i) {
        const auto path = folder.new_file(info);
        REQUIRE(path);
        REQUIRE((*RecordingWriter::create(*path, info))->finish(Recording()));
        runs.push_back(*path);
    }
    for (const fs::path& run : runs) {
        CHECK(fs::exists(run));
    }
    CHECK(folder.recent().size() == 20);
}
