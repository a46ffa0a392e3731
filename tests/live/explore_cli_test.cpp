// `procatlas explore` and `procatlas compare` as a person or a script would call them.
#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <string>

#include "tests/live/cli_support.h"
#include "tests/scratch_folder.h"

using namespace procatlas;

namespace {

const std::string orders_program = PROCATLAS_BUILD_DIR "/bin/fixtures/orders";

nlohmann::json json_of(const std::string& arguments) {
    const Ran ran = run_procatlas(arguments + " </dev/null");
    CHECK(ran.status == 0);
    nlohmann::json parsed = nlohmann::json::parse(ran.output, nullptr, false);
    REQUIRE(!parsed.is_discarded());
    return parsed;
}

}  // namespace

TEST_CASE("explore tells the outcomes as JSON, keeps a recording of each, and replays each by its choices") {
    const ScratchFolder folder;
    const nlohmann::json told = json_of("explore --json --free 5 -o " + folder.path("kept") + " -- " + orders_program + " two");
    CHECK(told["exhaustive"] == true);
    CHECK(told["cut"].is_null());
    CHECK(told["free_runs"] == 5);
    CHECK(told["limits"].empty());
    REQUIRE(told["outcomes"].size() == 2);
    CHECK(told["outcomes"][0]["output"] == nlohmann::json{"1", "2"});
    CHECK(told["outcomes"][1]["output"] == nlohmann::json{"2", "1"});
    for (const nlohmann::json& outcome : told["outcomes"]) {
        CHECK(outcome["tree"] == "P(C1 C2)");
        CHECK(outcome["exit"]["C2"]["code"] == 0);
        CHECK(outcome["end"] == "ended");
        CHECK(outcome["runs"].get<int>() > 0);
        CHECK(outcome["decided_by"][0]["first"]["act"] == "writes");
        CHECK(outcome["decided_by"][0]["first"]["object"] == "terminal");
        check_one_whole_file(outcome["recording"].get<std::string>(), 10);
        std::string choices;
        for (const nlohmann::json& who : outcome["choices"]) {
            choices += (choices.empty() ? "" : ",") + who.get<std::string>();
        }
        const nlohmann::json again =
            json_of("explore --json --replay " + (choices.empty() ? "-" : choices) + " -- " + orders_program + " two");
        CHECK(again["output"] == outcome["output"]);
        CHECK(again["as_asked"] == true);
    }

    const nlohmann::json compared = json_of("compare --json " + told["outcomes"][0]["recording"].get<std::string>() + " " +
                                            told["outcomes"][1]["recording"].get<std::string>());
    CHECK(compared["all"] == "chance");  // each process did the same, in another order among them
    CHECK(compared["order"] == "chance");
    CHECK(compared["parts_at"].size() == 2);
    CHECK(compared["processes"].size() == 3);
    CHECK(compared["processes"][1]["output"] == "equal");
}

TEST_CASE("explore says in words what it found, in both languages, and what goes wrong") {
    const ScratchFolder folder;
    const std::string rest = " -o " + folder.path("kept") + " -- " + orders_program + " two";
    CHECK(run_procatlas("explore --language en" + rest).output.find("These 2 outcomes are all") != std::string::npos);
    CHECK(run_procatlas("explore --language ko" + rest).output.find("2가지가 전부입니다") != std::string::npos);
    CHECK(run_procatlas("explore").status == 2);
    CHECK(run_procatlas("explore --replay P,,P" + rest).status == 2);
    CHECK(run_procatlas("explore --replay ''" + rest).status == 2);
    CHECK(run_procatlas("explore -- /nonexistent/program").status == 1);
    const Ran unknown = run_procatlas("explore --language en --replay P,Z,C7" + rest);
    CHECK(unknown.status == 1);
    CHECK(unknown.output.find("No process of this run is called Z, C7. Its processes are P(C1 C2).") != std::string::npos);
    const Ran one = run_procatlas("explore --language en --runs 1 --free 1" + rest);
    const bool other_order = one.output.find("2 outcomes were found") != std::string::npos;  // the free run may take it
    CHECK((other_order || one.output.find("1 outcome was found") != std::string::npos));
    CHECK(one.output.find("of 1 run that the system scheduled") != std::string::npos);
    CHECK(run_procatlas("compare /nonexistent/a /nonexistent/b").status == 1);
}
