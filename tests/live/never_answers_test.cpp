// Some files and some memory never answer a reader. The program still runs to its end, within a bounded time, and procatlas
// says what it could not read.
#include <doctest/doctest.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <string>

#include "tests/live/cli_support.h"
#include "tests/scratch_folder.h"

using namespace procatlas;
using nlohmann::json;

namespace {

constexpr int no_fuse = 77;  // what silent_files.py says
const std::string programs = PROCATLAS_BUILD_DIR "/bin/programs/";
const std::string sources = PROCATLAS_SOURCE_DIR "/assets/programs";

// The command, in a mount namespace that nobody else sees. There the files of `folder` are at `mount_point`, and
// answer every program except procatlas-reader.
std::string beside_silent_files(const std::string& folder, const std::string& mount_point, const std::string& command) {
    const std::string server =
        "unshare --mount --propagation private /usr/bin/python3 " PROCATLAS_SOURCE_DIR "/tests/live/silent_files.py ";
    return "LC_ALL=C.UTF-8 " + server + folder + " " + mount_point + " 60 " + command + " </dev/null";
}

Ran trace_beside_silent_files(const std::string& folder, const std::string& mount_point, const std::string& arguments) {
    return run_line(beside_silent_files(folder, mount_point, PROCATLAS_BUILD_DIR "/bin/procatlas trace --json " + arguments));
}

bool may_mount() {
    if (::geteuid() == 0 && ::access("/dev/fuse", R_OK | W_OK) == 0) {
        return true;
    }
    MESSAGE("not tested: a file system that never answers needs root and /dev/fuse");
    return false;
}

json parsed(const Ran& ran) {
    json recording = json::parse(ran.output, nullptr, false);
    REQUIRE(!recording.is_discarded());
    return recording;
}

struct Ended {
    std::string output;
    std::size_t late = 0;         // events at which nothing was read, because it took too long
    std::size_t passed_over = 0;  // events at which procatlas no longer tried to read
};

// The program of `recording` has ended as it does without procatlas.
Ended ended(const json& recording) {
    Ended told;
    for (const json& event : recording["events"]) {
        told.output += event["kind"] == "output" ? event["text"].get<std::string>() : "";
        const std::string why = event.value("not_available", "");
        told.late += why.find("not read in time") != std::string::npos ? 1 : 0;
        told.passed_over += why.find("did not come in time") != std::string::npos ? 1 : 0;
    }
    CHECK(recording["processes"][0]["exit"]["code"] == 0);
    return told;
}

class Stopwatch {
public:
    [[nodiscard]] double seconds() const {
        return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
    }

private:
    std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

}  // namespace

TEST_CASE("a program whose file never answers the reader runs to its end, and the unread parts are reported") {
    if (!may_mount()) {
        return;
    }
    const ScratchFolder files;
    const ScratchFolder mount_point;
    std::filesystem::copy(programs + "push_pop", files.path("push_pop"));
    const Stopwatch watch;
    const Ran ran =
        trace_beside_silent_files(files.path(), mount_point.path(), "--grain calls -- " + mount_point.path("push_pop"));
    if (ran.status == no_fuse) {
        MESSAGE("not tested: no file system in user space here");
        return;
    }
    CHECK(ran.status == 0);
    CHECK(watch.seconds() < 25);
    const Ended told = ended(parsed(ran));
    CHECK(told.output == "4 apples: 1100 won\n");
    CHECK(told.late >= 2);
    CHECK(told.passed_over > told.late);
}

TEST_CASE("a program whose source never answers is followed call by call, and the source is reported as unread") {
    if (!may_mount()) {
        return;
    }
    const ScratchFolder files;
    std::filesystem::copy(sources + "/push_pop.c", files.path("push_pop.c"));
    const std::string file = files.path("run.procatlas");
    const Stopwatch watch;
    const Ran ran =
        trace_beside_silent_files(files.path(), sources, "--grain calls -o " + file + " -- " + programs + "push_pop");
    if (ran.status == no_fuse) {
        MESSAGE("not tested: no file system in user space here");
        return;
    }
    CHECK(ran.status == 0);
    CHECK(watch.seconds() < 25);
    const json recording = parsed(ran);
    CHECK(ended(recording).output == "4 apples: 1100 won\n");
    std::size_t calls = 0;
    for (const json& event : recording["events"]) {
        if (event["kind"] != "call") {
            continue;
        }
        ++calls;
        CHECK(event["frames"][0]["function"] == event["function"]);
        const Ran shown =
            run_procatlas("show " + file + " --as json --view source --moment " + std::to_string(event["moment"].get<int>()));
        CHECK_MESSAGE(shown.output.find("not read in time") != std::string::npos, shown.output);
    }
    CHECK(calls == 4);
}

TEST_CASE(
    "a program, script or working folder of which nothing is heard, also in PATH: Ctrl-C twice ends all within two seconds") {
    if (!may_mount()) {
        return;
    }
    const ScratchFolder files;
    const ScratchFolder mount_point;
    const std::string at = mount_point.path();
    std::ofstream(files.path("silent")) << "#!/bin/sh\necho never\n";
    std::filesystem::permissions(files.path("silent"), std::filesystem::perms::owner_all);
    // Presses Ctrl-C as soon as the program is there, and says how long the end took.
    const std::string trace = PROCATLAS_BUILD_DIR "/bin/procatlas trace --json-lines ";
    const std::string pressed =
        " >lines & until grep -q '\"start\"' lines; do sleep 0.01; done; begin=$(date +%s%N); kill -INT $!; sleep 0.1; "
        "kill -INT $!; wait $!; echo status $? after $((($(date +%s%N) - begin) / 1000000))";
    for (const std::string& command :
         {"PATH=" + at + ":$PATH " + trace + "-- silent", trace + "-- " + at + "/silent", trace + "-- sh " + at + "/silent",
          trace + "-- sh -c 'cd " + at + " && exec ./silent'", trace + "-- cat " + at + "/silent"}) {
        CAPTURE(command);
        const ScratchFolder folder;
        std::ofstream(folder.path("pressed")) << "cd " + folder.path().string() + "\n" + command + pressed + "\n";
        const Ran ran = run_line("SILENT=silent " + beside_silent_files(files.path(), at, "bash -m " + folder.path("pressed")));
        if (ran.status == no_fuse) {
            MESSAGE("not tested: no file system in user space here");
            return;
        }
        INFO(ran.output);
        const std::size_t told = ran.output.find("status 130 after ");
        REQUIRE(told != ran.output.npos);
        CHECK(std::stoi(ran.output.substr(told + std::string("status 130 after ").size())) < 2500);
    }
}

TEST_CASE("a recording is not begun where its file system does not answer") {
    if (!may_mount()) {
        return;
    }
    const ScratchFolder files;
    const ScratchFolder mount_point;
    const Stopwatch watch;
    const Ran ran = run_line(
        "SILENT=run.procatlas " +
        beside_silent_files(files.path(), mount_point.path(),
                            PROCATLAS_BUILD_DIR "/bin/procatlas trace -o " + mount_point.path("run.procatlas") + " -- true") +
        " 2>&1");
    if (ran.status == no_fuse) {
        MESSAGE("not tested: no file system in user space here");
        return;
    }
    CHECK(ran.status == 125);
    CHECK(ran.output.find("its file system does not answer") != ran.output.npos);
    CHECK(watch.seconds() < 10);
}

TEST_CASE("a page that never arrives: the inside is reported as unread, and read again once the page is gone") {
    const Stopwatch watch;
    const json recording = trace_json("--grain calls -- " PROCATLAS_BUILD_DIR "/bin/fixtures/page_behind_pointer");
    const Ended told = ended(recording);
    if (told.output.starts_with("refused")) {
        MESSAGE("not tested: userfaultfd is refused here");
        return;
    }
    CHECK(watch.seconds() < 25);
    std::string expected;
    for (int i = 1; i <= 40; ++i) {
        expected += std::to_string(2 * i) + "\n";
    }
    CHECK(told.output == expected);
    CHECK(told.late != 1);  // none: this Linux says at once that the page cannot be read
    std::size_t calls = 0;
    json last;
    for (const json& event : recording["events"]) {
        if (event["kind"] == "call" && event["function"] == "twice") {
            ++calls;
            last = event;
        }
    }
    CHECK(calls == 40);
    REQUIRE(last.contains("frames"));
    CHECK(last["frames"][0]["variables"][0]["value"] == "40");
}
