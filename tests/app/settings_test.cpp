#include "app/control/settings.h"
#include "tests/scratch_folder.h"

#include <doctest/doctest.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>

using namespace procatlas;

namespace {}  // namespace

TEST_CASE("settings come back as they were written, and nothing else is left in the folder") {
    const ScratchFolder folder;
    const std::filesystem::path file = folder.path() / "deep" / "settings.json";
    const Settings settings{.language = "ko",
                            .dark = true,
                            .zoom = 150,
                            .width = 1600,
                            .height = 900,
                            .delay_ms = 700,
                            .recent = {{"/a/b.c", "1 2", false}, {"", "ls", true}}};
    REQUIRE(write_settings(file, settings));
    const Result<Settings> read = read_settings(file);
    REQUIRE(read);
    CHECK(*read == settings);
    CHECK(std::distance(std::filesystem::directory_iterator(file.parent_path()), {}) == 1);
}

TEST_CASE("how far lessons were walked, and where panels end, come back too; nonsense in the file is left out") {
    const ScratchFolder folder;
    const std::filesystem::path file = folder.path() / "settings.json";
    Settings settings{.language = "en"};
    settings.shares.left = 0.31F;
    settings.lessons["four-areas"] = {9, 9};
    settings.lessons["heap"] = {2, 8};
    settings.last_lesson = "heap";
    REQUIRE(write_settings(file, settings));
    const Result<Settings> read = read_settings(file);
    REQUIRE(read);
    CHECK(*read == settings);
    CHECK(read->lessons.at("four-areas").done());
    CHECK(!read->lessons.at("heap").done());
    const Result<Settings> odd =
        parse_settings(R"({"lessons": {"a": {"step": -4, "steps": 1e99}, "b": 3}, "shares": {"left": 7, "tree": "x"}})");
    REQUIRE(odd);
    CHECK(odd->lessons.at("a").step == 0);
    CHECK(!odd->lessons.contains("b"));
    CHECK(odd->shares.left == share_max);
}

TEST_CASE("no file gives the first settings, a broken one an error") {
    const ScratchFolder folder;
    CHECK(read_settings(folder.path() / "none.json"));
    std::ofstream(folder.path() / "broken.json") << "{\"zoom\": 1";
    CHECK(!read_settings(folder.path() / "broken.json"));
}

TEST_CASE("numbers out of range are clamped and what is not understood is left out") {
    const Result<Settings> settings =
        parse_settings(R"({"zoom": 99999999999999, "width": 3, "language": "xx", "dark": "yes", "delay_ms": -5, "other": []})");
    REQUIRE(settings);
    CHECK(settings->zoom == zoom_max);
    CHECK(settings->width == window_width_min);
    CHECK(settings->delay_ms == 0);
    CHECK(!settings->dark);
    CHECK((settings->language == "en" || settings->language == "ko"));
}

TEST_CASE("settings that cannot be written are an error") {
    CHECK(!write_settings("/proc/none/settings.json", Settings{}));
}

TEST_CASE("recent commands of a strange settings file are left out one by one") {
    const Result<Settings> settings = parse_settings(
        R"({"recent": [1, {}, {"file": 3, "line": "x"}, {"line": "ls", "shell": "yes"}, null, {"file": "/a.c", "shell": true}]})");
    REQUIRE(settings);
    CHECK(settings->recent == std::vector<RecentCommand>{{"", "x", false}, {"", "ls", false}, {"/a.c", "", true}});
    CHECK(parse_settings(R"({"recent": "x"})")->recent.empty());
}
