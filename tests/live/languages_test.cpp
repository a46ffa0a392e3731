// Values of Go and Rust are told as what their programmers call them: strings, slices, maps, interfaces, boxes, vectors, enums.
#include <doctest/doctest.h>

#include <map>
#include <regex>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "tests/live/cli_support.h"
#include "tests/scratch_folder.h"

using namespace procatlas;
using nlohmann::json;

namespace {

using Told = std::vector<std::pair<std::string, std::string>>;

// The frames that call `mark`, innermost first, at each of its calls; empty: there is no compiler.
std::vector<json> callers_of_mark(const std::string& compile, const std::string& source, const std::string& mark) {
    const ScratchFolder folder;
    const std::string file = PROCATLAS_SOURCE_DIR "/tests/fixtures/libraries/" + source;
    const Ran compiled = run_line("cd '" + folder.path().string() + "' && cp '" + file + "' . && " + compile + " 2>&1");
    if (compiled.status != 0) {
        MESSAGE("not compiled: " << compile << ": " << compiled.output);
        return {};
    }
    std::vector<json> found;
    const json recording = trace_json("--grain calls --only " + mark + " -- " + folder.path("program"));
    for (const json& event : recording["events"]) {
        if (event["kind"] == "call" && event["function"] == mark) {
            found.push_back(event["frames"]);
            found.back().erase(0);
        }
    }
    REQUIRE(!found.empty());
    return found;
}

json variable_named(const json& frame, const std::string& name) {
    for (const json& one : frame["variables"]) {
        if (one["name"] == name) {
            return one;
        }
    }
    FAIL("no variable " << name);
    return {};
}

std::string told_value(const json& frame, const std::string& name) {
    const json one = variable_named(frame, name);
    const bool told = one.contains("value") && one["value"].is_string();
    const std::string text = told ? one["value"].get<std::string>() : "N/A " + one.value("not_available", std::string());
    return std::regex_replace(text, std::regex("0x[0-9a-f]+"), "0x");
}

void check_all(const json& frame, const Told& expected) {
    for (const auto& [name, text] : expected) {
        CAPTURE(name);
        CHECK(told_value(frame, name) == text);
    }
}

// The entries of "{1: 1, 2: 4} len 2".
std::set<std::string> entries_of(const std::string& text) {
    std::set<std::string> found;
    const std::regex entry("[0-9]+: [0-9]+");
    for (std::sregex_iterator at(text.begin(), text.end(), entry), end; at != end; ++at) {
        found.insert(at->str());
    }
    return found;
}

std::set<std::string> squares(int first, int last, int step) {
    std::set<std::string> found;
    for (int i = first; i <= last; i += step) {
        found.insert(std::to_string(i) + ": " + std::to_string(i * i));
    }
    return found;
}

std::vector<json> go_program(const std::string& options) {
    return callers_of_mark("HOME=$PWD GOCACHE=$PWD/cache GO111MODULE=off go build " + options + " -o program values.go",
                           "values.go", "main.mark");
}

}  // namespace

TEST_CASE("all parameters, results and locals of a Go function are told in the words of Go") {
    const std::vector<json> stops = go_program("-gcflags='-N -l'");
    if (stops.empty()) {
        return;
    }
    REQUIRE(stops.size() >= 7);
    check_all(stops[0][0], {{"s", "\"hello\""},
                            {"n", "7"},
                            {"xs", "{1, 2, 3} len 3, cap 3"},
                            {"p", "0x -> {X = 3, Y = 4}"},
                            {"shape", "main.Square: {Side = 2}"},
                            {"any", "int: 42"},
                            {"f", "main.main.func1"},
                            {"b", "true"},
                            {"r", "120"},
                            {"float", "1.5"},
                            {"total", "10"},
                            {"err", "*errors.errorString: 0x -> {s = \"bad\"}"}});
    CHECK(told_value(stops[0][0], "m").find("\"a\": 1") != std::string::npos);
    CHECK(variable_named(stops[0][0], "p")["type"] == "*main.Point");
    CHECK(variable_named(stops[0][0], "s")["type"] == "string");
    const json& locals = stops[1][0];
    check_all(locals, {{"text", "\"h\u00e9llo, \uc138\uacc4\""},
                       {"array", "{1, 2, 3}"},
                       {"words", "{\"a\", \"bb\"} len 2, cap 2"},
                       {"nested", "{{1}, {}, {2, 3}} len 3, cap 3"},
                       {"part", "{2} len 1, cap 2"},
                       {"bytes", "{104, 105} len 2, cap 2"},
                       {"channel", "0x {1} len 1, cap 2"},
                       {"large", "{7: {A = {0 <repeats 40 times>}}} len 1"},
                       {"keys", "{{X = 1, Y = 2}: true} len 1"},
                       {"names", "{\"n\": 1} len 1"},
                       {"temperature", "36.5"},
                       {"outer",
                        "{In = {Name = \"in\", Tags = {\"t\"}}, P = 0x -> {Name = \"ptr\", Tags = nil}, M = {\"k\": {Name = "
                        "\"v\", Tags = nil}}, Any = float64: 2.5, Err = *errors.errorString: 0x -> {s = \"oops\"}}"},
                       {"complicated", "1 + 2i"},
                       {"noPointer", "nil"},
                       {"noMap", "nil"},
                       {"noSlice", "nil"},
                       {"noError", "nil"},
                       {"noFunction", "nil"},
                       {"emptySlice", "{} len 0, cap 0"},
                       {"emptyMap", "{} len 0"},
                       {"anyStruct", "main.Inner: {Name = \"i\", Tags = nil}"},
                       {"anyPointer", "*main.Point: 0x -> {X = 8, Y = 9}"},
                       {"anyMap", "map[string]int: {\"z\": 26}"}});
    CHECK(told_value(locals, "later").starts_with("N/A it is declared on line "));
    CHECK(variable_named(locals, "nested")["type"] == "[][]int");
    CHECK(variable_named(locals, "outer")["type"] == "main.Outer");
}

TEST_CASE("the variables of a student's Go packages are the globals, and those of Go's library are not") {
    if (run_line("command -v go").status != 0) {
        MESSAGE("skipped: no go");
        return;
    }
    const ScratchFolder folder;
    const std::string recording = folder.path("run.procatlas");
    const Ran compiled =
        run_line("cd '" + folder.path().string() +
                 "' && cp " PROCATLAS_SOURCE_DIR
                 "/tests/fixtures/libraries/values.go . && HOME=$PWD GOCACHE=$PWD/cache GO111MODULE=off go build "
                 "-gcflags='-N -l' -o program values.go 2>&1");
    REQUIRE_MESSAGE(compiled.status == 0, compiled.output);
    trace_json("--grain calls --only main.mark -o " + recording + " -- " + folder.path("program"));
    const json moment = json::parse(run_procatlas("show " + recording + " --as json").output);
    std::map<std::string, std::string> told;
    for (const json& one : moment["processes"][0]["globals"]) {
        CHECK(one["address"].get<std::string>().starts_with("0x"));
        told[one["name"]] = std::regex_replace(one["value"].get<std::string>(), std::regex("0x[0-9a-f]+"), "0x");
    }
    CHECK(told == std::map<std::string, std::string>{{"main.left", "{\"pear\": 3} len 1"},
                                                     {"main.names", "{\"a\", \"b\"} len 2, cap 2"},
                                                     {"main.point", "0x -> {X = 1, Y = 2}"}});
}

TEST_CASE("a map of Go has each entry once while it grows and shrinks") {
    const std::vector<json> stops = go_program("-gcflags='-N -l'");
    if (stops.empty()) {
        return;
    }
    REQUIRE(stops.size() >= 6);
    for (int i = 0; i < 3; ++i) {
        CHECK(entries_of(told_value(stops[2 + i][0], "grown")) == squares(0, 50 * i, 1));
    }
    CHECK(entries_of(told_value(stops[5][0], "grown")) == squares(1, 149, 2));
    CHECK(told_value(stops[5][0], "grown").ends_with(" len 75"));
}

TEST_CASE("a variable of Go that a function literal takes is told inside and outside") {
    const std::vector<json> stops = go_program("-gcflags='-N -l'");
    if (stops.empty()) {
        return;
    }
    check_all(stops.back()[0], {{"n", "3"}, {"count", "4"}});
    check_all(stops.back()[1], {{"add", "main.closures.func1"}, {"count", "4"}});
}

TEST_CASE("what an optimised Go program has is right, and what it does not have says why") {
    const std::vector<json> plain = go_program("-gcflags='-N -l'");
    const std::vector<json> optimised = go_program("");
    if (plain.empty() || optimised.empty()) {
        return;
    }
    int told = 0;
    for (std::size_t i = 0; i < 2; ++i) {
        for (const json& one : optimised[i][0]["variables"]) {
            const std::string name = one["name"];
            const std::string text = told_value(optimised[i][0], name);
            CAPTURE(name);
            if (text.starts_with("N/A ")) {
                CHECK(text.size() > 4);
            } else if (name != "m") {  // whose order differs from run to run
                CHECK(text == told_value(plain[i][0], name));
                ++told;
            }
        }
    }
    CHECK(told >= 3);
}

TEST_CASE("the values of Rust's library are told as what they hold") {
    const std::vector<json> stops = callers_of_mark("rustc -g -A warnings values.rs -o program", "values.rs", "values::mark");
    if (stops.empty()) {
        return;
    }
    REQUIRE(stops.size() == 2);
    check_all(stops[0][0], {{"t", "\"text\""},
                            {"slice", "{4, 5} len 2"},
                            {"r", "0x -> {\"in\"}"},
                            {"p", "0x -> Point {x: 5, y: 6}"},
                            {"m", "0x -> {9}"}});
    check_all(stops[1][0], {{"empty", "\"\""},
                            {"text", "\"\ud55c\uae00 \u00e9\""},
                            {"none", "None"},
                            {"some", "Some(5)"},
                            {"some_text", "Some(\"x\")"},
                            {"no_box", "None"},
                            {"some_box", "Some(0x -> 3)"},
                            {"good", "Ok(1)"},
                            {"bad", "Err(\"bad\")"},
                            {"circle", "Circle(1.5)"},
                            {"rect", "Rect{w: 1, h: 2}"},
                            {"unit", "Unit"},
                            {"boxed", "0x -> Point {x: 1, y: 2}"},
                            {"rc", "Rc (strong 2, weak 1) to 0x -> Point {x: 3, y: 4}"},
                            {"arc", "Arc (strong 1, weak 0) to 0x -> 5"},
                            {"tuple", "(1, \"two\", 3.5)"},
                            {"nothing", "()"},
                            {"character", "'\u00e9'"},
                            {"array", "{1, 2, 3}"},
                            {"nested", "{{1}, {}, {2, 3}} len 3, capacity 3"},
                            {"points", "{Point {x: 1, y: 2}, Point {x: 3, y: 4}} len 2, capacity 2"},
                            {"words", "{\"a\", \"bb\"} len 2, capacity 2"},
                            {"deque", "{0, 1} len 2, capacity 4"},
                            {"map", "{\"k\": 1} len 1"},
                            {"set", "{} len 0"},
                            {"tree_map", "{1: \"one\"} len 1"},
                            {"cell", "Cell(5)"},
                            {"ref_cell", "RefCell({1}) borrowed mutably"},
                            {"tree", "Node(0x -> Leaf, 5, 0x -> Leaf)"},
                            {"boxed_text", "\"boxed\""},
                            {"boxed_slice", "{1, 2} len 2"},
                            {"option_text", "Some(\"r\")"},
                            {"wide", "{0 <repeats 1000 times>} len 1000, capacity 1000"},
                            {"dynamic", "Point: 0x -> Point {x: 7, y: 8}"},
                            {"by_dynamic", "Point: 0x -> Point {x: 1, y: 2}"},
                            {"weak", "Weak (strong 2, weak 1) to 0x -> Point {x: 3, y: 4}"},
                            {"gone", "Weak to what is gone"},
                            {"list", "{1, 2} len 2"},
                            {"heap", "{2, 1} len 2, capacity 2"},
                            {"tree_set", "{\"a\", \"bb\"} len 2"},
                            {"path", "\"/a/b\""},
                            {"last", "\"behind sixty others\""}});
    CHECK(entries_of(told_value(stops[1][0], "large_tree")) == squares(0, 189, 1));
    CHECK(told_value(stops[1][0], "large_tree").starts_with("{0: 0, 1: 1, 2: 4, "));
    CHECK(told_value(stops[1][0], "rc_text").starts_with("Rc<str> {ptr: "));
    CHECK(entries_of(told_value(stops[1][0], "many")) == squares(0, 99, 1));
    CHECK(variable_named(stops[1][0], "words")["type"] == "Vec<String>");
    CHECK(variable_named(stops[1][0], "array")["type"] == "[i32; 3]");
}
