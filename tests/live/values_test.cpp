// Values of variables that need more of the debug information than the usual C program, and debug information that lies
// elsewhere. What is not understood is not available, with a reason. tests/difference compares many more programs with gdb.
#include <doctest/doctest.h>

#include <algorithm>
#include <fstream>
#include <set>
#include <string>

#include "tests/live/cli_support.h"
#include "tests/scratch_folder.h"

using namespace procatlas;
using nlohmann::json;

namespace {

constexpr const char* stop = "__attribute__((noinline)) void mark(void) { __asm__ volatile(\"\"); }\n";

void write_file(const std::string& path, const std::string& text) {
    std::ofstream(path) << text;
}

// In `folder`, by a shell.
Ran run_in(const ScratchFolder& folder, const std::string& commands) {
    Ran ran = run_line("cd " + folder.path().string() + " && (" + commands + ") 2>&1");
    REQUIRE_MESSAGE(ran.status == 0, ran.output);
    return ran;
}

json traced(const ScratchFolder& folder, const std::string& program, const std::string& mark = "mark") {
    return trace_json("--grain calls --only " + mark + " -- " + folder.path(program));
}

// The variables of the function that calls `mark`, at its first call.
json variables_at_mark(const json& recording, const std::string& mark = "mark") {
    for (const json& event : recording["events"]) {
        if (event["kind"] == "call" && event["function"] == mark) {
            return event["frames"][1]["variables"];
        }
    }
    FAIL("no call of mark: " << recording.dump().substr(0, 2000));
    return {};
}

json one_named(const json& variables, const std::string& name) {
    for (const json& one : variables) {
        if (one["name"] == name) {
            return one;
        }
    }
    FAIL("no variable " << name);
    return {};
}

std::string value_of(const json& variables, const std::string& name) {
    const json one = one_named(variables, name);
    return one.value("value", json()).is_string() ? one["value"].get<std::string>() : std::string();
}

std::string why_not(const json& variables, const std::string& name) {
    return one_named(variables, name).value("not_available", std::string());
}

json variables_of(const std::string& source, const std::string& compile) {
    const ScratchFolder folder;
    write_file(folder.path("a.c"), stop + source);
    write_file(folder.path("a.cpp"), stop + source);
    run_in(folder, compile + " -w -O0 -o program");
    return variables_at_mark(traced(folder, "program"));
}

constexpr const char* plain_program =
    "struct point { int x, y; };\n"
    "int main(void) { struct point p = {5, 6}; mark(); return p.x - 5; }\n";

}  // namespace

TEST_CASE("members lie where each version of DWARF says, bit-fields too") {
    const std::string source =
        "struct parts { char c; int x; unsigned a : 3, b : 7; long long wide : 40; short s; };\n"
        "int main(void) { struct parts p = {1, -2, 5, 100, -7, 9}; mark(); return p.x + 2; }\n";
    for (const std::string version : {"2", "3", "4", "5"}) {
        CAPTURE(version);
        CHECK(value_of(variables_of(source, "gcc a.c -gdwarf-" + version), "p") ==
              "{c = 1 '\\001', x = -2, a = 5, b = 100, wide = -7, s = 9}");
    }
}

TEST_CASE("members of virtual base classes are found by the virtual table") {
    const json variables = variables_of(
        "struct V { int id = 9; }; struct L : virtual V { int l = 1; }; struct R : virtual V { int r = 2; };\n"
        "struct Both : L, R { int b = 3; };\n"
        "int main() { Both local; local.id = 41; Both *unset = 0; mark(); return 0; }\n",
        "g++ a.cpp -g");
    const std::string both = value_of(variables, "local");
    CHECK(both.starts_with("{<L> = {<V> = {id = 41}, _vptr.L = 0x"));
    CHECK(both.ends_with("r = 2}, b = 3}"));
    CHECK(both.find("id = ", both.find("id = ") + 1) == both.npos);  // the one object that both share
}

TEST_CASE("a class that a unit only declares is taken from the unit that defines it, or is not available") {
    const std::string declaration = "struct Opaque { int a = 1, b = 2; virtual ~Opaque(); };\n";
    const ScratchFolder folder;
    write_file(folder.path("a.cpp"), stop + declaration + "int main() { Opaque o; mark(); return o.b - 2; }\n");
    write_file(folder.path("b.cpp"), declaration + "Opaque::~Opaque() {}\n");
    run_in(folder, "g++ -O0 -g a.cpp b.cpp -o known && g++ -O0 -g -c a.cpp && g++ -O0 -g0 -c b.cpp && g++ a.o b.o -o unknown");
    const std::string known = value_of(variables_at_mark(traced(folder, "known")), "o");
    CHECK(known.starts_with("{_vptr.Opaque = 0x"));
    CHECK(known.ends_with(", a = 1, b = 2}"));
    const json unknown = variables_at_mark(traced(folder, "unknown"));
    CHECK(value_of(unknown, "o").empty());
    CHECK(why_not(unknown, "o") == "its definition is not in the debug information");
}

TEST_CASE("two types of one name in two units are not taken for each other") {
    const ScratchFolder folder;
    write_file(folder.path("a.cpp"), std::string(stop) +
                                         "struct Opaque { int a = 1, b = 2; virtual ~Opaque(); };\n"
                                         "int main() { Opaque o; mark(); return o.b - 2; }\n");
    write_file(folder.path("b.cpp"), "struct Opaque { int a, b; virtual ~Opaque(); }; Opaque::~Opaque() {}\n");
    write_file(folder.path("c.cpp"), "struct Opaque { long other[7]; }; Opaque third;\n");
    run_in(folder, "g++ -O0 -g a.cpp b.cpp c.cpp -o program");
    CHECK(why_not(variables_at_mark(traced(folder, "program")), "o") == "the program has several types of its name");
}

TEST_CASE("floating-point numbers are told in the format that they have, or not at all") {
    const json variables = variables_of(
        "int main(void) { long double x87 = 1.5L; __float128 quad = 1.5; _Float16 half = 1.5f; double _Complex z = 1.5 - "
        "2.5i;\n"
        "_Decimal64 decimal = 1.5DD; union { unsigned char bytes[16]; long double value; } odd = {{1, 2, 3, 4, 5, 6, 7, 8, 9, "
        "9}};\n"
        "mark(); return 0; }\n",
        "gcc a.c -g");
    CHECK(value_of(variables, "x87") == "1.5");
    CHECK(value_of(variables, "quad") == "1.5");
    CHECK(value_of(variables, "half") == "1.5");
    CHECK(value_of(variables, "z") == "1.5 + -2.5i");
    CHECK(value_of(variables, "decimal").empty());
    CHECK(why_not(variables, "decimal") == "decimal floating-point numbers are not shown");
    CHECK(value_of(variables, "odd").ends_with("value = <invalid float value>}"));
}

TEST_CASE("numbers in the other byte order are told as the program reads them, and its bit-fields are not") {
    const json variables = variables_of(
        "struct __attribute__((scalar_storage_order(\"big-endian\"))) net { unsigned short port; int number; double real; };\n"
        "struct __attribute__((scalar_storage_order(\"big-endian\"))) bits { unsigned a : 3, b : 13; };\n"
        "int main(void) { struct net n = {80, -2, 0.25}; struct bits b = {5, 100}; mark(); return 0; }\n",
        "gcc a.c -g");
    CHECK(value_of(variables, "n") == "{port = 80, number = -2, real = 0.25}");
    const std::string bits = value_of(variables, "b");
    CHECK((bits == "{a = 5, b = 100}" || bits.find("<not available: ") != bits.npos));
}

TEST_CASE("what points to a member of a class is not available, and the rest of the object is") {
    const json variables = variables_of(
        "struct A { int x; void f() {} };\n"
        "int main() { int A::*member = &A::x; struct { int before; void (A::*method)(); int after; } s = {1, &A::f, 2};\n"
        "mark(); return 0; }\n",
        "g++ a.cpp -g");
    CHECK(why_not(variables, "member") == "pointers to members are not shown");
    CHECK(one_named(variables, "member")["type"] == "int A::*");
    const std::string text = value_of(variables, "s");
    CHECK(text.starts_with("{before = 1, method = "));
    CHECK(text.ends_with(", after = 2}"));
}

TEST_CASE("a string that nothing ends and a large array do not pretend to be whole") {
    const json variables = variables_of(
        "#include <sys/mman.h>\n"
        "int main(void) { char *page = mmap(0, 8192, 3, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0); munmap(page + 4096, 4096);\n"
        "page[4094] = 'h'; page[4095] = 'i'; char *text = page + 4094; char zeros[300000] = {0}; mark(); return 0; }\n",
        "gcc a.c -g");
    CHECK(value_of(variables, "text").find("\"hi\"<error: Cannot access memory at address 0x") != std::string::npos);
    CHECK(value_of(variables, "zeros").ends_with("..."));
    CHECK(value_of(variables, "zeros").find("repeats") == std::string::npos);
}

TEST_CASE("debug information in files of its own is found, and its absence is told with the file's name") {
    for (const std::string version : {"4", "5"}) {
        CAPTURE(version);
        const ScratchFolder folder;
        write_file(folder.path("a.c"), std::string(stop) + plain_program);
        run_in(folder, "gcc -O0 -gsplit-dwarf -gdwarf-" + version + " a.c -o program");
        CHECK(value_of(variables_at_mark(traced(folder, "program")), "p") == "{x = 5, y = 6}");
        run_in(folder, "rm *.dwo");
        const std::string why = why_no_calls(traced(folder, "program"));
        CHECK(why.starts_with("its debug information is in the file "));
        CHECK(why.find(".dwo") != why.npos);
    }
}

TEST_CASE("a package of split debug information is read, or named as what cannot be read") {
    const ScratchFolder folder;
    write_file(folder.path("a.c"), std::string(stop) + plain_program);
    run_in(folder, "gcc -O0 -gsplit-dwarf -gdwarf-4 a.c -o program && dwp -e program -o program.dwp && rm *.dwo");
    const json recording = traced(folder, "program");
    if (const std::string why = why_no_calls(recording); !why.empty()) {
        CHECK(why.find("/program.dwp, which this version of libdw does not read") != why.npos);
    } else {
        CHECK(value_of(variables_at_mark(recording), "p") == "{x = 5, y = 6}");
    }
}

TEST_CASE("stripped debug information is found beside the program and in .debug, if it is of the same build") {
    const ScratchFolder folder;
    write_file(folder.path("a.c"), std::string(stop) + plain_program);
    run_in(
        folder,
        "gcc -O0 -g -Wl,--build-id=none a.c -o program && objcopy --only-keep-debug program program.debug && strip program && "
        "objcopy --add-gnu-debuglink=program.debug program");
    CHECK(value_of(variables_at_mark(traced(folder, "program")), "p") == "{x = 5, y = 6}");
    run_in(folder, "mkdir .debug && mv program.debug .debug/");
    CHECK(value_of(variables_at_mark(traced(folder, "program")), "p") == "{x = 5, y = 6}");
    run_in(folder, "printf x >> .debug/program.debug");
    CHECK(why_no_calls(traced(folder, "program")).starts_with("its debug information is in another file, program.debug, "));
    run_in(folder, "objcopy --remove-section=.gnu_debuglink program");
    CHECK(why_no_calls(traced(folder, "program")) == "it has no debug information");
}

TEST_CASE("types in units of their own and compressed sections are read") {
    for (const std::string options : {"-gdwarf-4 -fdebug-types-section", "-gdwarf-5 -fdebug-types-section", "-gz"}) {
        CAPTURE(options);
        CHECK(value_of(variables_of(plain_program, "gcc a.c -g " + options), "p") == "{x = 5, y = 6}");
    }
}

TEST_CASE("types in units of their own in DWARF 2, which libdw does not read, are said to be there") {
    const ScratchFolder folder;
    write_file(folder.path("a.cpp"), std::string(stop) +
                                         "struct Pair { int x, y; };\n"
                                         "int main() { Pair p{5, 6}; mark(); return p.x - 5; }\n");
    if (run_line("cd " + folder.path().string() + " && clang++-19 -O0 -gdwarf-2 -fdebug-types-section a.cpp -o program 2>&1")
            .status != 0) {
        MESSAGE("there is no clang here");
        return;
    }
    CHECK(why_not(variables_at_mark(traced(folder, "program")), "p") ==
          "its type is in a type unit of DWARF 2 or 3, which cannot be read");
}

TEST_CASE("a structure in which a long value ends is not said to have no members") {
    std::string nested = "int x;";
    for (int depth = 0; depth < 15; ++depth) {
        nested = "struct { " + nested + " } m;";
    }
    const json variables = variables_of(
        "struct s { " + nested +
            " };\n"
            "int main(void) { struct s all[150]; for (int i = 0; i < 150; ++i) {\n"
            "__builtin_memcpy(&all[i], &i, sizeof i); } struct { struct s row[150]; } big[4];\n"
            "for (int i = 0; i < 4; ++i) { __builtin_memcpy(&big[i], all, sizeof all); big[i].row[i].m = all[7].m; }\n"
            "mark(); return big[0].row[0].m.m.m.m.m.m.m.m.m.m.m.m.m.m.m.x - 7; }\n",
        "gcc a.c -O0 -g");
    const std::string value = value_of(variables, "big");
    CHECK(value.size() > 30'000);
    CHECK(value.find("...") != value.npos);
    CHECK(value.find("No data fields") == value.npos);
}

TEST_CASE(
    "a frame that has not run has new values where what it shows has changed: its own, behind pointers, and in the heap") {
    const ScratchFolder folder;
    write_file(folder.path("a.c"),
               "#include <stdlib.h>\n"
               "__attribute__((noinline)) int down(int left, int *count, char *text) {\n"
               "  int here = left * 10; ++*count; text[0] = 'a' + *count;\n"
               "  if (left > 0) { here += down(left - 1, count, text); }\n"
               "  return here; }\n"
               "int main(void) { int count = 0; char *text = malloc(8); text[0] = 'a'; text[1] = 0;\n"
               "  int sum = down(5, &count, text); free(text); return sum - 150; }\n");
    run_in(folder, "gcc -O0 -g a.c -o program");
    const json recording = trace_json("--grain calls -- " + folder.path("program"));
    int calls = 0;
    int returns = 0;
    for (const json& event : recording["events"]) {
        if (!event.contains("frames") || event.value("function", "") != "down") {
            continue;
        }
        const bool call = event["kind"] == "call";
        const int count = call ? calls : 6;
        calls += call ? 1 : 0;
        returns += call ? 0 : 1;
        const auto outer = *std::ranges::find_if(event["frames"], [](const json& f) { return f["function"] == "main"; });
        CHECK(value_of(outer["variables"], "count") == std::to_string(count));
        CHECK(value_of(outer["variables"], "text").ends_with(" \"" + std::string(1, static_cast<char>('a' + count)) + "\""));
        std::size_t depth = 0;
        for (const json& frame : event["frames"]) {
            depth += frame["function"] == "down" ? 1 : 0;
        }
        CHECK(depth == static_cast<std::size_t>(call ? calls : 6 - returns));
    }
    CHECK(calls == 6);
    CHECK(returns == 6);
}

TEST_CASE("the files of a program in a container are those that it sees, not ours of the same path") {
    const ScratchFolder folder;
    // In the container `folder`/lib/libshop.so has `sell`; at that path we have another library.
    write_file(folder.path("shop.c"), "__attribute__((noinline)) void sell(void (*told)(int)) { told(7); told(8); }\n");
    write_file(folder.path("other.c"), "__attribute__((noinline)) void rob(void (*told)(int)) { told(7); told(8); }\n");
    write_file(folder.path("a.c"),
               "void sell(void (*told)(int));\nstatic int sum;\n"
               "__attribute__((noinline)) void mark(int price) { sum += price; }\n"
               "int main(void) { sell(mark); return sum - 15; }\n");
    write_file(folder.path("enter.sh"),
               "set -e\nmount -t tmpfs none root\ncp -a inside/. root\ncd root\npivot_root . old\nexec /program\n");
    run_in(folder,
           "mkdir lib root && gcc -g -O1 -shared -fPIC shop.c -o lib/libshop.so && gcc -g -O0 a.c -o program -Llib -lshop "
           "-Wl,-rpath,$PWD/lib && mkdir -p inside/proc inside$PWD/lib inside/lib64 inside/old && cp program inside/program && "
           "cp -L /lib64/ld-linux-x86-64.so.2 inside/lib64/ && "
           "cp -L $(ldd program | awk '/libc.so/ {print $3}') inside$PWD/lib/ && mv lib/libshop.so inside$PWD/lib/ && "
           "gcc -g -O1 -shared -fPIC other.c -o lib/libshop.so");
    if (run_line("unshare --mount true 2>&1").status != 0) {
        MESSAGE("not tested: mounts of its own are refused here");
        return;
    }
    const json recording = json::parse(
        run_line("cd " + folder.path().string() +
                 " && " PROCATLAS_BUILD_DIR
                 "/bin/procatlas trace --json --grain calls -- unshare --mount --propagation private sh enter.sh </dev/null")
            .output,
        nullptr, false);
    REQUIRE(!recording.is_discarded());
    int calls = 0;
    for (const json& event : recording["events"]) {
        if (event["kind"] == "call" && event["function"] == "mark" && event.contains("frames")) {
            ++calls;
            CHECK(event["frames"][0]["variables"][0]["value"] == std::to_string(6 + calls));
            CHECK(event["frames"][1]["function"] == "sell");
        }
    }
    CHECK(calls == 2);
    // The parts of the library are those of its own sections.
    std::set<std::string> parts;
    for (const json& process : recording["processes"]) {
        for (const json& region : process["regions"]) {
            if (region["file"].is_string() && region["file"].get<std::string>().ends_with("/lib/libshop.so")) {
                parts.insert(region["part"].is_string() ? region["part"].get<std::string>() : "");
            }
        }
    }
    CHECK(parts.contains("code"));
}

TEST_CASE("what lies at a place that rbx tells is found in the callers too") {
    const ScratchFolder folder;
    // A variable that is aligned beside an array of variable length: clang keeps the frame's base in rbx.
    write_file(folder.path("a.c"), std::string(stop) +
                                       "int main(int argc, char **argv) { int more[argc + 2]; more[0] = 41;\n"
                                       "_Alignas(64) int aligned = 42; mark(); return more[0] + aligned - 83; }\n");
    for (const std::string compiler : {"gcc", "clang-19"}) {
        CAPTURE(compiler);
        if (run_line("cd " + folder.path().string() + " && " + compiler + " -O0 -g a.c -o program 2>&1").status == 0) {
            CHECK(value_of(variables_at_mark(traced(folder, "program")), "aligned") == "42");
        }
    }
}

TEST_CASE("a 32-bit program is told to be one") {
    const ScratchFolder folder;
    write_file(folder.path("a.c"), "void _start(void) { __asm__ volatile(\"int $0x80\" : : \"a\"(1), \"b\"(0)); }\n");
    const Ran compiled = run_line("cd " + folder.path().string() + " && gcc -m32 -static -nostdlib -g a.c -o program 2>&1");
    if (compiled.status != 0) {
        MESSAGE("this compiler makes no 32-bit programs");
        return;
    }
    if (run_line(folder.path("program")).status != 0) {
        MESSAGE("this kernel runs no 32-bit programs");
        return;
    }
    CHECK(why_no_calls(trace_json("--grain calls -- " + folder.path("program"))).starts_with("it is a 32-bit program"));
}

TEST_CASE("an enum of Rust is the variant that it is") {
    const ScratchFolder folder;
    write_file(
        folder.path("a.rs"),
        "pub enum Shape { Circle(u32), Rect { w: u32, h: u32 }, Empty }\n"
        "#[no_mangle] #[inline(never)] pub fn mark() { std::hint::black_box(1); }\n"
        "fn main() { let some: Option<i32> = Some(41); let none: Option<i32> = None; let rect = Shape::Rect { w: 3, h: 4 };\n"
        "let circle = Shape::Circle(9); let empty = Shape::Empty; let boxed: Option<Box<i32>> = None; let pair = (1u8, true);\n"
        "mark(); std::hint::black_box((&some, &none, &rect, &circle, &empty, &boxed, &pair)); }\n");
    if (run_line("cd " + folder.path().string() + " && rustc -g a.rs -o program 2>&1").status != 0) {
        MESSAGE("there is no compiler for Rust here");
        return;
    }
    const json variables = variables_at_mark(traced(folder, "program", "a::mark"), "a::mark");
    CHECK(value_of(variables, "some") == "Some(41)");
    CHECK(value_of(variables, "none") == "None");
    CHECK(value_of(variables, "rect") == "Rect{w: 3, h: 4}");
    CHECK(value_of(variables, "circle") == "Circle(9)");
    CHECK(value_of(variables, "empty") == "Empty");
    CHECK(value_of(variables, "boxed") == "None");
    CHECK(value_of(variables, "pair") == "(1, true)");
}

TEST_CASE("a function that the compiler has put into another is a frame of its own, and says so") {
    const ScratchFolder folder;
    write_file(folder.path("a.cpp"), std::string(stop) +
                                         "namespace shop { struct Till { int sum;\n"
                                         "inline __attribute__((always_inline)) void add(int price) {\n"
                                         "int twice = price * 2;\n"
                                         "sum += twice;\n"
                                         "asm volatile(\"\" : : \"r\"(&twice) : \"memory\");\n"
                                         "mark();\n"
                                         "} }; }\n"
                                         "int main(int argc, char**) { shop::Till till{argc};\n"
                                         "till.add(7);\n"
                                         "return till.sum - 15; }\n");
    for (const std::string options : {"g++ -O0", "g++ -O2", "clang++-19 -Og"}) {
        CAPTURE(options);
        if (run_line("cd " + folder.path().string() + " && " + options + " -g a.cpp -o program 2>&1").status != 0) {
            MESSAGE("not compiled");
            continue;
        }
        const json recording = traced(folder, "program");
        for (const json& event : recording["events"]) {
            if (event["kind"] != "call" || event["function"] != "mark") {
                continue;
            }
            const json& frames = event["frames"];
            CHECK(frames[1]["function"] == "shop::Till::add");
            CHECK(frames[1]["inlined"] == true);
            CHECK(frames[1]["line"] == 7);
            CHECK(value_of(frames[1]["variables"], "price") == "7");
            CHECK(value_of(frames[1]["variables"], "twice") == "14");
            CHECK(frames[2]["function"] == "main");
            CHECK(!frames[2].contains("inlined"));
            CHECK(frames[2]["line"] == 10);
            CHECK((options != "g++ -O0" || value_of(frames[2]["variables"], "argc") == "1"));
            CHECK(frames[2]["pc"] == frames[1]["pc"]);
        }
    }
}
