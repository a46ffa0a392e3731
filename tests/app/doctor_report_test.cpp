// What `procatlas doctor` says where programs cannot be followed.
#include "app/cli/doctor_report.h"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace procatlas;
using Keys = std::vector<std::string_view>;

enum class Yama : std::uint8_t { allows, refuses };
enum class Place : std::uint8_t { host, container };

Diagnosis without_ptrace(Yama yama, Place place) {
    return {{{"observer", true, ""},
             {"ptrace", false, "Operation not permitted"},
             {"yama", yama == Yama::allows, "3"},
             {"seccomp", true, ""}},
            place == Place::container};
}

Messages words_in(const std::string& language) {
    auto words = read_messages(PROCATLAS_SOURCE_DIR "/assets/locale/" + language + ".json");
    REQUIRE(words);
    return std::move(*words);
}

}  // namespace

TEST_CASE("where Yama refuses on a host, its setting is the way out; in a container the container's may be too") {
    CHECK(ways_out(without_ptrace(Yama::refuses, Place::host)) == Keys{"doctor.way.yama"});
    CHECK(ways_out(without_ptrace(Yama::refuses, Place::container)) ==
          Keys{"doctor.way.yama", "doctor.way.docker", "doctor.way.devcontainer"});
}

TEST_CASE("where something else refuses, the container's flags are the way out") {
    CHECK(ways_out(without_ptrace(Yama::allows, Place::container)) == Keys{"doctor.way.docker", "doctor.way.devcontainer"});
    CHECK(ways_out(without_ptrace(Yama::allows, Place::host)) == Keys{"doctor.way.docker", "doctor.way.devcontainer"});
}

TEST_CASE("where programs can be followed, no way out is told") {
    const Diagnosis healthy{{{"ptrace", true, ""}, {"yama", true, "1"}}, true};
    CHECK(ways_out(healthy).empty());
    CHECK(can_follow(healthy));
    CHECK_FALSE(can_follow(without_ptrace(Yama::allows, Place::host)));
}

TEST_CASE("each way out is one line with the flag to type, in both languages") {
    for (const char* language : {"en", "ko"}) {
        const std::string text = doctor_text(without_ptrace(Yama::refuses, Place::container), words_in(language));
        CHECK(text.find("\"runArgs\": [\"--cap-add=SYS_PTRACE\"]") != std::string::npos);
        CHECK(text.find("kernel.yama.ptrace_scope=0") != std::string::npos);
        CHECK(text.find("docker") != std::string::npos);
    }
}

TEST_CASE("the JSON has the same facts as the text") {
    const auto report = nlohmann::json::parse(doctor_json(without_ptrace(Yama::allows, Place::container), words_in("en")));
    CHECK(report["can_follow"] == false);
    CHECK(report["in_container"] == true);
    CHECK(report["findings"].size() == 4);
    CHECK(report["findings"][1]["name"] == "ptrace");
    CHECK(report["findings"][1]["available"] == false);
    CHECK(report["findings"][1]["detail"] == "Operation not permitted");
    CHECK(report["findings"][0]["detail"].is_null());
    CHECK(report["ways_out"][0]["name"] == "docker");
}
