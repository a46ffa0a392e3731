// At each call and return, procatlas reports the same frames, variables and values as gdb for the same program at the same
// addresses.
#include <doctest/doctest.h>

#include <algorithm>
#include <sstream>
#include <string>
#include <tuple>
#include <vector>

#include "tests/live/cli_support.h"
#include "tests/scratch_folder.h"

using namespace procatlas;
using nlohmann::json;

namespace {

std::string program_path(const std::string& name) {
    return PROCATLAS_BUILD_DIR "/bin/programs/" + name;
}

// Without an environment, and with address randomisation off, as gdb does by itself.
std::vector<json> calls_in_gdb(const std::string& program) {
    const Ran ran =
        run_line("DEBUGINFOD_URLS= timeout 100 gdb -nx -batch -x " PROCATLAS_SOURCE_DIR "/tests/live/calls_in_gdb.py " +
                 program_path(program) + " </dev/null 2>&1");
    INFO(ran.output);
    std::vector<json> calls;
    std::istringstream lines(ran.output);
    for (std::string line; std::getline(lines, line);) {
        if (line.starts_with("@{")) {
            calls.push_back(json::parse(line.substr(1), nullptr, false));
            REQUIRE(!calls.back().is_discarded());
        }
    }
    REQUIRE(!calls.empty());
    REQUIRE(calls.back()["kind"] == "end");
    CHECK(calls.back()["still_called"] == 0);
    calls.pop_back();
    return calls;
}

json calls_here(const std::string& program, const std::string& recording_file) {
    const Ran ran = run_line("setarch -R " PROCATLAS_BUILD_DIR "/bin/procatlas trace --json --grain calls -o " +
                             recording_file + " -- env -i " + program_path(program) + " </dev/null");
    CHECK(ran.status == 0);
    json recording = json::parse(ran.output, nullptr, false);
    REQUIRE(!recording.is_discarded());
    json calls = json::array();
    for (json& event : recording["events"]) {
        if (event.contains("frames_same")) {  // the outermost frames stand at an earlier event, which is whole by now
            const json& before = recording["events"][event["frames_same_as"].get<std::size_t>()]["frames"];
            const auto same = event["frames_same"].get<std::ptrdiff_t>();
            event["frames"].insert(event["frames"].end(), before.end() - same, before.end());
        }
        if (event["kind"] == "call" || event["kind"] == "return") {
            calls.push_back(event);
        }
    }
    return calls;
}

// Each variable as a line, sorted, because gdb and procatlas list them in different orders.
std::string told(const json& variables) {
    std::vector<std::string> lines;
    for (const json& one : variables) {
        lines.push_back(one["name"].get<std::string>() + " " + one["type"].get<std::string>() + " " +
                        one["address"].get<std::string>() + " " + one["value"].get<std::string>() + "\n");
    }
    std::ranges::sort(lines);
    std::string text;
    for (const std::string& line : lines) {
        text += line;
    }
    return text;
}

std::string told_of_frames(const json& frames) {
    std::string text;
    for (const json& frame : frames) {
        // The start of the program has no source.
        if (frame["file"].is_null() || frame.value("own", true) == false) {
            continue;
        }
        for (const char* key : {"function", "file", "start", "end", "return_address", "pc"}) {
            text += frame[key].get<std::string>() + " ";
        }
        text += std::to_string(frame["line"].get<int>()) + "\n" + told(frame["variables"]);
    }
    return text;
}

void compare(const std::string& program) {
    const ScratchFolder folder;
    const std::string file = folder.path("calls.procatlas");
    const std::vector<json> expected = calls_in_gdb(program);
    const json calls = calls_here(program, file);
    REQUIRE(calls.size() == expected.size());
    for (std::size_t i = 0; i < expected.size(); ++i) {
        CAPTURE(i);
        REQUIRE(calls[i]["kind"] == expected[i]["kind"]);
        REQUIRE(calls[i]["function"] == expected[i]["function"]);
        const std::string frames = told_of_frames(expected[i]["frames"]);
        CHECK(frames.empty() == (i + 1 == expected.size()));  // after the return of main
        CHECK(told_of_frames(calls[i]["frames"]) == frames);
        if (calls[i]["kind"] == "return") {
            CHECK(calls[i]["value"] == expected[i]["result"]);
        }
        if (!expected[i]["globals"].empty()) {
            const Ran ran =
                run_procatlas("show " + file + " --as json --moment " + std::to_string(calls[i]["moment"].get<int>()));
            const json moment = json::parse(ran.output, nullptr, false);
            REQUIRE(!moment.is_discarded());
            CHECK(told(moment["processes"][0]["globals"]) == told(expected[i]["globals"]));
        }
    }
}

}  // namespace

TEST_CASE("push_pop: frames, variables, addresses and values at each call and return are gdb's") {
    compare("push_pop");
}

TEST_CASE("recursion: frames, variables, addresses and values at each call and return are gdb's") {
    compare("recursion");
}

TEST_CASE("globals: frames, globals, addresses and values at each call and return are gdb's") {
    compare("globals");
}
