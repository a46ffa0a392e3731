// Recording files of real runs: procatlas is killed at any moment, or loses the folder. Compares each file with what the run
// itself reported.
#include <doctest/doctest.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <random>
#include <set>

#include "core/store/database.h"
#include "core/store/read_recording.h"
#include "tests/live/live_support.h"
#include "tests/scratch_folder.h"

using namespace procatlas;
using namespace procatlas::live;
namespace fs = std::filesystem;

namespace {

std::int64_t monotonic_ns() {
    timespec now{};
    ::clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1'000'000'000LL + now.tv_nsec;
}

// Starts procatlas with these arguments. Its output goes to `output`, its messages to `errors`.
pid_t start_procatlas(std::vector<std::string> arguments, const fs::path& output, const fs::path& errors) {
    arguments.insert(arguments.begin(), std::string(PROCATLAS_BUILD_DIR) + "/bin/procatlas");
    std::vector<char*> raw;
    for (std::string& argument : arguments) {
        raw.push_back(argument.data());
    }
    raw.push_back(nullptr);
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    ::posix_spawn_file_actions_addopen(&actions, 1, output.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
    ::posix_spawn_file_actions_addopen(&actions, 2, errors.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
    pid_t pid = 0;
    REQUIRE(::posix_spawn(&pid, raw[0], &actions, nullptr, raw.data(), ::environ) == 0);
    ::posix_spawn_file_actions_destroy(&actions);
    return pid;
}

std::string text_of(const fs::path& path) {
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), {}};
}

int finish(pid_t pid) {
    int status = 0;
    REQUIRE(::waitpid(pid, &status, 0) == pid);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

// Makes some hundred processes a second. If a program makes them as fast as it can while other programs use all processors, we
// are sometimes more than 100 ms late. The sanitizers make us about five times as slow.
#ifdef PROCATLAS_SANITIZED
constexpr const char* pace_us = "8000";
#else
constexpr const char* pace_us = "1000";
#endif

}  // namespace

TEST_CASE("killed at any moment, the recording opens and holds every event older than 100 ms") {
    const char* given = std::getenv("PROCATLAS_KILLS");
    const int kills = given ? std::atoi(given) : 3;
    const unsigned seed = std::random_device{}();
    std::mt19937 random(seed);
    CAPTURE(seed);
    for (int i = 0; i < kills; ++i) {
        CAPTURE(i);
        const ScratchFolder folder;
        const fs::path file = folder / "run.procatlas";
        const fs::path log = folder / "log";
        const pid_t pid =
            start_procatlas({"trace", "-o", file.native(), "--", fixture("keeps_log"), log.native(), "20000", pace_us},
                            "/dev/null", "/dev/null");
        // A random moment, not a wait for a condition. The program runs longer than that.
        pollfd ended{static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)), POLLIN, 0};
        REQUIRE(ended.fd >= 0);
        CHECK(::poll(&ended, 1, 150 + static_cast<int>(random() % 1000)) == 0);
        ::close(ended.fd);
        const bool begun = fs::exists(log);
        const auto during = read_recording(file);  // while it is written
        CHECK_MESSAGE((during || !begun), during.error().message);
        const std::int64_t killed_ns = monotonic_ns();
        REQUIRE(::kill(pid, SIGKILL) == 0);
        CHECK(finish(pid) == 128 + SIGKILL);

        const auto loaded = read_recording(file);
        if (!loaded && !fs::exists(log)) {
            continue;  // killed before anything began
        }
        REQUIRE_MESSAGE(loaded, loaded.error().message);
        std::set<std::int32_t> ended_pids;
        for (const Event& event : loaded->recording.events()) {
            if (std::holds_alternative<ExitEvent>(event.detail)) {
                ended_pids.insert(event.process.pid);
            }
        }
        std::ifstream lines(log);
        std::int64_t told_ns = 0;
        std::int32_t child = 0;
        int missing = 0;
        while (lines >> told_ns >> child) {
            const bool old = told_ns < killed_ns - 100'000'000;
            missing += old && !ended_pids.contains(child) ? 1 : 0;
        }
        CHECK(missing == 0);
        auto database = Database::open(file, SQLITE_OPEN_READWRITE);
        REQUIRE(database);
        auto check = database->prepare("PRAGMA quick_check");
        REQUIRE(check);
        REQUIRE(check->step() == SQLITE_ROW);
        CHECK(check->bytes(0) == "ok");
    }
}

TEST_CASE("a recording of a run has all that the run reported, in one complete file") {
    const ScratchFolder folder;
    const fs::path file = folder / "run.procatlas";
    const pid_t pid =
        start_procatlas({"trace", "--json", "-o", file.native(), "--example", "fork_exec"}, folder / "json", folder / "errors");
    CHECK(finish(pid) == 0);
    CHECK(text_of(folder / "errors").empty());
    CHECK(!fs::exists(file.native() + "-wal"));
    const auto json = nlohmann::json::parse(text_of(folder / "json"), nullptr, false);
    REQUIRE(!json.is_discarded());
    const auto loaded = read_recording(file);
    REQUIRE_MESSAGE(loaded, loaded.error().message);
    CHECK(loaded->info.title == "fork_exec");
    const Recording& recording = loaded->recording;
    REQUIRE(json["events"].size() == recording.events().size());
    for (std::size_t moment = 0; moment < recording.events().size(); ++moment) {
        CHECK(json["events"][moment]["kind"] == event_kind_name(recording.events()[moment]));
        CHECK(json["events"][moment].value("mappings", 0u) == recording.events()[moment].mappings);
    }
    const World& world = recording.last_world();
    REQUIRE(json["processes"].size() == world.processes.size());
    for (std::size_t i = 0; i < world.processes.size(); ++i) {
        CHECK(json["processes"][i]["regions"].size() == regions_of(world.processes[i], recording.images()).size());
    }
    CHECK(!recording.images().empty());
}

TEST_CASE("a recording whose folder is removed is reported, and the run continues to its end") {
    const ScratchFolder folder;
    fs::create_directory(folder / "inner");
    const fs::path file = folder / "inner" / "run.procatlas";
    const pid_t pid = start_procatlas({"trace", "--json", "-o", file.native(), "--", "/bin/sh", "-c",
                                       "rm -r " + (folder / "inner").native() + "; /bin/true; /bin/true; echo still here"},
                                      folder / "json", folder / "errors");
    CHECK(finish(pid) == 125);
    CHECK(text_of(folder / "errors").find(file.native()) != std::string::npos);
    const auto json = nlohmann::json::parse(text_of(folder / "json"), nullptr, false);
    REQUIRE(!json.is_discarded());
    int gaps = 0;
    bool output = false;
    for (const auto& event : json["events"]) {
        gaps += event["kind"] == "gap" && event["gap"] == "recording_failed" ? 1 : 0;
        output |= event["kind"] == "output" && event["text"].get<std::string>().find("still here") != std::string::npos;
    }
    CHECK(gaps == 1);
    CHECK(output);
    CHECK(json["processes"][0]["exit"] == nlohmann::json{{"code", 0}});
}

TEST_CASE("an unwritable recording file is an error before anything is started") {
    const ScratchFolder folder;
    const pid_t pid = start_procatlas(
        {"trace", "-o", "/nowhere/at/all.procatlas", "--", "/bin/sh", "-c", "echo started >" + (folder / "started").native()},
        folder / "output", folder / "errors");
    CHECK(finish(pid) == 125);
    CHECK(text_of(folder / "errors").find("/nowhere/at/all.procatlas") != std::string::npos);
    CHECK(!fs::exists(folder / "started"));
}

TEST_CASE("a recording says for what a process waited") {
    const ScratchFolder folder;
    const fs::path file = folder.path() / "run.procatlas";
    const pid_t pid = start_procatlas({"trace", "-o", file.string(), "--", "sh", "-c", "sleep 1; :"}, folder.path() / "output",
                                      folder.path() / "errors");
    REQUIRE(finish(pid) == 0);
    const auto loaded = read_recording(file);
    REQUIRE(loaded);
    const auto& events = loaded->recording.events();
    const auto for_a_child = [](const Event& event) {
        const auto* waits = std::get_if<WaitsEvent>(&event.detail);
        return waits && waits->what == WaitingFor::child;
    };
    CHECK(std::ranges::any_of(events, for_a_child));
}
