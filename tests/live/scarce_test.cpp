// Where something that every program takes for granted is missing: a true sentence, or the whole result, and never a crash.
#include <doctest/doctest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "core/store/read_recording.h"
#include "tests/live/cli_support.h"
#include "tests/scratch_folder.h"
#include "tests/support/bytes_of.h"

using namespace procatlas;
using nlohmann::json;
namespace fs = std::filesystem;

namespace {

// The sanitizers need descriptors, /proc and terabytes of addresses for themselves.
#if defined(__SANITIZE_ADDRESS__)
constexpr bool address_sanitizer = true;
#elif defined(__has_feature)
constexpr bool address_sanitizer = __has_feature(address_sanitizer);
#else
constexpr bool address_sanitizer = false;
#endif

bool needs_too_much() {
    if (address_sanitizer) {
        MESSAGE("not tested: a sanitized build needs more than there is to be");
    }
    return address_sanitizer;
}

}  // namespace

TEST_CASE("too few descriptors, too little memory, closed standard descriptors: a sentence or the whole, and no crash") {
    if (needs_too_much()) {
        return;
    }
    const ScratchFolder folder;
    const std::vector<std::string> limits{"-n 5",  "-n 12", "-n 16",    "-n 19",    "-n 20",    "-n 21",
                                          "-n 22", "-n 40", "-v 60000", "-v 80000", "-v 100000"};
    const std::string push_pop = PROCATLAS_BUILD_DIR "/bin/programs/push_pop";
    const std::string file = folder.path("run.procatlas");
    for (const std::string& limit : limits) {
        for (const std::string& options : {std::string(), "--grain calls -o " + file}) {
            CAPTURE(limit);
            CAPTURE(options);
            const Ran ran = run_line("(ulimit " + limit + "; exec " + procatlas_program + " trace " + options + " -- " +
                                     push_pop + ") </dev/null 2>&1");
            const bool said = ran.output.find("procatlas: ") != std::string::npos;
            const bool loader = ran.status == 127 && ran.output.find("shared") != std::string::npos;
            CHECK_MESSAGE(
                (loader || (ran.status == 125 && said) || (ran.status == 0 && ran.output.find("4 apples") != ran.output.npos)),
                ran.status << ran.output);
        }
    }
}

TEST_CASE("no memory in the middle of a run: the program ends, and what was seen is told and kept") {
    if (needs_too_much()) {
        return;
    }
    const ScratchFolder folder;
    const std::string file = folder.path("run.procatlas");
    const Ran ran = run_line("ulimit -v 150000; exec " + procatlas_program + " trace --json -o " + file +
                             " -- sh -c 'long=$(printf %020000d 1); while :; do /bin/true $long; done"
                             "' </dev/null 2>" +
                             folder.path("messages"));
    CHECK(ran.status == 125);
    CHECK(bytes_of(folder / "messages").find("no memory") != std::string::npos);
    const json told = json::parse(ran.output, nullptr, false);
    REQUIRE(!told.is_discarded());
    CHECK(told["events"].size() > 1000);
    check_one_whole_file(file, 1000);
}

TEST_CASE("standard descriptors that are closed are not those of the recording, and a lost result is reported") {
    const ScratchFolder folder;
    const std::string file = folder.path("run.procatlas");
    const std::string line = procatlas_program + " trace --json -o " + file + " -- echo hi ";
    CHECK(run_line(line + "<&- 2>&-").status == 0);
    check_one_whole_file(file, 5);
    CHECK(run_line(line + "<&- >&- 2>&-").status == 125);
    check_one_whole_file(file, 5);
    const Ran ran = run_line(line + "2>&1 >&-");
    CHECK(ran.status == 125);
    CHECK(ran.output.find("standard output") != std::string::npos);
}

TEST_CASE("in a locale that is not UTF-8 the text is in its character set, or in ASCII with escapes") {
    const std::string line = procatlas_program + " trace -- sh -c 'echo caf\303\251; true; true' </dev/null";
    const auto plain = [](const std::string& text) { return std::ranges::all_of(text, [](char c) { return c >= 0; }); };
    for (const char* locale : {"LC_ALL=C ", "LC_ALL=POSIX ", "LC_ALL= LC_CTYPE= LANG= ", "LC_ALL=none "}) {
        const Ran ran = run_line(locale + line);
        CHECK(ran.status == 0);
        CHECK_MESSAGE(plain(ran.output), ran.output);
        CHECK(ran.output.find("caf\\u00e9") != std::string::npos);
    }
    CHECK(run_line("LC_ALL=de_DE.ISO-8859-1 " + line).output.find("caf\xe9\n") != std::string::npos);
    CHECK(run_line("LC_ALL=C.UTF-8 " + line).output.find("caf\xc3\xa9\n") != std::string::npos);
    CHECK(!plain(run_line("LC_ALL=C " + procatlas_program + " trace --json -- printf '\\303\\251' </dev/null").output));
}

TEST_CASE("without /proc or terminals a sentence says what is missing") {
    if (needs_too_much()) {
        return;
    }
    if (::geteuid() != 0) {
        MESSAGE("not tested: only root can take them away");
        return;
    }
    const std::string inside = "unshare -m --propagation private sh -c '";
    if (run_line(inside + "true' 2>/dev/null").status != 0) {
        MESSAGE("not tested: no namespaces of mounts here");
        return;
    }
    const Ran no_proc = run_line(inside + "umount -l /proc && " + procatlas_program + " trace -- echo hi 2>&1 </dev/null'");
    CHECK(no_proc.status == 125);
    CHECK(no_proc.output.find("there is no /proc") != std::string::npos);
    const Ran no_terminals = run_line(inside + "umount -l /dev/pts && mount -t tmpfs none /dev/pts && " + procatlas_program +
                                      " trace -- echo hi 2>&1 >/dev/null </dev/null'");
    CHECK(no_terminals.status == 125);
    CHECK(no_terminals.output.find("no terminal") != std::string::npos);
}
