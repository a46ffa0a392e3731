// Every user sees the same inside of a process. No part of it needs root.
#include <doctest/doctest.h>
#include <unistd.h>

#include <filesystem>
#include <regex>
#include <string>

#include "tests/live/cli_support.h"
#include "tests/scratch_folder.h"

using namespace procatlas;
using nlohmann::json;

namespace {

const std::string as_nobody = "setpriv --reuid=65534 --regid=65534 --clear-groups --inh-caps=-all --bounding-set=-all ";
bool may_be_nobody() {
    if (::geteuid() != 0) {
        MESSAGE("not tested: only root can become somebody else");
        return false;
    }
    if (run_line(as_nobody + "test -x " + procatlas_program).status != 0) {
        MESSAGE("not tested: the build folder is closed to other users");
        return false;
    }
    return true;
}

// Runs at the same addresses each time. Some shells put the name of the started program into `_`.
Ran run_at_same_addresses(const std::string& who, const std::string& arguments) {
    return run_line("cd / && " + who + "env --unset=_ setarch -R " + procatlas_program + " " + arguments + " </dev/null");
}

json traced(const std::string& who, const std::string& grain, const std::string& program, const std::string& file) {
    const Ran ran = run_at_same_addresses(
        who, "trace --json --grain " + grain + " -o " + file + " -- " PROCATLAS_BUILD_DIR "/bin/programs/" + program);
    CHECK(ran.status == 0);
    json recording = json::parse(ran.output, nullptr, false);
    REQUIRE(!recording.is_discarded());
    return recording;
}

// The inside at each event and at the end, without process numbers and times.
json facts_of(const json& recording) {
    json facts = json::array();
    for (const json& event : recording["events"]) {
        json fact;
        for (const char* key :
             {"kind", "function", "value", "pc", "sp", "instruction", "frames", "frames_cut", "not_available", "text"}) {
            if (event.contains(key)) {
                fact[key] = event[key];
            }
        }
        facts.push_back(std::move(fact));
    }
    const json& process = recording["processes"][0];
    for (const char* key : {"exit", "globals", "brk", "chunks_not_available", "regions"}) {
        facts.push_back(process.value(key, json()));
    }
    return facts;
}

// What the address of the first variable in the frame of `main` is.
std::string where_is_a_local(const std::string& who, const json& recording, const std::string& file) {
    for (const json& event : recording["events"]) {
        if (event["kind"] != "call" || event["function"] != "main" || event["frames"][0]["variables"].empty()) {
            continue;
        }
        const std::string address = event["frames"][0]["variables"][0]["address"];
        const Ran ran = run_at_same_addresses(who, "where " + file + " --moment " + std::to_string(event["moment"].get<int>()) +
                                                       " " + std::to_string(event["pid"].get<int>()) + " " + address);
        CHECK(ran.status == 0);
        const std::string pid = std::to_string(event["pid"].get<int>());
        return std::regex_replace(ran.output, std::regex("\\b" + pid + "\\b"), "PID");
    }
    return {};
}

void compare(const std::string& program, const std::string& grain) {
    CAPTURE(program);
    CAPTURE(grain);
    const ScratchFolder folder;
    std::filesystem::permissions(folder.path(), std::filesystem::perms::all);
    const std::string of_root = folder.path("root.procatlas");
    const std::string of_nobody = folder.path("nobody.procatlas");
    const json privileged = traced("", grain, program, of_root);
    const json unprivileged = traced(as_nobody, grain, program, of_nobody);
    const json expected = facts_of(privileged);
    const json facts = facts_of(unprivileged);
    CHECK(expected.size() > 10);
    REQUIRE(facts.size() == expected.size());
    for (std::size_t i = 0; i < facts.size(); ++i) {
        CAPTURE(i);
        REQUIRE(facts[i] == expected[i]);
    }
    const std::string where = where_is_a_local(as_nobody, unprivileged, of_nobody);
    CHECK(where == where_is_a_local("", privileged, of_root));
    if (program == "push_pop") {
        CHECK(where.find("apples") != std::string::npos);
    }
}

}  // namespace

TEST_CASE("a program that hides its memory ends as untraced at each grain, and it is told that its calls are not followed") {
    if (!may_be_nobody()) {
        return;
    }
    for (const char* grain : {"lifecycle", "memory", "calls", "lines", "instructions"}) {
        CAPTURE(grain);
        const Ran ran = run_line("cd / && timeout 90 " + as_nobody + procatlas_program + " trace --json --grain " + grain +
                                 " -- " PROCATLAS_BUILD_DIR "/bin/fixtures/hides_memory </dev/null");
        CHECK(ran.status == 4);
        const json recording = json::parse(ran.output, nullptr, false);
        REQUIRE(!recording.is_discarded());
        std::string output;
        int gaps = 0;
        for (const json& event : recording["events"]) {
            output += event["kind"] == "output" ? event.value("text", "") : "";
            gaps += event.value("gap", "") == "calls_not_followed" ? 1 : 0;
        }
        CHECK(output == "before 2\nhidden 3\nchild 4\nby exec\nagain 5\n");
        const std::string name = grain;
        CHECK(gaps == (name == "lifecycle" || name == "memory" ? 0 : 1));
    }
}

TEST_CASE("push_pop and heap_grow look the same to an unprivileged user as to root at each finer grain") {
    if (!may_be_nobody()) {
        return;
    }
    for (const char* program : {"push_pop", "heap_grow"}) {
        for (const char* grain : {"calls", "lines", "instructions"}) {
            compare(program, grain);
        }
    }
}
