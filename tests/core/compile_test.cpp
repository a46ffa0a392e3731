// A person's own source becomes a program, by the machine's compiler; or it is said why not.
#include "core/compile/source_program.h"

#include <doctest/doctest.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <thread>

#include "core/base/child_program.h"
#include "core/base/unique_fd.h"
#include "core/compile/compiled_place.h"
#include "tests/scratch_folder.h"

using namespace procatlas;
using namespace std::chrono_literals;

namespace {

using Why = NotReady::Why;

// A folder for sources and a cache of its own.
class Bench {
public:
    Bench() { ::setenv("XDG_CACHE_HOME", folder.path("cache").c_str(), 1); }
    Bench(const Bench&) = delete;
    Bench& operator=(const Bench&) = delete;
    ~Bench() { ::setenv("PATH", path.c_str(), 1); }

    std::filesystem::path write(const std::string& name, std::string_view text) const {
        std::ofstream(folder / name) << text;
        return folder / name;
    }
    // A compiler that does what this shell script says.
    void compiler(const std::string& name, const std::string& script) const {
        std::filesystem::create_directories(folder / "bin");
        std::ofstream(folder / ("bin/" + name)) << "#!/bin/sh\n" << script;
        std::filesystem::permissions(folder / ("bin/" + name), std::filesystem::perms::owner_all);
        ::setenv("PATH", (folder.path("bin") + ":" + path).c_str(), 1);
    }

    const ScratchFolder folder;
    const std::string path = ::getenv("PATH");
};

Why why_not(const SourceProgram& program, const CompileLimits& limits = {}) {
    const auto made = make_ready(program, limits);
    REQUIRE(!made);
    return made.error().why;
}

// Waits for at most a minute; a zombie has ended.
bool has_ended(pid_t pid) {
    const auto runs = [&] { return std::ifstream("/proc/" + std::to_string(pid) + "/cmdline").peek() > 0; };
    const auto deadline = std::chrono::steady_clock::now() + 60s;
    while (runs() && std::chrono::steady_clock::now() < deadline) {
        std::this_thread::yield();
    }
    return !runs();
}

}  // namespace

TEST_CASE("a C and a C++ source become programs that run with the given arguments") {
    const Bench bench;
    const auto c = bench.write("mine.c",
                               "#include <math.h>\n#include <stdio.h>\nint main(int n, char **v) { (void)n; "
                               "printf(\"%s %.0f\", v[1], sqrt(n * 8.0)); return 3; }\n");
    const auto made = make_ready({c, {"a b"}}, {});
    REQUIRE(made);
    CHECK(std::filesystem::path(made->words.front()).filename() == "mine");
    CHECK(made->words.front().starts_with(bench.folder.path("cache/procatlas/programs/")));
    CHECK(made->folder == bench.folder.path().string());
    CHECK(made->warnings.empty());
    const auto ran = run_program({.words = made->words}, 60s);
    REQUIRE(ran);
    CHECK(ran->output == "a b 4");
    CHECK(ran->status == 3);
    const auto cpp =
        make_ready({bench.write("mine.cpp", "#include <iostream>\nint main() { std::cout << \"yes\"; }\n"), {}}, {});
    REQUIRE(cpp);
    CHECK(cpp->words.front() != made->words.front());
    CHECK(run_program({.words = cpp->words}, 60s)->output == "yes");
}

TEST_CASE("compiling again replaces the program, and a compiler that refuses leaves nothing behind") {
    const Bench bench;
    const auto first = make_ready({bench.write("mine.c", "int main(void) { return 1; }\n"), {}}, {});
    const auto second = make_ready({bench.write("mine.c", "int main(void) { return 2; }\n"), {}}, {});
    REQUIRE(first);
    REQUIRE(second);
    CHECK(first->words == second->words);
    CHECK(run_program({.words = second->words}, 60s)->status == 2);
    CHECK(why_not({bench.write("mine.c", "int main(void) { return x; }\n"), {}}) == Why::refused);
    const std::filesystem::path made_in = std::filesystem::path(first->words.front()).parent_path();
    CHECK(std::distance(std::filesystem::directory_iterator(made_in), {}) == 1);
}

TEST_CASE("the compiler's messages have the line and what stands on it") {
    const Bench bench;
    const auto broken = bench.write("broken.c", "int main(void) {\n    int x = ;\n    return x;\n}\n");
    const auto made = make_ready({broken, {}}, {});
    REQUIRE(!made);
    const auto& messages = made.error().messages;
    const auto error = std::ranges::find(messages, MessageKind::error, &CompilerMessage::kind);
    REQUIRE(error != messages.end());
    CHECK(error->file == broken.string());
    CHECK(error->line == 2);
    CHECK(error->source == "int x = ;");
    CHECK(error->text.find("expected expression") != std::string::npos);
}

TEST_CASE("what the linker misses is told with its line too") {
    const Bench bench;
    const auto made =
        make_ready({bench.write("open.c", "int other(void);\nint main(void) {\n    return other();\n}\n"), {}}, {});
    REQUIRE(!made);
    const auto& messages = made.error().messages;
    const auto missed =
        std::ranges::find_if(messages, [](const auto& said) { return said.text.find("other") != std::string::npos; });
    REQUIRE(missed != messages.end());
    CHECK(missed->line == 3);
    CHECK(missed->source == "return other();");
}

TEST_CASE("a program with warnings runs, and they are told") {
    const Bench bench;
    const auto made =
        make_ready({bench.write("warns.c", "int main(void) {\n    char *x = 5;\n    return x == 0;\n}\n"), {}}, {});
    REQUIRE(made);
    REQUIRE(!made->warnings.empty());
    const auto warning = std::ranges::find(made->warnings, MessageKind::warning, &CompilerMessage::kind);
    REQUIRE(warning != made->warnings.end());
    CHECK(warning->line == 2);
}

TEST_CASE("what cannot be run says why") {
    const Bench bench;
    CHECK(why_not({bench.folder / "none.c", {}}) == Why::unreadable);
    std::filesystem::create_directory(bench.folder / "folder.c");
    CHECK(why_not({bench.folder / "folder.c", {}}) == Why::unreadable);
    REQUIRE(::mkfifo(bench.folder.path("pipe.py").c_str(), 0600) == 0);
    CHECK(why_not({bench.folder / "pipe.py", {}}) == Why::unreadable);
    CHECK(why_not({bench.write("notes.txt", "text"), {}}) == Why::no_program);
    const auto source = bench.write("mine.c", "int main(void) { return 0; }\n");
    ::setenv("PATH", "/none", 1);
    CHECK(why_not({source, {}}) == Why::no_compiler);
    CHECK(why_not({bench.write("mine.py", "print(1)\n"), {}}) == Why::no_python);
    ::setenv("PATH", bench.path.c_str(), 1);
    ::setenv("XDG_CACHE_HOME", "/proc/none", 1);
    CHECK(why_not({source, {}}) == Why::no_place);
}

TEST_CASE("a compiler that hangs is killed with all that it started, at the deadline or when nobody wants it") {
    const Bench bench;
    const auto source = bench.write("mine.c", "int main(void) { return 0; }\n");
    const std::string pids = bench.folder.path("pids");
    bench.compiler("cc", "sleep 1000 &\necho $! >" + pids + "\nwait\n");
    const auto started = [&] {
        pid_t pid = 0;
        std::ifstream(pids) >> pid;
        return pid;
    };
    CHECK(why_not({source, {}}, {.deadline = 500ms}) == Why::too_slow);
    const pid_t late = started();
    REQUIRE(late > 0);
    CHECK(has_ended(late));
    std::filesystem::remove(pids);
    const UniqueFd cancel(::eventfd(0, EFD_CLOEXEC));
    std::thread person([&] {
        const auto deadline = std::chrono::steady_clock::now() + 60s;
        while (started() == 0 && std::chrono::steady_clock::now() < deadline) {
            std::this_thread::yield();
        }
        const std::uint64_t one = 1;
        [[maybe_unused]] const auto written = ::write(cancel.get(), &one, sizeof one);
    });
    CHECK(why_not({source, {}}, {.cancel = cancel.get()}) == Why::cancelled);
    person.join();
    CHECK(has_ended(started()));
}

TEST_CASE("a compiler may say as much as it likes, or die") {
    const Bench bench;
    const auto source = bench.write("mine.c", "int main(void) { return 0; }\n");
    bench.compiler("cc", "yes 'mine.c:1:1: error: no' | head -c 3000000\nexit 1\n");
    const auto talks = make_ready({source, {}}, {});
    REQUIRE(!talks);
    CHECK(talks.error().why == Why::refused);
    CHECK(talks.error().messages.size() == compiler_messages_max);
    bench.compiler("cc", "kill -9 $$\n");
    CHECK(why_not({source, {}}) == Why::failed);
}

TEST_CASE("a script is run by python3, or as the system runs it where it says how") {
    const Bench bench;
    const auto plain = bench.write("mine.py", "print(1)\n");
    CHECK(make_ready({plain, {"x"}}, {})->words == std::vector<std::string>{"python3", plain.string(), "x"});
    std::filesystem::permissions(plain, std::filesystem::perms::owner_all);  // as on a file system without permissions
    CHECK(means_source(plain));
    const auto script = bench.write("says.py", "#!/usr/bin/env python3\nprint(1)\n");
    CHECK(make_ready({script, {}}, {})->words.front() == "python3");
    std::filesystem::permissions(script, std::filesystem::perms::owner_all);
    CHECK(make_ready({script, {}}, {})->words == std::vector<std::string>{script.string()});
    CHECK(!means_source(script));
    CHECK(!means_source(bench.folder / "none.py"));
    CHECK(make_ready({"/bin/true", {}}, {})->words == std::vector<std::string>{"/bin/true"});
}

TEST_CASE("messages are taken apart, whatever a file is called and whoever says them") {
    const auto said = parse_compiler_messages(
        "a:b.c:3:7: warning: unused\n"
        "    3 | int x;\n"
        "      |     ^\n"
        "x.cpp: In function 'int main()':\r\n"
        "x.cpp:12: note: here\n"
        "x.c:1:10: fatal error: none.h: No such file or directory\n"
        "/usr/bin/ld: x.o: in function `main':\n"
        "collect2: error: ld returned 1 exit status\n"
        "x.c:2:1: 오류: expected\n"
        ":5: x\n"
        "99999999999:1: y\n"
        "x.c:99999999999: z");
    using enum MessageKind;
    const std::vector<CompilerMessage> right{
        {warning, "a:b.c", 3, "unused", ""},
        {other, "", 0, "x.cpp: In function 'int main()':", ""},
        {note, "x.cpp", 12, "here", ""},
        {error, "x.c", 1, "none.h: No such file or directory", ""},
        {other, "", 0, "/usr/bin/ld: x.o: in function `main':", ""},
        {error, "", 0, "ld returned 1 exit status", ""},
        {other, "x.c", 2, "오류: expected", ""},
        {other, "", 0, ":5: x", ""},
        {other, "99999999999", 1, "y", ""},
        {other, "", 0, "x.c:99999999999: z", ""},
    };
    CHECK(said == right);
}

TEST_CASE("the cache keeps the programs that were made last, and touches nothing else in its folder") {
    const ScratchFolder folder;
    std::filesystem::create_directory(folder / "mine");
    for (int i = 0; i < 5; ++i) {
        const auto place = place_of_compiled(folder.path(), "/home/a/" + std::to_string(i) + ".c", 3);
        REQUIRE(place);
        std::ofstream(*place) << i;
        CHECK(place->filename() == std::to_string(i));
    }
    CHECK(std::distance(std::filesystem::directory_iterator(folder.path()), {}) == 4);
    CHECK(std::filesystem::exists(folder / "mine"));
}
