// Calls and lines are those of the student's own code. Libraries are stepped over, also where they were compiled into the
// program.
#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "tests/live/cli_support.h"
#include "tests/live/own_code_programs.h"
#include "tests/scratch_folder.h"

using namespace procatlas;
using namespace procatlas::live;
using nlohmann::json;

namespace {

void write_source(const ScratchFolder& folder, const std::string& name, const std::string& text) {
    std::ofstream(folder.path(name)) << text;
}

void compile_in(const ScratchFolder& folder, const std::string& commands) {
    const Ran ran = run_line("cd '" + folder.path().string() + "' && (" + commands + ") 2>&1");
    REQUIRE_MESSAGE(ran.status == 0, ran.output);
}

bool is_there(const std::string& program) {
    return run_line("command -v " + program).status == 0;
}

// "+name" for a call, "-name" for a return, with spaces between.
std::string calls_of(const json& recording) {
    std::string text;
    for (const json& event : recording["events"]) {
        const bool call = event["kind"] == "call";
        if (call || event["kind"] == "return") {
            text += std::string(text.empty() ? "" : " ") + (call ? "+" : "-") + event["function"].get<std::string>();
        }
    }
    return text;
}

// The files of the places at which a call, a return or a line was told; "" where it is not known.
std::set<std::string> files_of(const json& recording, std::string_view kind) {
    std::set<std::string> files;
    for (const json& event : recording["events"]) {
        if (event["kind"] == kind) {
            REQUIRE(!event["frames"].empty());
            files.insert(event["frames"][0].value("file", json()).is_string() ? event["frames"][0]["file"].get<std::string>()
                                                                              : "");
        }
    }
    return files;
}

std::size_t count_of(const json& recording, std::string_view kind) {
    return static_cast<std::size_t>(
        std::ranges::count_if(recording["events"], [&](const json& e) { return e["kind"] == kind; }));
}

double seconds_of(const std::string& arguments) {
    const auto start = std::chrono::steady_clock::now();
    trace_json(arguments);
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

}  // namespace

TEST_CASE("of a C++ program only its own functions are called, in their order, though it makes a string, a vector and a map") {
    for (const std::string compiler : {"g++", "g++ -gdwarf-4", "g++ -gsplit-dwarf", "clang++", "clang++ -gdwarf-4"}) {
        if (!is_there(compiler.substr(0, compiler.find(' ')))) {
            MESSAGE("skipped: no " << compiler);
            continue;
        }
        CAPTURE(compiler);
        const ScratchFolder folder;
        write_source(folder, "mine.cpp", cpp_program);
        compile_in(folder, compiler + " -g -O0 mine.cpp -o mine");
        const json recording = trace_json("--grain calls -- " + folder.path("mine"));
        CHECK(calls_of(recording) == cpp_calls);
        CHECK(files_of(recording, "call") == std::set<std::string>{folder.path("mine.cpp")});
    }
}

TEST_CASE("of a C++ program only its own lines are told, and with --libraries those of the headers too") {
    const ScratchFolder folder;
    write_source(folder, "mine.cpp", cpp_program);
    compile_in(folder, "g++ -g -O0 mine.cpp -o mine");
    const json own = trace_json("--grain lines -- " + folder.path("mine"));
    CHECK(calls_of(own) == cpp_calls);
    CHECK(files_of(own, "line") == std::set<std::string>{folder.path("mine.cpp")});
    std::set<int> lines;
    for (const json& event : own["events"]) {
        if (event["kind"] == "line") {
            lines.insert(event["frames"][0]["line"].get<int>());
        }
    }
    const std::set<int> all{10, 11, 25, 29, 33, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51};
    const std::set<int> least{11, 25, 29, 33, 37, 38, 39, 40, 41, 42, 43, 44, 45, 47, 48, 49, 50};
    CHECK(std::ranges::includes(lines, least));
    CHECK(std::ranges::includes(all, lines));

    const json libraries = trace_json("--grain lines --libraries -- " + folder.path("mine"));
    CHECK(count_of(libraries, "call") > 100);
    CHECK(files_of(libraries, "line").size() > 5);
    CHECK(calls_of(libraries).find("+std::") != std::string::npos);
}

TEST_CASE("calls that an exception or longjmp leaves through a library's frames do not return, and those around them do") {
    for (const std::string compiler : {"g++", "clang++"}) {
        if (!is_there(compiler)) {
            MESSAGE("skipped: no " << compiler);
            continue;
        }
        CAPTURE(compiler);
        const ScratchFolder folder;
        write_source(folder, "jumps.cpp", jumping_program);
        compile_in(folder, compiler + " -g -O0 -w jumps.cpp -o jumps");
        for (const std::string grain : {"calls", "lines", "instructions"}) {
            CAPTURE(grain);
            CHECK(
                calls_of(trace_json("--grain " + grain + " -- " + folder.path("jumps"))) ==
                "+main +tries +thrower +deep +deep +deep -tries +jumps +jumper +less -less -jumper +jumper +less -less -jumper "
                "+jumper +less -less -jumps +depth +depth +depth +depth -depth -depth -depth -depth "
                "+tries +thrower +deep +deep +deep -tries -main");
        }
    }
}

TEST_CASE("frames of a library that was compiled into the program are marked, and keep their variables") {
    const ScratchFolder folder;
    write_source(folder, "jumps.cpp", jumping_program);
    compile_in(folder, "g++ -g -O0 -w jumps.cpp -o jumps");
    const std::string file = folder.path("jumps.procatlas");
    const json traced = trace_json("--grain calls -o " + file + " -- " + folder.path("jumps"));
    const json read = json::parse(run_procatlas("show " + file + " --as json").output);
    for (const json& recording : {traced, read}) {
        const json& events = recording["events"];
        const auto call =
            std::ranges::find_if(events, [](const json& e) { return e["kind"] == "call" && e["function"] == "thrower"; });
        REQUIRE(call != events.end());
        const json& frames = (*call)["frames"];
        REQUIRE(frames.size() >= 3);
        CHECK(frames[0]["function"] == "thrower");
        CHECK(!frames[0].contains("library"));
        CHECK(!frames[0].contains("optimised"));
        CHECK(frames[1]["function"].get<std::string>().starts_with("std::for_each"));
        CHECK(frames[1].value("library", false));
        CHECK(frames[1]["own"] == true);
        CHECK(frames[1]["variables"][0]["name"] == "__first");
        CHECK(frames[2]["function"] == "tries");
        CHECK(!frames[2].contains("library"));
    }
}

TEST_CASE("where one library has gone, another at its place and of its name is read by its own symbols") {
    const ScratchFolder folder;
    write_source(folder, "first.c", "int one(int (*f)(int)) { return f(1); }\nint visit(int (*f)(int)) { return one(f); }\n");
    write_source(folder, "second.c", "int two(int (*f)(int)) { return f(2); }\nint visit(int (*f)(int)) { return two(f); }\n");
    write_source(folder, "main.c", R"c(#include <dlfcn.h>
#include <stdio.h>
int mine(int n) { return n; }
static void *use(void) {
    void *library = dlopen("./used.so", RTLD_NOW);
    int (*visit)(int (*)(int)) = (int (*)(int (*)(int)))dlsym(library, "visit");
    visit(mine);
    dlclose(library);
    return (void *)visit;
}
int main(void) {
    void *first = use();
    rename("other.so", "used.so");
    return first == use() ? 0 : 1;
}
)c");
    compile_in(folder,
               "gcc -g -O0 -shared -fPIC first.c -o used.so && gcc -g -O0 -shared -fPIC second.c -o other.so && "
               "gcc -g -O0 main.c -o main");
    const Ran ran = run_line("cd '" + folder.path().string() + "' && setarch -R " + procatlas_program +
                             " trace --json --grain calls -- ./main </dev/null 2>/dev/null");
    const json trace = json::parse(ran.output, nullptr, false);
    REQUIRE(trace.is_object());
    std::vector<std::string> callers;
    for (const json& event : trace["events"]) {
        if (event["kind"] == "call" && event["function"] == "mine") {
            callers.push_back(event["frames"][1].value("function", "?"));
        }
    }
    CHECK(callers == std::vector<std::string>{"one", "two"});
    CHECK(ran.status == 0);  // it was the same place, or this shows nothing
}

TEST_CASE("instructions are those of the student's own functions") {
    const ScratchFolder folder;
    write_source(folder, "mine.cpp", cpp_program);
    compile_in(folder, "g++ -g -O0 mine.cpp -o mine");
    const json recording = trace_json("--grain instructions -- " + folder.path("mine"));
    CHECK(calls_of(recording) == cpp_calls);
    CHECK(count_of(recording, "instruction") > 100);
    for (const json& event : recording["events"]) {
        const bool step = event["kind"] == "instruction" && event.contains("frames") && !event["frames"].empty();
        const std::string file = step && event["frames"][0].value("file", json()).is_string() ? event["frames"][0]["file"] : "";
        // The step that ends in a library's first instruction was made by the student's call.
        CHECK_MESSAGE((file.empty() || file == folder.path("mine.cpp") || event["pc_before"] != event["pc"]), file);
    }
}

TEST_CASE("of an optimised program, whose library code is inlined into the student's, no line of a header is told") {
    for (const std::string options : {"-O1", "-O2 -flto"}) {
        CAPTURE(options);
        const ScratchFolder folder;
        write_source(folder, "mine.cpp", cpp_program);
        compile_in(folder, "g++ -g " + options + " -w mine.cpp -o mine");
        const json recording = trace_json("--grain lines -- " + folder.path("mine"));
        CHECK(calls_of(recording).starts_with("+main"));
        CHECK(files_of(recording, "line") == std::set<std::string>{folder.path("mine.cpp")});
    }
}

TEST_CASE("the cold part of a function that was optimised is not told as a call of it") {
    const ScratchFolder folder;
    write_source(folder, "jumps.cpp", jumping_program);
    compile_in(folder, "g++ -g -O2 -w jumps.cpp -o jumps");
    const json recording = trace_json("--grain calls -- " + folder.path("jumps"));
    for (const json& event : recording["events"]) {
        CHECK((event["kind"] != "call" || event["frames"][0].value("optimised", false)));
    }
    const std::string calls = calls_of(recording);
    CAPTURE(calls);
    for (const char* once : {"+tries", "-tries"}) {
        std::size_t times = 0;
        for (std::size_t at = calls.find(once); at != calls.npos; at = calls.find(once, at + 1)) {
            ++times;
        }
        CHECK(times == 2);
    }
}

TEST_CASE("of a Go program only its own functions are called, also where its paths are trimmed") {
    if (!is_there("go")) {
        MESSAGE("skipped: go is not installed");
        return;
    }
    const ScratchFolder folder;
    write_source(folder, "hello.go", go_program);
    for (const std::string flags : {"-gcflags=-l", "-trimpath -gcflags=-l"}) {
        CAPTURE(flags);
        compile_in(folder, "GO111MODULE=off GOFLAGS= go build " + flags + " -o hello hello.go");
        const json recording = trace_json("--grain lines -- " + folder.path("hello"));
        CHECK(calls_of(recording) ==
              "+main.main +main.main.func1 -main.main.func1 +main.main.func1 -main.main.func1 +main.main.func1 "
              "-main.main.func1 +main.twice -main.twice -main.main");
        for (const std::string& file : files_of(recording, "line")) {
            CHECK(file.ends_with("hello.go"));
        }
    }
}

namespace {

// How often each function is called ("+name") and returns ("-name").
std::map<std::string, int> counts_of(const json& recording) {
    std::map<std::string, int> counts;
    std::istringstream words(calls_of(recording));
    for (std::string word; words >> word;) {
        ++counts[word];
    }
    return counts;
}

}  // namespace

TEST_CASE("each call of a goroutine returns, also where its stack is moved and other threads take it over") {
    if (!is_there("go")) {
        MESSAGE("skipped: go is not installed");
        return;
    }
    const ScratchFolder folder;
    std::filesystem::create_directory(folder.path("stock"));
    write_source(folder, "main.go", goroutines_program);
    write_source(folder, "stock/stock.go", goroutines_package);
    write_source(folder, "go.mod", "module shop\n\ngo 1.18\n");
    compile_in(folder, "HOME=$PWD GOFLAGS= GO111MODULE=on GOPROXY=off go build -gcflags=-l -o shop .");
    const std::string file = folder.path("shop.procatlas");
    const auto counts = counts_of(trace_json("--grain calls -o " + file + " -- " + folder.path("shop")));
    const std::map<std::string, int> expected{
        {"main.main", 1}, {"main.deep", 31 + 11 + 12 + 13 + 14}, {"main.worker", 4}, {"main.step", 8}};
    for (const auto& [name, count] : expected) {
        CAPTURE(name);
        CHECK(counts.at("+" + name) == count);
        CHECK((counts.contains("-" + name) ? counts.at("-" + name) : 0) == count);
    }
    CHECK_FALSE(counts.contains("+main.init"));  // sets the variables, and nobody wrote it
    const json moment = json::parse(run_procatlas("show " + file + " --as json").output);
    const std::string globals = moment["processes"][0]["globals"].dump();
    CHECK(globals.find("shop/stock.Left") != globals.npos);
    CHECK(globals.find("main.total") != globals.npos);
    CHECK(globals.find("runtime.") == globals.npos);
}

TEST_CASE("of a Rust program's trait functions those that were derived are nobody's, and those that were written are own") {
    if (!is_there("rustc")) {
        MESSAGE("skipped: rustc is not installed");
        return;
    }
    const ScratchFolder folder;
    write_source(folder, "deriving.rs", deriving_program);
    compile_in(folder, "rustc -g -A warnings -o deriving deriving.rs");
    const std::string trait = "deriving::{impl#";
    std::map<std::string, int> calls;
    for (const auto& [name, count] : counts_of(trace_json("--grain calls -- " + folder.path("deriving")))) {
        const std::size_t end = name.find("}::");
        calls[name.starts_with("+" + trait) ? "+" + name.substr(end + 3) : name] += count;
    }
    std::erase_if(calls, [](const auto& entry) { return entry.first.starts_with('-'); });
    CHECK(calls == std::map<std::string, int>{{"+deriving::main", 1},
                                              {"+fmt", 1},
                                              {"+clone", 1},
                                              {"+default", 1},
                                              {"+deriving::Speak::say<deriving::Point>", 1},
                                              {"+deriving::generic<deriving::Point>", 1},
                                              {"+deriving::main::{closure#1}", 1}});
}

TEST_CASE("of a Rust program only its own functions are called") {
    if (!is_there("rustc")) {
        MESSAGE("skipped: rustc is not installed");
        return;
    }
    const ScratchFolder folder;
    write_source(folder, "hello.rs", rust_program);
    compile_in(folder, "rustc -g -o hello hello.rs");
    const json recording = trace_json("--grain lines -- " + folder.path("hello"));
    CHECK(calls_of(recording) ==
          "+hello::main +hello::main::{closure#0} -hello::main::{closure#0} +hello::main::{closure#0} "
          "-hello::main::{closure#0} +hello::main::{closure#0} -hello::main::{closure#0} +hello::twice -hello::twice "
          "+hello::Shop::first -hello::Shop::first -hello::main");
    CHECK(files_of(recording, "line") == std::set<std::string>{folder.path("hello.rs")});
}

TEST_CASE("where a program has no code of the student's, it says so") {
    const ScratchFolder folder;
    compile_in(folder, "mkdir -p opt/include/c++/14");
    write_source(folder, "opt/include/c++/14/all.c", c_program);
    compile_in(folder, "gcc -g -O0 opt/include/c++/14/all.c -o all");
    const json recording = trace_json("--grain calls -- " + folder.path("all"));
    CHECK(calls_of(recording).empty());
    CHECK(why_no_calls(recording) ==
          "all functions that its debug information names are of libraries, by the places of their source files");
    CHECK(calls_of(trace_json("--grain calls --libraries -- " + folder.path("all"))).starts_with("+main +twice -twice"));
}

TEST_CASE("C++, Go and Rust take about as long as a C program with as many calls of its own") {
    const ScratchFolder folder;
    write_source(folder, "plain.c", c_program);
    write_source(folder, "mine.cpp", cpp_program);
    write_source(folder, "hello.go", go_program);
    write_source(folder, "hello.rs", rust_program);
    compile_in(folder, "gcc -g -O0 plain.c -o plain && g++ -g -O0 mine.cpp -o mine");
    const double plain = seconds_of("--grain calls -- " + folder.path("plain"));
    const auto tell = [&](const std::string& what, const std::string& program) {
        const double taken = seconds_of("--grain calls -- " + folder.path(program));
        MESSAGE(what << ": " << taken << " s, " << taken / plain << " times C's " << plain << " s");
    };
    tell("C++", "mine");
    if (is_there("go")) {
        compile_in(folder, "GO111MODULE=off GOFLAGS= go build -o hello_go hello.go");
        tell("Go", "hello_go");
    }
    if (is_there("rustc")) {
        compile_in(folder, "rustc -g -o hello_rust hello.rs");
        tell("Rust", "hello_rust");
    }
}
