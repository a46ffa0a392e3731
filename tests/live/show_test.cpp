// `procatlas show` as a person and a script use it: what it writes, exit statuses, messages.
#include <doctest/doctest.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/wait.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>

#include "core/base/unique_fd.h"
#include "core/base/whole_file.h"
#include "core/export/carry/carried_recording.h"
#include "core/store/read_recording.h"
#include "core/store/recording_writer.h"
#include "tests/core/figure_support.h"
#include "tests/live/cli_support.h"
#include "tests/scratch_folder.h"

using namespace procatlas;

namespace {

namespace fs = std::filesystem;

// A folder with a recording of the family, and a way to run `procatlas show` on it.
class Shower {
public:
    Shower() {
        const Recording recording = family_recording();
        auto writer = RecordingWriter::create(file(), {"The family", 1, "1"});
        REQUIRE(writer);
        REQUIRE((*writer)->finish(recording));
    }

    [[nodiscard]] fs::path file() const { return folder_ / "family.procatlas"; }
    [[nodiscard]] fs::path operator/(const char* name) const { return folder_ / name; }

    [[nodiscard]] Ran operator()(const std::string& arguments) const { return run(file().string() + " " + arguments); }

    [[nodiscard]] Ran run(const std::string& arguments) const {
        // Errors first, so that `arguments` may send the output elsewhere.
        const std::string line = "env -u DISPLAY -u WAYLAND_DISPLAY LC_ALL=C.UTF-8 " PROCATLAS_BUILD_DIR
                                 "/bin/procatlas show 2>&1 </dev/null " +
                                 arguments;
        return run_line(line);
    }

    [[nodiscard]] std::string read(const char* name) const {
        const auto bytes = read_whole_file(folder_ / name, 1 << 24);
        REQUIRE(bytes);
        return *bytes;
    }

private:
    ScratchFolder folder_;
};

}  // namespace

TEST_CASE("a recording is shown as text and JSON, at its end and at a chosen moment") {
    const Shower show;
    const Ran text = show("--as text");
    CHECK(text.status == 0);
    CHECK(text.output.find("python3.11 -c 1 ← family") != std::string::npos);
    CHECK(text.output.find("안녕하세요") != std::string::npos);
    const Ran early = show("--as text --moment 1");
    CHECK(early.status == 0);
    CHECK(early.output.find("2418") == std::string::npos);
    const Ran json = show("--as json --moment 4");
    CHECK(json.status == 0);
    const auto parsed = nlohmann::json::parse(json.output, nullptr, false);
    REQUIRE(parsed.is_object());
    CHECK(parsed["processes"].size() == 4);
    CHECK(parsed["events"].size() == 5);
    CHECK(parsed["processes"][1]["regions"].size() > 5);
}

TEST_CASE("text of a moment tells frames, their lines and variables; its JSON how the program was followed") {
    const ScratchFolder folder;
    const std::string script = folder.path("mine.py");
    std::ofstream(script) << "def f(a):\n    b = a + 1\n    return b\nprint(f(1))\n";
    const std::string file = folder.path("run.procatlas");
    REQUIRE(
        run_procatlas("trace --grain lines -o " + file + " -- /usr/bin/python3 " + script + " </dev/null >/dev/null").status ==
        0);
    const json whole = json::parse(run_procatlas("show " + file + " --as json").output);
    const auto at = std::ranges::find_if(whole["events"], [](const json& event) {
        return event["kind"] == "line" && event["frames"][0]["function"] == "f" && event["frames"][0]["line"] == 3;
    });
    REQUIRE(at != whole["events"].end());
    const std::string moment = " --moment " + std::to_string((*at)["moment"].get<int>());
    const std::string text = run_procatlas("show " + file + " --as text" + moment).output;
    CHECK(text.find("f()") != std::string::npos);
    CHECK(text.find("return b\n      a = 1\n      b = 2\n") != std::string::npos);
    CHECK(text.find("<module>  ") != std::string::npos);
    const json part = json::parse(run_procatlas("show " + file + " --as json" + moment).output);
    CHECK(part["grain"] == whole["grain"]);
    CHECK(part["grain"] == "lines");
}

TEST_CASE("figures are written without a display, in the requested language, and carry the recording") {
    const Shower show;
    for (const char* format : {"svg", "pdf", "png"}) {
        CAPTURE(format);
        const Ran ran = show("--view memory --pids 2417,2418 --theme print --language ko --moment 6 --as " +
                             std::string(format) + " -o " + (show / "figure").string());
        CHECK(ran.status == 0);
        CHECK(ran.output.empty());
        const auto carried = extract_recording(show.read("figure"));
        REQUIRE(carried);
        REQUIRE(*carried);
        CHECK((*carried)->moment == 6);
        // The recording taken out of a figure is a usable recording again.
        REQUIRE(write_whole_file(show / "carried.procatlas", (*carried)->bytes));
        const auto loaded = read_recording(show / "carried.procatlas");
        REQUIRE(loaded);
        CHECK(loaded->info.title == "The family");
        CHECK(loaded->recording.events().size() == 11);
    }
    const Ran plain = show("--as svg --without-recording --language ko");
    CHECK(plain.status == 0);
    CHECK(plain.output.find("The family") != std::string::npos);
    CHECK(plain.output.find("힙 영역") != std::string::npos);
    CHECK(plain.output.find("metadata") == std::string::npos);
    CHECK(std::distance(fs::directory_iterator(show / ""), fs::directory_iterator()) == 3);  // no other files are left
}

TEST_CASE("unknown or impossible arguments give a sentence and exit status 2") {
    const Shower show;
    const auto refused = [&](const std::string& arguments, const char* sentence) {
        const Ran ran = show(arguments);
        CAPTURE(arguments);
        CHECK(ran.status == 2);
        CHECK_MESSAGE(ran.output.find(sentence) != std::string::npos, ran.output);
    };
    refused("--as svg --moment 11", "there is no moment 11: the last one is 10");
    refused("--as text --moment 11", "there is no moment 11: the last one is 10");
    refused("--as svg --moment -1", "“-1”");
    refused("--as svg --moment soon", "“soon”");
    refused("--as svg --view storyboard --moments 3,11", "there is no moment 11: the last one is 10");
    for (const char* moments : {"3,soon", "3,,5", "3,", ",", "-1"}) {
        refused(
            "--as svg --view storyboard --moments " + std::string(moments),
            ("--moments takes moments separated by commas, such as 3,7,last; “" + std::string(moments) + "” is not such a list")
                .c_str());
    }
    refused("--as svg --pids 1", "there is no process 1 at moment ");
    refused("--as svg --pids 2417,x", "“x”");
    refused("--as gif", "--as");
    refused("--as svg --theme pink", "--theme");
    refused("--as svg --view sideways", "--view");
    refused("--as png --scale 0", "--scale");
    refused("", "--as");
}

TEST_CASE("a page of a view has its figure in both languages, and a page without a view has all moments") {
    const Shower show;
    for (const char* view : {"pages", "compare", "storyboard", "tree", "memory"}) {
        CAPTURE(view);
        const Ran page = show("--language en --as html --view " + std::string(view));
        CHECK(page.status == 0);
        CHECK(page.output.starts_with("<!DOCTYPE html>"));
        CHECK(page.output.find("id=\"picture-en\"") != std::string::npos);
        CHECK(page.output.find("id=\"picture-ko\"") != std::string::npos);
    }
    const Ran pages = show("--as html --view pages");
    CHECK(pages.output.find(words_of("en").text("pages.title")) != std::string::npos);
    CHECK(pages.output.find(words_of("ko").text("pages.title")) != std::string::npos);
    CHECK(show("--as html").output.find("id=\"recording\"") != std::string::npos);
}

TEST_CASE("a view that a format cannot show is refused, with the formats that can show it") {
    const Shower show;
    const auto refused = [&](const char* view, const char* format, const char* formats) {
        CAPTURE(view);
        CAPTURE(format);
        const Ran ran = show("--language en --view " + std::string(view) + " --as " + format);
        CHECK(ran.status == 2);
        CHECK(ran.output ==
              "procatlas: --view " + std::string(view) + " is available as " + formats + ", but not as " + format + "\n");
    };
    for (const char* format : {"text", "json", "csv", "dot", "mermaid", "trace-event"}) {
        for (const char* view : {"pages", "compare", "storyboard", "inside"}) {
            refused(view, format, "svg, pdf, png, html");
        }
    }
    refused("source", "csv", "svg, pdf, png, html, text, json");
    refused("tree", "text", "svg, pdf, png, html, dot, mermaid");
    CHECK(show("--view tree --as dot").status == 0);
    CHECK(show("--view memory --as csv").status == 0);
    CHECK(show("--view timeline --as trace-event").status == 0);
    CHECK(show("--view all --as text").status == 0);
    CHECK(show("--language en --as svg --moments 3").output == "procatlas: --moments works only with --view storyboard\n");
}

TEST_CASE("a storyboard says so if none of the chosen processes existed at its moments") {
    const Shower show;
    const Ran ran = show("--as svg --without-recording --view storyboard --moments 0,1 --pids 2418");
    CHECK(ran.status == 0);
    CHECK(ran.output.find("None of the chosen processes existed") != std::string::npos);
    const Ran last = show("--as svg --without-recording --view storyboard --moments last");
    CHECK(last.output.find("2419") != std::string::npos);
}

TEST_CASE("a file that is not a recording, or an unwritable output file, gives exit status 1 and a reason") {
    const Shower show;
    CHECK(show.run((show / "missing.procatlas").string() + " --as text").status == 1);
    REQUIRE(write_whole_file(show / "notes.txt", "not a recording"));
    const Ran notes = show.run((show / "notes.txt").string() + " --as svg");
    CHECK(notes.status == 1);
    CHECK(notes.output.starts_with("procatlas: "));
    const Ran nowhere = show("--as svg -o " + (show / "no/folder").string());
    CHECK(nowhere.status == 1);
    CHECK(nowhere.output.find("no/folder") != std::string::npos);
}

TEST_CASE("binary output is not written to a terminal") {
    const Shower show;
    const UniqueFd terminal(::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC));
    REQUIRE(terminal);
    REQUIRE(::grantpt(terminal.get()) == 0);
    REQUIRE(::unlockpt(terminal.get()) == 0);
    const std::string name = ::ptsname(terminal.get());
    const Ran png = show("--as png >" + name);
    CHECK(png.status == 2);
    CHECK(png.output.find("-o FILE") != std::string::npos);
}
