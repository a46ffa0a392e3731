// A person's own source on procatlas's command line: compiled where it must be, with what the compiler says.
#include <doctest/doctest.h>

#include <chrono>
#include <fstream>
#include <thread>

#include "tests/live/cli_support.h"
#include "tests/scratch_folder.h"

using namespace procatlas;

namespace {

class Sources {
public:
    // The command line in the folder of the sources, with a cache of its own; standard error is in the output.
    Ran run(const std::string& arguments) const {
        return run_line("cd " + folder.path().string() + " && LC_ALL=C.UTF-8 XDG_CACHE_HOME=" + folder.path("cache") + " " +
                        procatlas_program + " " + arguments + " 2>&1 </dev/null");
    }
    void write(const std::string& name, std::string_view text) const { std::ofstream(folder / name) << text; }

    const ScratchFolder folder;
};

bool holds(const Ran& ran, std::string_view what) {
    return ran.output.find(what) != std::string::npos;
}

}  // namespace

TEST_CASE("`procatlas trace mine.c 1 2` compiles and follows it, by lines too") {
    const Sources sources;
    sources.write("mine.c", "#include <stdio.h>\nint main(int n, char **v) {\n    puts(v[n - 1]);\n    return n;\n}\n");
    const Ran ran = sources.run("trace --grain lines --json mine.c --x two");
    CHECK(ran.status == 3);
    const auto json = nlohmann::json::parse(ran.output, nullptr, false);
    REQUIRE(!json.is_discarded());
    const auto lines = std::ranges::count_if(json["events"], [](const auto& event) { return event["kind"] == "line"; });
    CHECK(lines >= 2);
    const auto output = std::ranges::find(json["events"], "output", [](const auto& event) { return event["kind"]; });
    REQUIRE(output != json["events"].end());
    CHECK((*output)["text"].get<std::string>().starts_with("two"));
    CHECK(sources.run("trace -- ./mine.c").status == 1);
}

TEST_CASE("a source with faults is not run: the compiler's messages with their lines, and status 126") {
    const Sources sources;
    sources.write("broken.c", "int main(void) {\n    return x;\n}\n");
    const Ran ran = sources.run("trace broken.c");
    CHECK(ran.status == 126);
    CHECK(holds(ran, "broken.c, line 2: error: "));
    CHECK(holds(ran, "    return x;"));
    CHECK(holds(ran, "procatlas: The compiler does not accept broken.c."));
    CHECK(holds(sources.run("trace none.c"), "none.c"));
    CHECK(sources.run("trace none.c").status == 127);
}

TEST_CASE("Python and C++ sources need no words but their name; one that says who runs it is left to that") {
    const Sources sources;
    sources.write("mine.py", "import sys\nprint('python', sys.argv[1:])\n");
    CHECK(holds(sources.run("trace mine.py a"), "python ['a']"));
    sources.write("mine.cpp", "#include <iostream>\nint main() { std::cout << \"c++\\n\"; }\n");
    CHECK(holds(sources.run("trace -- mine.cpp"), "c++"));
    sources.write("says.py", "#!/bin/echo said\n");
    std::filesystem::permissions(sources.folder / "says.py", std::filesystem::perms::owner_all);
    CHECK(holds(sources.run("trace ./says.py"), "said ./says.py"));
}

TEST_CASE("Ctrl-C ends a compiler that hangs, with all that it started") {
    const Sources sources;
    sources.write("mine.c", "int main(void) { return 0; }\n");
    std::filesystem::create_directory(sources.folder / "bin");
    sources.write("bin/cc", "#!/bin/sh\nsleep 1000 &\necho $! > pid\nwait\n");
    std::filesystem::permissions(sources.folder / "bin/cc", std::filesystem::perms::owner_all);
    const Ran ran = run_line("cd " + sources.folder.path().string() + " && PATH=$PWD/bin:$PATH " + procatlas_program +
                             " trace mine.c & while ! [ -s " + sources.folder.path("pid") +
                             " ]; do sleep 0.01; done; kill -INT $!; wait $!; echo status $?");
    CHECK(holds(ran, "status 130"));
    std::string pid;
    std::ifstream(sources.folder / "pid") >> pid;
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::minutes(1);
    const auto runs = [&] { return std::ifstream("/proc/" + pid + "/cmdline").peek() > 0; };  // a zombie has none
    while (runs() && std::chrono::steady_clock::now() < deadline) {
        std::this_thread::yield();
    }
    CHECK(!runs());
}

TEST_CASE("JSON and recording say how finely a run was followed, and whose code") {
    const Sources sources;
    sources.write("mine.c", "int main(void) {\n    return 0;\n}\n");
    const auto json = nlohmann::json::parse(sources.run("trace --json --grain calls -o a.procatlas mine.c").output);
    CHECK(json["grain"] == "calls");
    CHECK(json["libraries"] == false);
    const auto shown = nlohmann::json::parse(sources.run("show a.procatlas --as json").output);
    CHECK(shown["grain"] == "calls");
    CHECK(shown["libraries"] == false);
    CHECK(sources.run("show a.procatlas --as text").output.starts_with("FOLLOWED by calls of own code\n"));
    const auto wide = sources.run("trace --json-lines --grain lines --libraries mine.c").output;
    const auto first = nlohmann::json::parse(wide.substr(0, wide.find('\n')));
    CHECK(first["grain"] == "lines");
    CHECK(first["libraries"] == true);
    CHECK(nlohmann::json::parse(sources.run("trace --json --grain lifecycle mine.c").output)["grain"] == "lifecycle");
    CHECK(nlohmann::json::parse(sources.run("trace --json mine.c").output)["grain"] == "memory");
    const std::string old = PROCATLAS_SOURCE_DIR "/tests/fixtures/recordings/format_3.procatlas";
    CHECK(nlohmann::json::parse(sources.run("show " + old + " --as json").output)["grain"].is_null());
}
