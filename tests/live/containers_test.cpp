// Containers, strings and smart pointers of the C++ library are told as what they hold, as libstdc++'s printers for gdb read
// them. What is not constructed, damaged or not described is not available, with a reason.
#include <doctest/doctest.h>

#include <fstream>
#include <regex>
#include <sstream>
#include <string>
#include <vector>

#include "tests/live/cli_support.h"
#include "tests/scratch_folder.h"

using namespace procatlas;
using nlohmann::json;

namespace {

const std::string containers_source = PROCATLAS_SOURCE_DIR "/tests/fixtures/libraries/containers.cpp";

bool has_program(const std::string& name) {
    return run_line("command -v " + name + " >/dev/null").status == 0;
}

void compile(const std::string& command, const std::string& source, const std::string& program) {
    const Ran ran = run_line(command + " -w '" + source + "' -o '" + program + "' 2>&1");
    REQUIRE_MESSAGE(ran.status == 0, ran.output);
}

void write_source(const std::string& path, const std::string& text) {
    std::ofstream(path) << text;
}

// At each call of `mark`, its callers, innermost first: what variables there are.
std::vector<json> frames_at_marks(const std::string& program) {
    const json recording = trace_json("--grain calls --only mark -- " + program);
    std::vector<json> stops;
    for (const json& event : recording["events"]) {
        if (event["kind"] == "call" && event["function"] == "mark") {
            stops.push_back(event["frames"]);
            stops.back().erase(0);
        }
    }
    return stops;
}

std::vector<json> frames_in_gdb(const std::string& program) {
    const Ran ran =
        run_line("DEBUGINFOD_URLS= timeout 100 gdb -nx -batch -iex 'set auto-load safe-path /' -x " PROCATLAS_SOURCE_DIR
                 "/tests/live/containers_in_gdb.py " +
                 program + " </dev/null 2>&1");
    std::vector<json> stops;
    std::istringstream lines(ran.output);
    for (std::string line; std::getline(lines, line);) {
        if (line.starts_with("@[")) {
            stops.push_back(json::parse(line.substr(1), nullptr, false));
        }
    }
    REQUIRE_MESSAGE(!stops.empty(), ran.output);
    return stops;
}

std::string without_addresses(const std::string& text) {
    return std::regex_replace(text, std::regex("0x[0-9a-f]+"), "0x");
}

std::string text_of(const json& variable, const std::string& key) {
    return variable.contains(key) && variable[key].is_string() ? variable[key].get<std::string>() : std::string();
}

json named(const json& variables, const std::string& name) {
    for (const json& one : variables) {
        if (one["name"] == name) {
            return one;
        }
    }
    FAIL("no variable " << name);
    return {};
}

std::string value(const json& variables, const std::string& name) {
    return text_of(named(variables, name), "value");
}

std::string reason(const json& variables, const std::string& name) {
    return text_of(named(variables, name), "not_available");
}

struct Compared {
    int equal = 0;
    int not_available = 0;
};

Compared compare_with_gdb(const std::string& program) {
    const std::vector<json> here = frames_at_marks(program);
    const std::vector<json> there = frames_in_gdb(program);
    REQUIRE(here.size() == there.size());
    Compared found;
    for (std::size_t i = 0; i < here.size(); ++i) {
        const json& variables = here[i][0]["variables"];
        for (const json& one : variables) {
            const std::string name = one["name"];
            CAPTURE(name);
            const std::string told = without_addresses(text_of(one, "value"));
            if (told.empty()) {
                CHECK(!text_of(one, "not_available").empty());
                CAPTURE(text_of(one, "not_available"));
                ++found.not_available;
                continue;
            }
            REQUIRE(there[i][0].contains(name));
            const std::string printed = there[i][0][name].is_string() ? there[i][0][name].get<std::string>() : std::string();
            CHECK(told == printed);
            found.equal += told == printed ? 1 : 0;
        }
    }
    return found;
}

}  // namespace

TEST_CASE("each container of a program is what gdb's printers say") {
    if (!has_program("gdb")) {
        MESSAGE("there is no gdb here");
        return;
    }
    const ScratchFolder folder;
    const std::string standalone = "clang++-19 -fstandalone-debug ";  // gdb cannot read the strings of clang's other programs
    for (const std::string& command : {std::string("g++ -O0 -std=c++17"), std::string("g++ -Og -std=c++20"),
                                       std::string("g++ -O0 -gdwarf-4 -fdebug-types-section -std=c++20"),
                                       standalone + "-O0 -std=c++17", standalone + "-Og -std=c++20"}) {
        CAPTURE(command);
        if (!has_program(command.substr(0, command.find(' ')))) {
            MESSAGE("not here: " << command);
            continue;
        }
        compile(command + " -g", containers_source, folder.path("program"));
        const Compared found = compare_with_gdb(folder.path("program"));
        CHECK(found.equal >= 90);
        CHECK(found.not_available <= (command.find("-Og") != command.npos ? 20 : 0));
    }
}

namespace {

constexpr const char* beginning =
    "#include <string>\n#include <vector>\n#include <map>\n#include <list>\n#include <deque>\n#include <set>\n"
    "#include <memory>\n#include <optional>\n#include <unordered_map>\n#include <variant>\n#include <functional>\n"
    "#include <forward_list>\n#include <cstring>\n#include <cstdint>\n#include <new>\n"
    "__attribute__((noinline)) void mark() { asm volatile(\"\" : : : \"memory\"); }\n";

// What the caller of `mark` has at each stop.
std::vector<json> variables_at_marks(const std::string& source, const std::string& command) {
    const ScratchFolder folder;
    write_source(folder.path("a.cpp"), beginning + source);
    compile(command, folder.path("a.cpp"), folder.path("program"));
    std::vector<json> found;
    for (const json& frames : frames_at_marks(folder.path("program"))) {
        found.push_back(frames[0]["variables"]);
    }
    REQUIRE(!found.empty());
    return found;
}

}  // namespace

TEST_CASE("a container that is not constructed yet, or is damaged, is not told as a value") {
    const json variables = variables_at_marks(
        "template <typename T> union Raw { Raw() { std::memset(bytes, 0x5a, sizeof bytes); } ~Raw() {} char bytes[sizeof(T)]; "
        "T "
        "value; };\n"
        "int main() { Raw<std::string> s; Raw<std::vector<int>> v; Raw<std::map<int, int>> m; Raw<std::list<int>> l;\n"
        "Raw<std::deque<int>> d; Raw<std::unordered_map<int, int>> u; Raw<std::shared_ptr<int>> p; Raw<std::optional<int>> o;\n"
        "Raw<std::variant<int, char>> x; Raw<std::function<int()>> f; Raw<std::vector<bool>> b; Raw<std::forward_list<int>> "
        "w;\n"
        "mark(); return 0; }\n",
        "g++ -std=c++17 -O0 -g")[0];
    for (const std::string name : {"s", "v", "m", "l", "d", "u", "p", "o", "x", "f", "b", "w"}) {
        CAPTURE(name);
        const std::string told = value(variables, name);
        CAPTURE(told);
        CHECK(told.find("value = <not available: what lies here is no ") != told.npos);
    }
}

TEST_CASE("a variable whose constructor has not run yet is not available, or bounded") {
    const ScratchFolder folder;
    write_source(folder.path("a.cpp"), std::string(beginning) +
                                           "__attribute__((noinline)) void dirt() { volatile char c[2000]; for (int i = 0; i < "
                                           "2000; ++i) c[i] = 0x41; }\n"
                                           "__attribute__((noinline)) void work() { mark(); std::string s = \"abc\"; "
                                           "std::vector<int> v{1}; std::map<int, int> m{{1, 2}}; mark(); }\n"
                                           "int main() { dirt(); work(); return 0; }\n");
    compile("g++ -std=c++17 -O0 -g", folder.path("a.cpp"), folder.path("program"));
    const std::vector<json> stops = frames_at_marks(folder.path("program"));
    REQUIRE(stops.size() == 2);
    for (const std::string name : {"s", "v", "m"}) {
        CAPTURE(name);
        CHECK(value(stops[0][0]["variables"], name).empty());
        const std::string why = reason(stops[0][0]["variables"], name);
        CHECK((why.starts_with("what lies here is no ") || why.starts_with("it is declared on line ")));
    }
    CHECK(value(stops[1][0]["variables"], "s") == "\"abc\"");
    CHECK(value(stops[1][0]["variables"], "v") == "{1} size 1, capacity 1");
    CHECK(value(stops[1][0]["variables"], "m") == "{1: 2} size 1");
}

TEST_CASE("random bytes in the place of containers neither hang nor fool the reader") {
    // Words are random numbers, small numbers, and addresses of the program itself, so that many of them lead somewhere.
    const std::vector<json> stops = variables_at_marks(
        "std::uint64_t seed = 88172645463325252u;\n"
        "std::uint64_t next() { seed ^= seed << 13; seed ^= seed >> 7; seed ^= seed << 17; return seed; }\n"
        "template <typename T> union Raw { Raw() {} ~Raw() {} std::uint64_t words[(sizeof(T) + 7) / 8]; T value; };\n"
        "std::uint64_t arena[512];\n"
        "std::uint64_t word() { switch (next() % 8) { case 0: return next(); case 1: return next() % 8; case 2: return 0; case "
        "3: "
        "return next() % 1000;\n"
        "default: return reinterpret_cast<std::uint64_t>(&arena[next() % 512]); } }\n"
        "template <typename T> void fill(Raw<T>& raw) { for (auto& w : raw.words) w = word(); asm volatile(\"\" : : "
        "\"r\"(&raw) : "
        "\"memory\"); }\n"
        "int main() { Raw<std::string> s; Raw<std::vector<std::vector<std::string>>> v; Raw<std::map<std::string, "
        "std::vector<int>>> m;\n"
        "Raw<std::list<std::list<int>>> l; Raw<std::deque<std::string>> d; Raw<std::unordered_map<int, std::map<int, int>>> "
        "u;\n"
        "Raw<std::shared_ptr<std::vector<int>>> p; Raw<std::unique_ptr<std::map<int, int>>> q; "
        "Raw<std::optional<std::string>> o; Raw<std::variant<int, std::string>> x;\n"
        "Raw<std::function<int(int)>> f; Raw<std::vector<bool>> b; Raw<std::forward_list<std::forward_list<int>>> w; "
        "Raw<std::set<std::string_view>> t;\n"
        "for (int i = 0; i < 60; ++i) { for (auto& one : arena) one = word(); fill(s); fill(v); fill(m); fill(l); fill(d); "
        "fill(u); fill(p); fill(q); fill(o); fill(x); fill(f); fill(b); fill(w); fill(t); mark(); }\n"
        "return 0; }\n",
        "g++ -std=c++17 -O0 -g");
    CHECK(stops.size() == 60);
    for (const json& variables : stops) {
        for (const json& one : variables) {
            CHECK(text_of(one, "value").size() < 100'000);
            CHECK((!text_of(one, "value").empty() || !text_of(one, "not_available").empty()));
        }
    }
}

TEST_CASE("containers that lead in rings are told once and end") {
    const json variables = variables_at_marks(
        "struct Ring { int number; std::shared_ptr<Ring> next; };\n"
        "int main() { auto ring = std::make_shared<Ring>(); ring->number = 7; ring->next = ring; mark(); ring->next.reset(); "
        "return 0; }\n",
        "g++ -std=c++17 -O0 -g")[0];
    const std::string told = without_addresses(value(variables, "ring"));
    CHECK(told == "shared_ptr (use count 2) to 0x -> {number = 7, next = shared_ptr (use count 2) to 0x}");
}

TEST_CASE("expected, any, bitset, path, duration and a span of fixed size are told as what they hold") {
    const json variables = variables_at_marks(
        "#include <any>\n#include <bitset>\n#include <chrono>\n#include <expected>\n#include <filesystem>\n#include "
        "<span>\n"
        "namespace shop { struct Shape { virtual ~Shape() = default; } shape; }\n"
        "int main() { std::expected<int, std::string> good = 5, bad = std::unexpected(std::string(\"why\"));\n"
        "std::expected<void, int> done, failed = std::unexpected(3);\n"
        "std::any nothing, number = 5, text = std::string(\"t\"), many = std::vector<int>{1, 2};\n"
        "std::bitset<10> bits(0x2a5); std::bitset<300> wide; wide.set(1); std::bitset<0> no_bits;\n"
        "std::filesystem::path path = \"/a/b\"; std::chrono::milliseconds ms(1500); std::chrono::duration<double> "
        "real(2.5);\n"
        "std::chrono::duration<int, std::ratio<2, 7>> odd(3); int row[3]{1, 2, 3}; std::span<int, 3> fixed(row);\n"
        "std::nullptr_t null = nullptr; char8_t unit = u8'x'; std::u8string units = u8\"\\u00e9\";\n"
        "shop::Shape* pointer = &shop::shape;\n"
        "mark(); return 0; }\n",
        "g++ -std=c++23 -O0 -g")[0];
    const std::vector<std::pair<std::string, std::string>> expected{{"good", "expected: 5"},
                                                                    {"bad", "unexpected: \"why\""},
                                                                    {"done", "expected"},
                                                                    {"failed", "unexpected: 3"},
                                                                    {"nothing", "any: empty"},
                                                                    {"number", "any: int 5"},
                                                                    {"text", "any: string \"t\""},
                                                                    {"many", "any: vector<int> {1, 2}"},
                                                                    {"bits", "1010100101 size 10"},
                                                                    {"wide", "..." + std::string(198, '0') + "10 size 300"},
                                                                    {"no_bits", "{} size 0"},
                                                                    {"path", "\"/a/b\""},
                                                                    {"ms", "1500ms"},
                                                                    {"real", "2.5s"},
                                                                    {"odd", "{__r = 3}"},
                                                                    {"fixed", "{1, 2, 3} size 3"},
                                                                    {"null", "0x0"},
                                                                    {"unit", "120 'x'"},
                                                                    {"units", "\"\u00e9\""},
                                                                    {"pointer", "0x <shop::shape>"}};
    for (const auto& [name, told] : expected) {
        CAPTURE(name);
        CHECK((name == "null" ? value(variables, name) : without_addresses(value(variables, name))) == told);
    }
}

TEST_CASE("the containers of the debug mode are told by their members") {
    const json variables =
        variables_at_marks("int main() { std::vector<int> v{1, 2}; std::string s = \"text\"; mark(); return 0; }\n",
                           "g++ -std=c++17 -O0 -g -D_GLIBCXX_DEBUG")[0];
    CHECK(value(variables, "v").find("_M_finish = 0x") != std::string::npos);
    CHECK(value(variables, "s") == "\"text\"");
}

TEST_CASE("the strings of the older ABI are told too") {
    const json variables = variables_at_marks(
        "int main() { std::string e, s = \"text\", c = s; std::vector<std::string> v(2, s); mark(); return 0; }\n",
        "g++ -std=c++17 -O0 -g -D_GLIBCXX_USE_CXX11_ABI=0")[0];
    CHECK(value(variables, "e") == "\"\"");
    CHECK(value(variables, "s") == "\"text\"");
    CHECK(value(variables, "c") == "\"text\"");
    CHECK(value(variables, "v") == "{\"text\", \"text\"} size 2, capacity 2");
}

TEST_CASE("a string is told although clang leaves out what its pointer lies in") {
    if (!has_program("clang++-19")) {
        MESSAGE("there is no clang++-19 here");
        return;
    }
    const json variables = variables_at_marks(
        "int main() { std::string e, s = \"text\", l(100, 'y'); std::map<std::string, int> m{{\"k\", 1}}; mark(); return 0; "
        "}\n",
        "clang++-19 -std=c++17 -O0 -g")[0];
    CHECK(value(variables, "e") == "\"\"");
    CHECK(value(variables, "s") == "\"text\"");
    CHECK(value(variables, "l") == "'y' <repeats 100 times>");
    CHECK(value(variables, "m") == "{\"k\": 1} size 1");
}

TEST_CASE("wide strings are text, and what is no character is a number") {
    const json variables = variables_at_marks(
        "int main() { std::wstring w = L\"wide \\u00e9\"; std::u16string u = u\"\\U0001F600\"; std::u32string x = "
        "U\"\\ud55c\";\n"
        "std::u32string odd(2, char32_t(0x7fffffff)); mark(); return 0; }\n",
        "g++ -std=c++17 -O0 -g")[0];
    CHECK(value(variables, "w") == "\"wide \u00e9\"");
    CHECK(value(variables, "u") == "\"\U0001F600\"");
    CHECK(value(variables, "x") == "\"\ud55c\"");
    CHECK(value(variables, "odd") == "{2147483647, 2147483647} length 2");
}

TEST_CASE("the type of a container is written as in the source, without what the library fills in") {
    for (const std::string options : {"-O0", "-O0 -fdebug-types-section"}) {
        CAPTURE(options);
        const json variables = variables_at_marks(
            "int main() { std::vector<std::string> v{\"a\"}; std::map<std::string, std::vector<int>> m; std::unique_ptr<int> "
            "u;\n"
            "std::map<int, int, std::greater<int>> g{{1, 2}, {2, 1}}; mark(); return 0; }\n",
            "g++ -std=c++17 -g " + options)[0];
        CHECK(named(variables, "v")["type"] == "vector<std::string>");
        CHECK(named(variables, "m")["type"] == "map<std::string, std::vector<int>>");
        CHECK(named(variables, "u")["type"] == "unique_ptr<int>");
        CHECK(named(variables, "g")["type"] == "map<int, int, std::greater<int>>");
        CHECK(value(variables, "g") == "{2: 1, 1: 2} size 2");
        CHECK(value(variables, "u") == "unique_ptr to nothing");
    }
}
