// Recordings written to files and read again.
#include <doctest/doctest.h>
#include <poll.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <csignal>
#include <fstream>
#include <random>
#include <thread>

#include "core/store/recording_file.h"
#include "tests/core/store_support.h"

using namespace procatlas;
namespace fs = std::filesystem;

namespace {

// Follows until the writer reports a problem, or reports that the problem is gone.
bool follow_until(RecordingWriter& writer, const Recording& recording, bool wanted_problem) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    writer.follow(recording);
    while (writer.problem().has_value() != wanted_problem) {
        pollfd ready{writer.descriptor(), POLLIN, 0};
        if (std::chrono::steady_clock::now() > deadline || ::poll(&ready, 1, 20'000) <= 0) {
            return false;
        }
        writer.follow(recording);
    }
    return true;
}

void append_all(Recording& recording, MadeUpRun& run, std::size_t count) {
    for (ObservedEvent& event : run.events(count)) {
        recording.append(std::move(event));
    }
}

std::size_t entries(const fs::path& folder) {
    return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder), {}));
}

}  // namespace

TEST_CASE("a recording is never written through a link that somebody else puts in its place") {
    const ScratchFolder folder;
    const fs::path victim = folder / "victim";
    const fs::path path = folder / "run.procatlas";
    std::ofstream(victim) << "";
    std::atomic<bool> ended = false;
    std::atomic<int> put = 0;
    std::thread other([&] {
        std::error_code error;
        while (!ended) {
            fs::create_symlink(victim, folder / "link", error);
            struct stat status{};
            while (!ended && (::lstat(path.c_str(), &status) != 0 || !S_ISREG(status.st_mode))) {
            }
            put += ::rename((folder / "link").c_str(), path.c_str()) == 0 ? 1 : 0;
        }
    });
    for (int i = 0; i < 300; ++i) {
        (void)RecordingFile::create(path, {"made up", 1, "test"});
        ::unlink(path.c_str());
    }
    ended = true;
    other.join();
    CHECK(put > 0);
    CHECK(fs::file_size(victim) == 0);
}

TEST_CASE("a recording read from its file equals the one written, in many random runs") {
    const ScratchFolder folder;
    for (unsigned seed = 0; seed < 8; ++seed) {
        CAPTURE(seed);
        const fs::path path = folder / "run.procatlas";
        const Recording written = write_made_up(path, seed, 300);
        const LoadedRecording read = read_whole(path);
        check_same(written, read.recording, 3);
        CHECK(read.info.title == "made up\n");
        CHECK(read.info.started_unix_ms == 1'700'000'000'123);
        CHECK(read.info.version == "test");
    }
    CHECK(entries(folder.path()) == 1);  // one file, nothing beside it
}

TEST_CASE("a recording written while it grows, in any pieces, gives the same file") {
    const ScratchFolder folder;
    std::mt19937 random(4);
    for (unsigned seed = 20; seed < 24; ++seed) {
        CAPTURE(seed);
        auto writer = RecordingWriter::create(folder / "run.procatlas", {});
        REQUIRE(writer);
        Recording recording;
        MadeUpRun run(seed);
        while (recording.events().size() < 3'000) {
            append_all(recording, run, 1 + random() % 200);
            if (random() % 4 == 0) {
                recording.add_image(made_up_image("/lib/" + std::to_string(random())));
            }
            (*writer)->follow(recording);
            pollfd ready{(*writer)->descriptor(), POLLIN, 0};
            ::poll(&ready, 1, static_cast<int>(random() % 3));
        }
        REQUIRE((*writer)->finish(recording));
        check_same(recording, read_whole(folder / "run.procatlas").recording, 37);
    }
}

TEST_CASE("many thousand events are written in parts, and the file is complete") {
    const ScratchFolder folder;
    const Recording written = write_made_up(folder / "long.procatlas", 3, 40'000);
    check_same(written, read_whole(folder / "long.procatlas").recording, 4'999);
}

TEST_CASE("an empty recording is a file too") {
    const ScratchFolder folder;
    auto writer = RecordingWriter::create(folder / "empty.procatlas", {"x", 1, "v"});
    REQUIRE(writer);
    REQUIRE((*writer)->finish(Recording()));
    CHECK(read_whole(folder / "empty.procatlas").recording.empty());
}

TEST_CASE("recordings are private files, and foreign files are not overwritten") {
    const ScratchFolder folder;
    write_made_up(folder / "a.procatlas", 1, 10);
    struct stat status{};
    REQUIRE(::stat((folder / "a.procatlas").c_str(), &status) == 0);
    CHECK((status.st_mode & 0777) == 0600);
    write_made_up(folder / "a.procatlas", 2, 20);  // a recording may be
    CHECK(read_whole(folder / "a.procatlas").recording.events().size() == 20);
    std::ofstream(folder / "notes.txt") << "mine";
    const auto refused = RecordingWriter::create(folder / "notes.txt", {});
    REQUIRE(!refused);
    CHECK(refused.error().message.find("is not a recording") != std::string::npos);
    CHECK(fs::file_size(folder / "notes.txt") == 4);
    auto first = RecordingWriter::create(folder / "b.procatlas", {});
    REQUIRE(first);
    CHECK(!RecordingWriter::create(folder / "b.procatlas", {}));  // being written
}

TEST_CASE("a file that is being written can be read up to its current end") {
    const ScratchFolder folder;
    auto writer = RecordingWriter::create(folder / "run.procatlas", {});
    REQUIRE(writer);
    Recording recording;
    MadeUpRun run(9);
    append_all(recording, run, 500);
    (*writer)->follow(recording);
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while ((*writer)->events_written() < 500 && std::chrono::steady_clock::now() < deadline) {
        ::sched_yield();
    }
    check_same(recording, read_whole(folder / "run.procatlas").recording, 50);
    append_all(recording, run, 500);
    REQUIRE((*writer)->finish(recording));
    check_same(recording, read_whole(folder / "run.procatlas").recording, 50);
}

TEST_CASE("a reader that keeps the file locked is reported, and nothing is lost") {
    const ScratchFolder folder;
    auto writer = RecordingWriter::create(folder / "run.procatlas", {});
    REQUIRE(writer);
    Recording recording;
    MadeUpRun run(12);
    append_all(recording, run, 100);
    auto reader = Database::open(folder / "run.procatlas", SQLITE_OPEN_READWRITE);
    REQUIRE(reader);
    auto query = reader->prepare("SELECT * FROM about");
    REQUIRE(query);
    REQUIRE(query->step() == SQLITE_ROW);  // keeps its read lock
    const auto finished = (*writer)->finish(recording);
    REQUIRE(!finished);
    CHECK(finished.error().message.find("two parts") != std::string::npos);
    check_same(recording, read_whole(folder / "run.procatlas").recording, 10);
}

TEST_CASE("a removed file is reported at once, and is written again in full when its folder is back") {
    const ScratchFolder folder;
    const fs::path inner = folder / "inner";
    fs::create_directory(inner);
    auto writer = RecordingWriter::create(inner / "run.procatlas", {});
    REQUIRE(writer);
    Recording recording;
    MadeUpRun run(5);
    append_all(recording, run, 300);
    (*writer)->follow(recording);
    fs::remove_all(inner);
    append_all(recording, run, 10);
    REQUIRE(follow_until(**writer, recording, true));
    CHECK((*writer)->problem()->message.find("no longer there") != std::string::npos);
    CHECK((*writer)->events_written() == 0);
    fs::create_directory(inner);
    append_all(recording, run, 300);
    REQUIRE(follow_until(**writer, recording, false));
    REQUIRE((*writer)->finish(recording));
    check_same(recording, read_whole(inner / "run.procatlas").recording, 50);
}

TEST_CASE("a recording whose folder never came back is an error at the end") {
    const ScratchFolder folder;
    auto writer = RecordingWriter::create(folder / "run.procatlas", {});
    REQUIRE(writer);
    Recording recording;
    MadeUpRun run(5);
    append_all(recording, run, 30);
    fs::remove_all(folder.path());
    CHECK(!(*writer)->finish(recording));
}

TEST_CASE("a file size limit is reported at once, and the missing part is written when there is room") {
    const ScratchFolder folder;
    rlimit before{};
    REQUIRE(::getrlimit(RLIMIT_FSIZE, &before) == 0);
    auto writer = RecordingWriter::create(folder / "run.procatlas", {});
    REQUIRE(writer);
    Recording recording;
    MadeUpRun run(6);
    rlimit small = before;
    small.rlim_cur = 300'000;
    REQUIRE(::setrlimit(RLIMIT_FSIZE, &small) == 0);
    append_all(recording, run, 12'000);
    const bool told = follow_until(**writer, recording, true);
    REQUIRE(::setrlimit(RLIMIT_FSIZE, &before) == 0);
    REQUIRE(told);
    REQUIRE(follow_until(**writer, recording, false));
    REQUIRE((*writer)->finish(recording));
    check_same(recording, read_whole(folder / "run.procatlas").recording, 500);
}

TEST_CASE("where not all of a part fits, as much of it is written as does") {
    rlimit before{};
    REQUIRE(::getrlimit(RLIMIT_FSIZE, &before) == 0);
    Recording recording;
    MadeUpRun run(7);
    append_all(recording, run, 6'000);
    for (rlim_t limit = 300'000; limit <= 420'000; limit += 20'000) {  // some are met only when the file is closed
        CAPTURE(limit);
        const ScratchFolder folder;
        auto writer = RecordingWriter::create(folder / "run.procatlas", {});
        REQUIRE(writer);
        rlimit small = before;
        small.rlim_cur = limit;
        REQUIRE(::setrlimit(RLIMIT_FSIZE, &small) == 0);
        const auto finished = (*writer)->finish(recording);
        const std::size_t written = (*writer)->events_written();
        REQUIRE(::setrlimit(RLIMIT_FSIZE, &before) == 0);
        CHECK(!finished);
        CHECK(written > 100);
        CHECK(written < 6'000);
        CHECK(read_whole(folder / "run.procatlas").recording.events().size() == written);
    }
}

TEST_CASE("where the log has no more room, what it holds is moved into the file, and events still fit") {
    const ScratchFolder folder;
    rlimit before{};
    REQUIRE(::getrlimit(RLIMIT_FSIZE, &before) == 0);
    auto file = RecordingFile::create(folder / "run.procatlas", {});
    REQUIRE(file);
    Recording recording;
    MadeUpRun run(8);
    append_all(recording, run, 1'000);
    rlimit small = before;
    small.rlim_cur = 200'000;
    auto* const handler = ::signal(SIGXFSZ, SIG_IGN);
    REQUIRE(::setrlimit(RLIMIT_FSIZE, &small) == 0);
    RecordingPosition written;
    while (written.events < 1'000) {  // one by one, as on a slow machine: each commit repeats the pages that all events change
        RecordingBatch batch;
        (void)batch_after(recording, written, 1, batch);
        if (!file->commit(batch)) {
            break;
        }
        written = batch.to;
    }
    (void)file->close();  // what the file has no room for stays in the log beside it
    REQUIRE(::setrlimit(RLIMIT_FSIZE, &before) == 0);
    (void)::signal(SIGXFSZ, handler);
    CHECK(written.events > 100);
    CHECK(read_whole(folder / "run.procatlas").recording.events().size() == written.events);
}

TEST_CASE("a full disk is reported at once, and the missing part is written when there is room") {
    const ScratchFolder folder;
    const fs::path disk = folder / "disk";
    fs::create_directory(disk);
    if (::mount("tmpfs", disk.c_str(), "tmpfs", 0, "size=4m,mode=700") != 0) {
        MESSAGE("not checked: nothing may be mounted here");
        return;
    }
    bool told = false;
    bool went_on = false;
    Recording recording;
    {
        std::ofstream(disk / "filler") << std::string(3'500'000, 'x');
        auto writer = RecordingWriter::create(disk / "run.procatlas", {});
        if (writer) {
            MadeUpRun run(6);
            append_all(recording, run, 5'000);
            told = follow_until(**writer, recording, true);
            fs::remove(disk / "filler");
            went_on = follow_until(**writer, recording, false) && (*writer)->finish(recording);
        }
        if (went_on) {
            fs::copy_file(disk / "run.procatlas", folder / "copy.procatlas");
        }
    }
    CHECK(::umount2(disk.c_str(), MNT_DETACH) == 0);
    CHECK(told);
    REQUIRE(went_on);
    check_same(recording, read_whole(folder / "copy.procatlas").recording, 500);
}

TEST_CASE("a recording of the previous format opens, and its own pages are called exclusive") {
    const auto loaded = read_recording(PROCATLAS_SOURCE_DIR "/tests/fixtures/recordings/format_3.procatlas");
    REQUIRE_MESSAGE(loaded, (loaded ? "" : loaded.error().message));
    const World& world = loaded->recording.last_world();
    CHECK(world.processes.size() == 2);
    std::uint64_t exclusive = 0;
    for (std::size_t moment = 0; moment <= loaded->recording.last_moment(); ++moment) {
        for (const Process& process : loaded->recording.world_at(moment).processes) {
            if (process.pages) {
                for (const PageRun& run : runs_of(*process.pages)) {
                    exclusive += run.state == PageState::exclusive ? run.count : 0;
                }
            }
        }
    }
    CHECK(exclusive > 0);
}
