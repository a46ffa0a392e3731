// The sample programs about vfork, exec, pipes and start methods: compares the trace with what the programs print.
#include <doctest/doctest.h>

#include <algorithm>
#include <set>
#include <string>

#include "cli_support.h"

using namespace procatlas;
using nlohmann::json;

namespace {

std::vector<json> events_told(const json& trace, const std::string& kind) {
    std::vector<json> found;
    std::ranges::copy_if(trace["events"], std::back_inserter(found), [&](const json& event) { return event["kind"] == kind; });
    return found;
}

std::string output_told(const json& trace, const json& pid) {
    std::string text;
    for (const json& event : events_told(trace, "output")) {
        text += event["pid"] == pid ? event["text"].get<std::string>() : "";
    }
    return text;
}

const json& process_of(const json& trace, const json& pid) {
    const auto found = std::ranges::find_if(trace["processes"], [&](const json& process) { return process["pid"] == pid; });
    REQUIRE(found != trace["processes"].end());
    return *found;
}

}  // namespace

TEST_CASE("exec_same_pid: one process runs two programs with one PID, which it prints before and after") {
    const json trace = trace_json("--example exec_same_pid");
    REQUIRE(trace["processes"].size() == 1);
    const json& process = trace["processes"][0];
    CHECK(process["programs"].size() == 2);
    const auto execs = events_told(trace, "exec");
    REQUIRE(execs.size() == 2);
    CHECK(execs[1]["pid"] == process["pid"]);
    const std::string said = output_told(trace, process["pid"]);
    const std::string pid = std::to_string(process["pid"].get<int>());
    const auto before = said.find(pid);
    REQUIRE(before != std::string::npos);
    CHECK(said.find(pid, before + 1) != std::string::npos);
}

TEST_CASE("exec_fails: a failed exec is reported with its reason, and the process keeps its program and memory") {
    const json trace = trace_json("--example exec_fails");
    const auto failed = events_told(trace, "exec_failed");
    REQUIRE(failed.size() == 1);
    CHECK(failed[0]["path"] == "/no/such/program");
    CHECK(failed[0]["error"] == 2);
    const json& child = process_of(trace, failed[0]["pid"]);
    CHECK(child["programs"].size() == 1);
    CHECK(child["programs"] == trace["processes"][0]["programs"]);
    CHECK(child["exit"]["code"] == 127);
}

TEST_CASE("vfork_shares: the child borrows its parent's memory, and the parent sees what it wrote") {
    const json trace = trace_json("--example vfork_shares");
    const auto births = events_told(trace, "vfork");
    REQUIRE(births.size() == 1);
    const json& parent = process_of(trace, births[0]["pid"]);
    const json& child = process_of(trace, births[0]["child"]);
    CHECK(child["ppid"] == parent["pid"]);
    // The parent does nothing until the child has ended.
    const auto exits = events_told(trace, "exit");
    REQUIRE(exits.size() == 2);
    CHECK(exits[0]["pid"] == child["pid"]);
    for (const json& event : trace["events"]) {
        const bool between = event["moment"] > births[0]["moment"] && event["moment"] < exits[0]["moment"];
        CHECK_FALSE((between && event["pid"] == parent["pid"]));
    }
}

TEST_CASE("pipe_pair: the writer's writing end and the reader's reading end are one pipe") {
    std::set<std::string> written;
    std::set<std::string> read;
    const json trace = trace_json("--example pipe_pair");
    REQUIRE(trace["processes"].size() == 3);
    for (const int child : {1, 2}) {
        const json& descriptors = trace["processes"][child]["descriptors"];  // at its exit
        REQUIRE(descriptors.is_array());
        for (const json& descriptor : descriptors) {
            const std::string target = descriptor["target"];
            if (target.starts_with("pipe:[") && descriptor["writes"] == true) {
                written.insert(target);
            } else if (target.starts_with("pipe:[")) {
                read.insert(target);
            }
        }
    }
    REQUIRE(written.size() == 1);
    CHECK(written == read);
}

TEST_CASE("fork_three: three forks one after the other make eight processes, each with the parent that forked it") {
    const json trace = trace_json("--example fork_three");
    CHECK(trace["processes"].size() == 8);
    CHECK(events_told(trace, "fork").size() == 7);
    for (const json& event : events_told(trace, "fork")) {
        CHECK(process_of(trace, event["child"])["ppid"] == event["pid"]);
    }
}

TEST_CASE("double_print: both processes print what was not flushed before fork") {
    const json trace = trace_json("--example double_print");
    REQUIRE(trace["processes"].size() == 2);
    const std::string by_parent = output_told(trace, trace["processes"][0]["pid"]);
    const std::string by_child = output_told(trace, trace["processes"][1]["pid"]);
    REQUIRE_FALSE(by_child.empty());
    const std::string line = by_child.substr(0, by_child.find('\n'));
    CHECK(by_parent.find(line) != std::string::npos);
}

TEST_CASE("python_start_methods: fork copies the script, spawn and forkserver start python anew") {
    const json trace = trace_json("--example python_start_methods.py");
    const json& script = trace["processes"][0];
    bool forked = false;
    bool spawned = false;
    bool served = false;
    for (const json& process : trace["processes"]) {
        const std::string arguments = process["arguments"].dump();
        const bool child_of_script = process["ppid"] == script["pid"];
        forked |= child_of_script && process["arguments"] == script["arguments"];
        spawned |= child_of_script && arguments.find("spawn_main") != std::string::npos;
        if (arguments.find("forkserver") != std::string::npos && child_of_script) {
            served |= !process["children"].empty();  // its child's parent is not the script
        }
    }
    CHECK(forked);
    CHECK(spawned);
    CHECK(served);
}
