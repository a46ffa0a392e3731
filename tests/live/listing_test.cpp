// Source, code and bytes of real processes, as the command line shows them from their recordings.
#include <doctest/doctest.h>
#include <stdlib.h>

#include <filesystem>
#include <string>

#include "tests/live/cli_support.h"
#include "tests/scratch_folder.h"

using namespace procatlas;
using nlohmann::json;

namespace {

namespace fs = std::filesystem;

// A sample program's recording, followed to its end.
class Recorded {
public:
    Recorded(const std::string& example, const std::string& grain) {
        whole_ = trace_json("-o " + file() + " --grain " + grain + " --example " + example);
    }

    [[nodiscard]] std::string file() const { return (folder_ / "x.procatlas").string(); }
    [[nodiscard]] fs::path folder() const { return folder_.path(); }
    [[nodiscard]] const json& whole() const { return whole_; }
    [[nodiscard]] std::string pid() const { return std::to_string(whole_["processes"][0]["pid"].get<int>()); }
    // The moment of the first event of that kind, and of that function if the event has one.
    [[nodiscard]] std::string moment_of(const std::string& kind, const std::string& function = {}) const {
        for (const json& event : whole_["events"]) {
            if (event["kind"] == kind && (function.empty() || event["function"] == function)) {
                return std::to_string(event["moment"].get<int>());
            }
        }
        FAIL("no event " << kind << " " << function);
        return {};
    }
    [[nodiscard]] json view(const std::string& view, const std::string& moment) const {
        const Ran ran = run_procatlas("show " + file() + " --as json --view " + view + " --moment " + moment);
        CHECK(ran.status == 0);
        json parsed = json::parse(ran.output, nullptr, false);
        REQUIRE(parsed.is_object());
        return parsed["processes"][0];
    }
    // What SQLite answers.
    [[nodiscard]] std::string ask(const std::string& file, const std::string& question) const {
        return run_line("sqlite3 -readonly " + (folder_ / file).string() + " \"" + question + "\"").output;
    }

private:
    ScratchFolder folder_;
    json whole_;
};

}  // namespace

TEST_CASE("push_pop: at each call the source shows the function's line, and the code its next instruction") {
    const Recorded run("push_pop", "calls");
    const std::string moment = run.moment_of("call", "add_tax");
    const json source = run.view("source", moment);
    REQUIRE(!source["lines"].empty());
    std::string marked;
    for (const json& line : source["lines"]) {
        marked += line["processes"].empty() ? "" : line["text"].get<std::string>();
    }
    CHECK(marked == "    int tax = price / 10;");

    const json code = run.view("code", moment);
    CHECK(code["function"] == "add_tax");
    std::size_t current = 0;
    for (const json& instruction : code["instructions"]) {
        current += instruction["current"].get<bool>() ? 1 : 0;
    }
    CHECK(current == 1);
    // The functions that main() calls are named: one of the program, and one of a library.
    const json caller = run.view("code", run.moment_of("call", "sell"));
    std::string targets;
    for (const json& instruction : caller["instructions"]) {
        targets += instruction.contains("target_name") && instruction["target_name"].is_string()
                       ? instruction["target_name"].get<std::string>() + " "
                       : "";
    }
    CHECK(targets.find("price_of") != std::string::npos);
    CHECK(targets.find("printf@plt") != std::string::npos);
    CHECK(run.ask("x.procatlas", "SELECT count(*) FROM source WHERE path LIKE '%push_pop.c'") == "1\n");
    CHECK(run.ask("x.procatlas", "SELECT count(*) FROM code WHERE function = 'add_tax'") == "1\n");
}

TEST_CASE("push_pop: the bytes of the stack contain the return address where the frame says") {
    const Recorded run("push_pop", "calls");
    const std::string moment = run.moment_of("call", "add_tax");
    const json& frame = run.whole()["events"][std::stoul(moment)]["frames"][0];
    const json bytes = run.view("bytes", moment);
    const std::string wanted = "return address of add_tax";
    bool found = false;
    for (const json& row : bytes["runs"][0]["rows"]) {
        if (row["what"].is_string() && row["what"].get<std::string>().find(wanted) != std::string::npos) {
            found = true;
            const auto at = std::stoull(frame["end"].get<std::string>(), nullptr, 16) - 8 -
                            std::stoull(row["address"].get<std::string>(), nullptr, 16);
            REQUIRE(at < 16);
            const std::string first = row["bytes"].get<std::string>().substr(at * 3, 2);
            CHECK(frame["return_address"].get<std::string>().ends_with(first));  // the lowest byte comes first
        }
    }
    CHECK(found);
}

TEST_CASE("globals: a byte that the program changed is marked at that event") {
    const Recorded run("globals", "lines");
    bool changed = false;
    for (const json& event : run.whole()["events"]) {
        if (event["kind"] != "line" || changed) {
            continue;
        }
        const json bytes = run.view("bytes", std::to_string(event["moment"].get<int>()));
        for (const json& part : bytes["runs"]) {
            for (const json& row : part["rows"]) {
                changed = changed || (part["region"] == "data" && !row["changed"].empty() && row["what"].is_string());
            }
        }
    }
    CHECK(changed);
}

TEST_CASE("where names the function, line and instruction of a code address") {
    const Recorded run("push_pop", "calls");
    const std::string moment = run.moment_of("call", "add_tax");
    const std::string pc = run.whole()["events"][std::stoul(moment)]["pc"];
    const Ran ran = run_procatlas("where " + run.file() + " --language en --moment " + moment + " " + run.pid() + " " + pc);
    CHECK(ran.status == 0);
    CHECK(ran.output.find("symbol: add_tax()") != std::string::npos);
    CHECK(ran.output.find("push_pop.c, line 6") != std::string::npos);
    CHECK(ran.output.find("instruction: mov") != std::string::npos);
}

TEST_CASE("a figure's recording has the names of variables, but their values and what was returned only if requested") {
    const Recorded run("push_pop", "calls");
    const auto carried = [&](const std::string& options) {
        const std::string figure = (run.folder() / "f.svg").string();
        CHECK(run_procatlas("show " + run.file() + " --as svg --view tree --moment last -o " + figure + " " + options).status ==
              0);
        const Ran ran = run_procatlas("show " + figure + " --as json");
        CHECK(ran.status == 0);
        return json::parse(ran.output);
    };
    const std::size_t call = std::stoul(run.moment_of("call", "add_tax"));
    const std::size_t back = std::stoul(run.moment_of("return", "add_tax"));
    const json whole = carried("--with-memory")["events"];
    const json given = carried("")["events"];
    const json& told = whole[call]["frames"][0]["variables"][0];
    json left_out = given[call]["frames"][0]["variables"][0];
    CHECK(told["value"].is_string());
    CHECK(whole[back]["value"].is_string());
    CHECK(given[back]["value"].is_null());
    CHECK(left_out["name"] == told["name"]);
    CHECK(left_out["address"] == told["address"]);
    CHECK(left_out["value"].is_null());
    CHECK(left_out["not_available"] == "left out of this recording");
}

TEST_CASE("a figure's recording has the source, but raw memory only if requested") {
    const Recorded run("push_pop", "calls");
    const auto carried = [&](const std::string& options) {
        const std::string figure = (run.folder() / "f.svg").string();
        CHECK(run_procatlas("show " + run.file() + " --as svg --view source -o " + figure + " " + options).status == 0);
        return run_procatlas("show " + figure + " --as text --language en --view bytes --moment " +
                             run.moment_of("call", "add_tax"));
    };
    CHECK(carried("").output.find("left out of this recording") != std::string::npos);
    CHECK(carried("--with-memory").output.find("return address of add_tax") != std::string::npos);
    const Ran source = run_procatlas("show " + (run.folder() / "f.svg").string() + " --as text --view source --moment " +
                                     run.moment_of("call", "add_tax"));
    CHECK(source.output.find("int tax = price / 10;") != std::string::npos);
}

TEST_CASE("each listing is a figure in every format") {
    const Recorded run("recursion", "calls");
    for (const std::string view : {"source", "code", "bytes"}) {
        for (const std::string format : {"svg", "pdf", "png"}) {
            CAPTURE(view + " " + format);
            const fs::path figure = run.folder() / ("f." + format);
            CHECK(run_procatlas("show " + run.file() + " --as " + format + " --view " + view + " --moment " +
                                run.moment_of("call", "factorial") + " -o " + figure.string())
                      .status == 0);
            CHECK(fs::file_size(figure) > 5000);
        }
    }
}

TEST_CASE("a program without debug information is followed, and the missing parts are reported") {
    const std::string file = (fs::temp_directory_path() / "procatlas-listing-true.procatlas").string();
    CHECK(run_procatlas("trace -o " + file + " --grain calls -- /bin/true >/dev/null").status == 0);
    const Ran source = run_procatlas("show " + file + " --as text --language en --view source");
    // Debian keeps it in a package of its own, and the program says so.
    const bool elsewhere = source.output.find("its debug information is in another file") != std::string::npos;
    CHECK((elsewhere || source.output.find("has no debug information") != std::string::npos));
    fs::remove(file);
}
