// The folder of recordings, copies of them, and the questions of core/store/README.md.
#include <doctest/doctest.h>
#include <sys/stat.h>

#include <array>
#include <cstdio>
#include <fstream>
#include <iterator>

#include "core/store/recording_without_memory.h"
#include "core/store/recordings_folder.h"
#include "core/store/student_answers.h"
#include "tests/core/store_support.h"
#include "tests/support/event_of.h"
#include "tests/support/run_line.h"

using namespace procatlas;
namespace fs = std::filesystem;

namespace {

unsigned mode_of(const fs::path& path) {
    struct stat status{};
    REQUIRE(::stat(path.c_str(), &status) == 0);
    return status.st_mode & 0777u;
}

// What the sqlite3 shell answers.
std::string ask(const fs::path& path, const std::string& query) {
    const ScratchFolder folder;
    std::ofstream(folder / "query") << query;
    const std::string line = "sqlite3 -readonly '" + path.native() + "' <'" + (folder / "query").native() + "' 2>&1";
    const Ran ran = run_line(line);
    CHECK_MESSAGE(ran.status == 0, query << ran.output);
    return ran.output;
}

std::vector<std::string> queries_of_readme() {
    std::ifstream file(PROCATLAS_SOURCE_DIR "/core/store/README.md");
    std::string text(std::istreambuf_iterator<char>(file), {});
    std::vector<std::string> queries;
    const std::string open = "```sql\n";
    for (auto at = text.find(open); at != std::string::npos; at = text.find(open, at)) {
        at += open.size();
        queries.push_back(text.substr(at, text.find("```", at) - at));
    }
    return queries;
}

}  // namespace

TEST_CASE("new recordings get private places by time and title, and the last 20 are kept") {
    const ScratchFolder state;
    const RecordingsFolder folder(state / "procatlas/recordings");
    std::vector<fs::path> paths;
    for (unsigned i = 0; i < 25; ++i) {
        const RecordingInfo info{"/bin/a b;\x1b/../$(c)" + std::to_string(i), 1'700'000'000'000u + 1000 * i, "v"};
        const auto path = folder.new_file(info);
        REQUIRE_MESSAGE(path, path.error().message);
        CHECK(path->native().find_first_of(" ;$()\x1b", folder.path().native().size()) == std::string::npos);
        auto writer = RecordingWriter::create(*path, info);
        REQUIRE_MESSAGE(writer, writer.error().message);
        REQUIRE((*writer)->finish(Recording()));
        paths.push_back(*path);
    }
    CHECK(mode_of(folder.path()) == 0700);
    CHECK(mode_of(paths.back()) == 0600);
    const auto recent = folder.recent();
    REQUIRE(recent.size() == 20);
    for (std::size_t i = 0; i < recent.size(); ++i) {
        CHECK(recent[i].path == paths[24 - i]);
        CHECK(recent[i].info.started_unix_ms == 1'700'000'000'000 + 1000 * (24 - i));
        CHECK(recent[i].info.title.ends_with(std::to_string(24 - i)));
    }
    std::ofstream(folder.path() / "9999.procatlas") << "no recording";
    CHECK(folder.recent().size() == 20);
}

TEST_CASE("two recordings of one second get two names, and one that is being written is not removed") {
    const ScratchFolder state;
    const RecordingsFolder folder(state / "recordings");
    const RecordingInfo info{"x", 1'700'000'000'000, "v"};
    const auto first = folder.new_file(info, 1);
    REQUIRE(first);
    auto writer = RecordingWriter::create(*first, info);
    REQUIRE(writer);
    const auto second = folder.new_file(info, 1);
    REQUIRE(second);
    CHECK(*first != *second);
    CHECK(fs::exists(*first));
    // procatlas gives the information about it without opening it.
    REQUIRE(folder.recent().size() == 1);
    CHECK(folder.recent()[0].info.title == "x");
    REQUIRE((*writer)->finish(Recording()));
    REQUIRE(folder.new_file(info, 1));
    CHECK(!fs::exists(*first));
}

TEST_CASE("a copy is a whole recording, though the original is being written") {
    const ScratchFolder folder;
    auto writer = RecordingWriter::create(folder / "run.procatlas", {"x", 1, "v"});
    REQUIRE(writer);
    Recording recording;
    for (ObservedEvent& event : MadeUpRun(2).events(400)) {
        recording.append(std::move(event));
    }
    (*writer)->follow(recording);
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while ((*writer)->events_written() < 400 && std::chrono::steady_clock::now() < deadline) {
        ::sched_yield();
    }
    const auto copied = copy_recording(folder / "run.procatlas", folder / "copy.procatlas");
    REQUIRE_MESSAGE(copied, copied.error().message);
    check_same(recording, read_whole(folder / "copy.procatlas").recording, 50);
    CHECK(mode_of(folder / "copy.procatlas") == 0600);
    REQUIRE((*writer)->finish(recording));
    check_same(recording, read_whole(folder / "run.procatlas").recording, 50);
    CHECK(std::distance(fs::directory_iterator(folder.path()), {}) == 2);
    CHECK(!copy_recording(folder / "run.procatlas", folder / "run.procatlas"));
    CHECK(!copy_recording(folder / "run.procatlas", folder / "nowhere/copy.procatlas"));
}

TEST_CASE("the questions of the README have answers, and the map at a moment is the recording's") {
    const ScratchFolder folder;
    const fs::path path = folder / "run.procatlas";
    const Recording recording = write_made_up(path, 12, 2'000);
    const auto queries = queries_of_readme();
    REQUIRE(queries.size() == 5);
    StudentAnswer answer;
    answer.step = 1;
    REQUIRE(write_answers(path, std::vector{answer}));
    for (const std::string& query : queries) {
        CAPTURE(query);
        CHECK(!ask(path, query).empty());
    }
    CHECK(ask(path, "SELECT count(*) FROM event, (SELECT count(*) FROM tree) WHERE kind != ''") == "2000\n");
    CHECK(ask(path, "PRAGMA quick_check") == "ok\n");
    for (const std::size_t moment : {std::size_t{10}, std::size_t{500}, std::size_t{1999}}) {
        const World world = recording.world_at(moment);
        std::size_t mappings = 0;
        for (const Process& process : world.processes) {
            mappings += process.memory ? process.memory->mappings.size() : 0;
        }
        const std::string m = std::to_string(moment);
        CHECK(ask(path, "SELECT count(*) FROM map WHERE since <= " + m + " AND until > " + m) ==
              std::to_string(mappings) + "\n");
    }
    std::size_t dead = 0;
    for (const Process& process : recording.last_world().processes) {
        dead += process.exit ? 1 : 0;
    }
    CHECK(ask(path, "SELECT count(*) FROM lifetime WHERE fate != 'alive'") == std::to_string(dead) + "\n");
    // What a program prints must not control the terminal of the user who queries the recording.
    CHECK(ask(path, "SELECT text FROM output").find('\x1b') == std::string::npos);
}

TEST_CASE("the recording in a figure has no raw memory and no values, and everything else unchanged") {
    const ScratchFolder folder;
    const fs::path path = folder / "x.procatlas";
    const Recording recording = write_made_up(path, 11, 2'000);
    LoadedRecording original = read_whole(path);
    REQUIRE(write_without_memory(original.recording, original.info, folder / "given.procatlas"));
    const LoadedRecording loaded = read_whole(folder / "given.procatlas");
    const Recording& given = loaded.recording;
    CHECK(loaded.info.memory_left_out);
    CHECK(loaded.info.title == original.info.title);
    CHECK(loaded.info.started_unix_ms == original.info.started_unix_ms);
    std::size_t looks = 0;
    std::size_t returns = 0;
    const auto check_variables = [](const std::vector<Variable>& now, const std::vector<Variable>& then) {
        REQUIRE(now.size() == then.size());
        for (std::size_t i = 0; i < now.size(); ++i) {
            Variable without = then[i];
            without.why_not = without.value.empty() ? without.why_not : "left out of this recording";
            without.value.clear();
            CHECK(now[i] == without);
        }
    };
    for (std::size_t moment = 0; moment < recording.events().size(); ++moment) {
        const auto& then = recording.events()[moment].inside;
        const auto& now = given.events()[moment].inside;
        REQUIRE((then == nullptr) == (now == nullptr));
        const auto* back = std::get_if<ReturnEvent>(&given.events()[moment].detail);
        CHECK((!back || !back->value));
        returns += back ? 1 : 0;
        if (then) {
            ++looks;
            CHECK(!then->stack->bytes.empty());
            CHECK(now->stack->bytes.empty());
            CHECK(now->instruction == then->instruction);
            CHECK(now->value.empty());
            REQUIRE(now->stack->frames.size() == then->stack->frames.size());
            for (std::size_t i = 0; i < now->stack->frames.size(); ++i) {
                const StackFrame& frame = *now->stack->frames[i];
                CHECK(frame.function == then->stack->frames[i]->function);
                CHECK(frame.extent == then->stack->frames[i]->extent);
                check_variables(frame.variables, then->stack->frames[i]->variables);
            }
            CHECK((now->heap ? now->heap->chunks.size() : 0) == (then->heap ? then->heap->chunks.size() : 0));
            REQUIRE((now->globals == nullptr) == (then->globals == nullptr));
            if (now->globals) {
                check_variables(*now->globals, *then->globals);
            }
            for (const auto& piece : now->pieces ? now->pieces->pieces : decltype(MemoryPieces::pieces){}) {
                CHECK(piece->bytes.empty());
            }
            for (const PythonObject& object : now->objects ? *now->objects : std::vector<PythonObject>()) {
                CHECK(object.value.empty());
            }
        }
    }
    CHECK(looks > 10);
    CHECK(returns > 3);
    CHECK(ask(folder / "given.procatlas",
              "SELECT (SELECT count(*) FROM variable WHERE value IS NOT NULL) + (SELECT count(*) FROM memory)"
              " + (SELECT count(*) FROM object WHERE value IS NOT NULL)") == "0\n");
    CHECK(ask(folder / "given.procatlas", "SELECT count(*) > 10 FROM variable") == "1\n");
    CHECK(!recording.functions().empty());
    CHECK(std::ranges::equal(given.sources(), recording.sources()));  // sources are not memory
    CHECK(std::ranges::equal(given.functions(), recording.functions()));
    for (const std::size_t moment : {std::size_t{10}, std::size_t{1999}}) {
        CHECK(given.world_at(moment).processes.size() == recording.world_at(moment).processes.size());
    }
}

TEST_CASE("a mapping that ended long after it began has ended in the recording of a figure too") {
    const ScratchFolder folder;
    Recording recording;
    recording.append(event_of(10, StartEvent{}));
    auto space = std::make_shared<AddressSpace>();
    for (Address start : {0x1000u, 0x3000u}) {
        space->mappings.emplace_back().range = {start, start + 0x1000};
    }
    ObservedEvent mapped = event_of(10, MemoryEvent{});
    mapped.memory = space;
    recording.append(mapped);
    for (int i = 0; i < 12'000; ++i) {  // more than are written at once
        recording.append(event_of(10, SignalEvent{10, 0, std::nullopt}));
    }
    space = std::make_shared<AddressSpace>(*space);
    space->mappings.pop_back();
    mapped.memory = space;
    recording.append(mapped);
    REQUIRE(write_without_memory(recording, {}, folder / "first.procatlas"));
    const Recording first = read_whole(folder / "first.procatlas").recording;
    REQUIRE(write_without_memory(first, {}, folder / "second.procatlas"));
    const Recording second = read_whole(folder / "second.procatlas").recording;
    for (const Recording* given : {&first, &second}) {
        CHECK(given->map_read_at(1)->mappings.size() == 2);
        CHECK(given->map_read_at(given->last_moment())->mappings.size() == 1);
    }
}

TEST_CASE("of an exception, the recording in a figure tells the type alone") {
    const ScratchFolder folder;
    Recording recording;
    recording.append(event_of(10, StartEvent{}));
    recording.append(event_of(10, ExceptionEvent{"ValueError: secret"}));
    recording.append(event_of(10, ExceptionEvent{"KeyError"}));
    REQUIRE(write_without_memory(recording, {}, folder / "x.procatlas"));
    const Recording given = read_whole(folder / "x.procatlas").recording;
    CHECK(std::get<ExceptionEvent>(given.events()[1].detail).exception == "ValueError");
    CHECK(std::get<ExceptionEvent>(given.events()[2].detail).exception == "KeyError");
}
