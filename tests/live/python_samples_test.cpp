// Python programs that come with procatlas, step by step: frames, names and values are those that a trace function of
// another run sees (python_oracle.py), in each thread of each process, and each object lies in a region of its process.
#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "tests/live/cli_support.h"
#include "tests/live/live_support.h"
#include "tests/live/python_support.h"
#include "tests/scratch_folder.h"

namespace procatlas {
namespace {

namespace fs = std::filesystem;

using Thread = std::pair<std::int64_t, std::int64_t>;  // the numbers of the process and of the thread

// The numbers of processes differ from run to run, and so do addresses, which a program may show.
std::string without_numbers(const std::string& text, const std::set<std::int64_t>& pids) {
    static const std::regex number("0x[0-9a-f]+|[0-9]+");
    std::string out;
    auto at = text.begin();
    for (std::sregex_iterator found(text.begin(), text.end(), number), end; found != end; ++found) {
        const std::string digits = found->str();
        const bool is_pid = digits.size() < 19 && !digits.starts_with("0x") && pids.contains(std::stoll(digits));
        out.append(at, (*found)[0].first);
        out += is_pid ? "PID" : digits.size() > 9 ? "ADDRESS" : digits;
        at = (*found)[0].second;
    }
    return out.append(at, text.end());
}

std::multiset<std::string> comparable(const std::map<Thread, std::string>& texts, std::set<std::int64_t> pids) {
    for (const auto& [thread, _] : texts) {
        pids.insert({thread.first, thread.second});
    }
    std::multiset<std::string> all;
    for (const auto& [_, text] : texts) {
        all.insert(without_numbers(text, pids));
    }
    return all;
}

// One line for each event, as python_oracle.py writes them.
std::map<Thread, std::string> lines_of(const json& trace) {
    const std::set<std::string> plain{"int", "str", "list", "tuple", "dict", "float", "bool", "NoneType"};
    std::map<Thread, std::string> texts;
    for (const json& event : trace["events"]) {
        if (!is_told_by_python(event)) {
            continue;
        }
        const json& frame = event["frames"][0];
        std::map<std::string, json> names;
        for (const json& variable : frame["variables"]) {
            names[variable["name"]] = variable;
        }
        std::map<std::string, std::size_t> numbers;
        std::string told;
        for (const auto& [name, variable] : names) {
            const std::string type = variable["type"];
            const std::size_t number = numbers.try_emplace(variable["object"], numbers.size()).first->second;
            told += (told.empty() ? "" : ",") + name + "=" +
                    (plain.contains(type) ? variable["value"].get<std::string>() : type) + "#" + std::to_string(number);
        }
        const std::string kind = event["kind"];
        const bool returns = (kind == "return" || kind == "suspend") && event.contains("result") && event["result"] != "None";
        texts[{event["pid"], event.value("thread", event["pid"].get<std::int64_t>())}] +=
            kind + " " + frame["function"].get<std::string>() + ":" + std::to_string(line_of(frame)) + " " + told +
            (returns ? " -> " + event["result"].get<std::string>() : "") + "\n";
    }
    return texts;
}

std::map<Thread, std::string> oracle_lines_of(const std::string& script) {
    const ScratchFolder folder;
    REQUIRE(run_line("timeout 60 " + python + " " PROCATLAS_SOURCE_DIR "/tests/live/python_oracle.py " + script + " " +
                     folder.path("") + " </dev/null >/dev/null 2>&1")
                .status == 0);
    // A child may outlive the program.
    const auto has_ended = [](const auto& entry) {
        std::stringstream text;
        text << std::ifstream(entry.path()).rdbuf();
        const std::string all = text.str();
        return all.substr(std::min(all.rfind('\n', all.size() - 2) + 1, all.size())).starts_with("return ");
    };
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    while (std::chrono::steady_clock::now() < deadline &&
           !std::ranges::all_of(fs::directory_iterator(folder.path("")), has_ended)) {
        std::this_thread::yield();
    }
    std::map<Thread, std::string> texts;
    for (const auto& entry : fs::directory_iterator(folder.path(""))) {
        const std::string name = entry.path().filename();
        std::stringstream text;
        text << std::ifstream(entry.path()).rdbuf();
        texts[{std::stoll(name), std::stoll(name.substr(name.find('.') + 1))}] = text.str();
    }
    return texts;
}

// Tells the first line of each thread that only one of the two has.
void check_same_threads(std::multiset<std::string> ours, std::multiset<std::string> theirs) {
    std::vector<std::string> only_ours;
    std::vector<std::string> only_theirs;
    std::ranges::set_difference(ours, theirs, std::back_inserter(only_ours));
    std::ranges::set_difference(theirs, ours, std::back_inserter(only_theirs));
    CHECK(only_ours.size() == only_theirs.size());
    for (std::size_t i = 0; i < std::min(only_ours.size(), only_theirs.size()); ++i) {
        const auto [here, there] = std::ranges::mismatch(only_ours[i], only_theirs[i]);
        const auto line = [](const std::string& text, auto at) {
            const auto from = text.rfind('\n', static_cast<std::size_t>(at - text.begin()));
            return text.substr(from == std::string::npos ? 0 : from, 300);
        };
        CHECK_MESSAGE(false,
                      "procatlas: " << line(only_ours[i], here) << "\na trace function: " << line(only_theirs[i], there));
    }
    for (const auto& more : {only_ours, only_theirs}) {
        for (std::size_t i = std::min(only_ours.size(), only_theirs.size()); i < more.size(); ++i) {
            CHECK_MESSAGE(false, "only one of them: " << more[i].substr(0, 600));
        }
    }
}

// The different steps, without values: what is left of a program that reads other numbers each time, or waits in a loop.
std::multiset<std::string> steps_alone(const std::multiset<std::string>& threads) {
    std::multiset<std::string> all;
    for (const std::string& thread : threads) {
        std::set<std::string> steps;
        std::stringstream lines(thread);
        for (std::string line; std::getline(lines, line);) {
            steps.insert(line.substr(0, line.find(' ', line.find(' ') + 1)));
        }
        std::string text;
        for (const std::string& step : steps) {
            text += step + "\n";
        }
        all.insert(text);
    }
    return all;
}

enum class Compared { all, steps, threads_of_the_other, steps_of_the_other };

void check_sample(const std::string& script, Compared compared = Compared::all) {
    CAPTURE(script);
    const auto expected = oracle_lines_of(script);
    const json trace = trace_python(script);
    std::set<std::int64_t> pids;
    for (const json& process : trace["processes"]) {
        pids.insert(process["pid"].get<std::int64_t>());
    }
    auto ours = comparable(lines_of(trace), pids);
    auto theirs = comparable(expected, {});
    if (compared == Compared::steps || compared == Compared::steps_of_the_other) {
        ours = steps_alone(ours);
        theirs = steps_alone(theirs);
    }
    if (compared == Compared::threads_of_the_other || compared == Compared::steps_of_the_other) {
        std::erase_if(ours, [&](const std::string& text) { return !theirs.contains(text); });
    }
    check_same_threads(ours, theirs);
    std::size_t objects = 0;
    for (const json& event : trace["events"]) {
        for (const json& object : is_told_by_python(event) ? event["objects"] : json::array()) {
            CHECK_MESSAGE(!object["region"].is_null(), object.dump());
            ++objects;
        }
    }
    CHECK(objects > 0);
}

// The kinds and functions of the steps that a program tells of, and its results. Before 3.11 a method is not told with its
// class.
std::string results_of(const json& trace) {
    std::string text;
    for (const json& event : trace["events"]) {
        if (is_told_by_python(event) && event["kind"] != "line") {
            std::string function = event.value("function", "");
            const bool of_class = function.starts_with("<class ");
            const std::size_t at = function.rfind('.');
            function = at == std::string::npos ? function : (of_class ? "<class " : "") + function.substr(at + 1);
            text += event["kind"].get<std::string>() + " " + function + " " + event.value("result", "") + "\n";
        }
    }
    return text;
}

// The other versions of Python that pyenv has installed, if it is there.
std::vector<std::string> other_pythons() {
    std::vector<std::string> found;
    std::stringstream roots(run_line("pyenv root 2>/dev/null").output);
    std::string root;
    std::error_code error;
    if (std::getline(roots, root)) {
        for (const auto& version : fs::directory_iterator(root + "/versions", error)) {
            const std::string name = version.path().filename();
            const bool known = name.starts_with("3.") && std::atoi(name.c_str() + 2) >= 8;
            if (known && fs::exists(version.path() / "bin/python3")) {
                found.push_back(version.path() / "bin/python3");
            }
        }
    }
    return found;
}

}  // namespace

TEST_CASE("every version of Python tells the same steps, where lines are told and where calls are enough") {
    const std::string script = PROCATLAS_SOURCE_DIR "/tests/live/many_things.py";
    const std::string expected = results_of(trace_python(script));
    REQUIRE(std::ranges::count(expected, '\n') > 80);
    std::ifstream lines(script);
    std::size_t one_line_loop = 1;
    for (std::string line; std::getline(lines, line) && !line.starts_with("for turn in");) {
        ++one_line_loop;
    }
    CHECK(results_of(trace_python(script, "calls")) == expected);
    for (const std::string& interpreter : other_pythons()) {
        CAPTURE(interpreter);
        const json trace = trace_python(script, "lines", interpreter);
        CHECK(results_of(trace) == expected);
        // A loop on one line comes by it each time.
        CHECK(std::ranges::count(steps_of(trace), "line <module>:" + std::to_string(one_line_loop)) == 4);
    }
}

TEST_CASE("frames, names and values of each Python sample are those that a trace function sees") {
    // python_cow reads numbers from /proc; orphan waits in a loop, and nobody waits for its child; the trace function of the
    // other run does not get into spawned interpreters.
    const std::map<std::string, Compared> in_part{{"python_cow", Compared::steps},
                                                  {"orphan", Compared::steps_of_the_other},
                                                  {"py_start_globals", Compared::threads_of_the_other},
                                                  {"python_start_methods", Compared::threads_of_the_other}};
    // One of each kind. All of them take four times as long: PROCATLAS_ALL_SAMPLES=1.
    const std::set<std::string> usual{"mine",         "child",     "py_alias",  "py_closure",
                                      "py_exception", "py_global", "py_shared", "py_threads"};
    const bool all = std::getenv("PROCATLAS_ALL_SAMPLES") != nullptr;
    check_sample(PROCATLAS_SOURCE_DIR "/tests/live/many_things.py");
    for (const auto& entry : fs::directory_iterator(PROCATLAS_SOURCE_DIR "/assets/programs")) {
        const std::string name = entry.path().stem();
        if (entry.path().extension() == ".py" && (all || usual.contains(name))) {
            check_sample(entry.path(), in_part.contains(name) ? in_part.at(name) : Compared::all);
        }
    }
}

}  // namespace procatlas
