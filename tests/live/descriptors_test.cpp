// Compares the open files and working folders of real processes with what the processes say themselves.
#include <doctest/doctest.h>
#include <signal.h>
#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <sstream>

#include "cli_support.h"
#include "core/observe/linux/proc/descriptors.h"

using namespace procatlas;
using nlohmann::json;

namespace {

const json* descriptor(const json& descriptors, int number) {
    for (const json& one : descriptors) {
        if (one["number"] == number) {
            return &one;
        }
    }
    return nullptr;
}

const json* event_of_kind(const json& trace, const std::string& kind, const std::string& path_end) {
    for (const json& event : trace["events"]) {
        if (event["kind"] == kind && event.value("path", "").ends_with(path_end)) {
            return &event;
        }
    }
    return nullptr;
}

// A storm of signals for this process while it lives.
class Alarms {
public:
    Alarms() {
        struct sigaction action{};
        action.sa_handler = [](int) {};
        action.sa_flags = SA_RESTART;
        REQUIRE(::sigaction(SIGALRM, &action, &before_) == 0);
        const itimerval often{{0, 50}, {0, 50}};
        REQUIRE(::setitimer(ITIMER_REAL, &often, nullptr) == 0);
    }
    ~Alarms() {
        const itimerval never{};
        ::setitimer(ITIMER_REAL, &never, nullptr);
        ::sigaction(SIGALRM, &before_, nullptr);
    }
    Alarms(const Alarms&) = delete;
    Alarms& operator=(const Alarms&) = delete;

private:
    struct sigaction before_{};
};

}  // namespace

TEST_CASE("open files are told whole, also while signals arrive") {
    const auto quiet = read_descriptors(::getpid());
    REQUIRE(quiet);
    REQUIRE(quiet->open.size() >= 3);
    const Alarms alarms;
    int differ = 0;
    for (int round = 0; round < 3000; ++round) {
        const auto found = read_descriptors(::getpid());
        differ += !found || found->open.size() != quiet->open.size() ? 1 : 0;
    }
    CHECK(differ == 0);
}

TEST_CASE("an exec reports the open files that the new program sees in /proc/self/fd, and its working folder") {
    const json trace = trace_json("-- sh -c 'cd /usr; exec readlink /proc/self/fd/0 /proc/self/fd/3 3</dev/zero'");
    const json* exec = event_of_kind(trace, "exec", "/readlink");
    REQUIRE(exec != nullptr);
    std::string printed;
    for (const json& event : trace["events"]) {
        printed += event["kind"] == "output" ? event["text"].get<std::string>() : "";
    }
    CHECK(printed == "/dev/null\n/dev/zero\n");
    const json* zero = descriptor((*exec)["descriptors"], 0);
    const json* three = descriptor((*exec)["descriptors"], 3);
    REQUIRE(zero);
    REQUIRE(three);
    CHECK((*zero)["target"] == "/dev/null");
    CHECK((*three)["target"] == "/dev/zero");
    CHECK((*three)["reads"] == true);
    CHECK((*three)["writes"] == false);
    CHECK(trace["processes"][0]["working_folder"] == "/usr");
}

TEST_CASE("the files that exec closes were close-on-exec, and are not open afterwards") {
    const json trace = trace_json(
        "-- python3 -c 'import os; r = os.open(\"/dev/zero\", os.O_RDONLY); os.dup2(r, 50, inheritable=False);"
        " os.dup2(r, 51, inheritable=True); os.execv(\"/bin/true\", [\"true\"])'");
    const json* exec = event_of_kind(trace, "exec", "/true");
    REQUIRE(exec);
    CHECK(descriptor((*exec)["closed"], 50));
    CHECK_FALSE(descriptor((*exec)["closed"], 51));
    CHECK_FALSE(descriptor((*exec)["descriptors"], 50));
    const json* launch = event_of_kind(trace, "exec", "");
    REQUIRE(launch);
    REQUIRE(launch != exec);
    CHECK_FALSE(launch->contains("closed"));  // those were procatlas's own
    CHECK(descriptor((*exec)["descriptors"], 51));
}

TEST_CASE("the two ends of a shell's pipe are seen in the two programs that it joins") {
    const json trace = trace_json("-- bash -c 'sleep 0.05 | cat'");
    const json* writer = event_of_kind(trace, "exec", "/sleep");
    const json* reader = event_of_kind(trace, "exec", "/cat");
    REQUIRE(writer);
    REQUIRE(reader);
    const json* out = descriptor((*writer)["descriptors"], 1);
    const json* in = descriptor((*reader)["descriptors"], 0);
    REQUIRE(out);
    REQUIRE(in);
    CHECK((*out)["target"].get<std::string>().starts_with("pipe:["));
    CHECK((*out)["target"] == (*in)["target"]);
    CHECK((*out)["writes"] == true);
    CHECK((*in)["reads"] == true);
}

TEST_CASE("at the grain lifecycle, open files are not read, and the trace has null") {
    const json trace = trace_json("--grain lifecycle -- true");
    CHECK(trace["processes"][0]["descriptors"].is_null());
}
