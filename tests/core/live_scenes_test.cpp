#include "core/serve/live_scenes.h"

#include <doctest/doctest.h>

#include <chrono>
#include <nlohmann/json.hpp>
#include <string>

#include "core/model/recording.h"
#include "tests/core/made_up_run.h"

using namespace procatlas;

namespace {

const std::string scene_locale = PROCATLAS_SOURCE_DIR "/assets/locale/";

nlohmann::json scene_json(const LiveScenes::Body& body) {
    return nlohmann::json::parse(uncompressed(*body));
}

}  // namespace

TEST_CASE("a moment of a shared run is laid out once for each language, and forgotten in time") {
    const Messages en = read_messages(scene_locale + "en.json").value();
    const Messages ko = read_messages(scene_locale + "ko.json").value();
    Recording recording;
    MadeUpRun run(7);
    for (int i = 0; i < 60; ++i) {
        recording.append(run.next());
    }
    LiveScenes scenes({{"en", en}, {"ko", ko}}, 20'000);
    CHECK(scenes.known(0, 30) == nullptr);
    const auto made = scenes.make(recording, 0, 30);
    CHECK(scenes.known(0, 30) == made);
    CHECK(scenes.known(1, 30) == nullptr);
    const auto json = scene_json(made);
    CHECK(json["moment"] == 30);
    CHECK(json["alive"].get<std::size_t>() + json["zombies"].get<std::size_t>() + json["gone"].get<std::size_t>() ==
          recording.world_at(30).processes.size());
    CHECK(json["tree"][2].get<std::string>().contains("<text"));
    CHECK_FALSE(json["sentence"].get<std::string>().empty());
    const auto korean = scene_json(scenes.make(recording, 1, 30));
    CHECK(korean["sentence"] != json["sentence"]);
    for (std::size_t moment = 0; moment < 60; ++moment) {
        (void)scenes.make(recording, 0, moment);
        CHECK(scenes.bytes() < 20'000 + 10'000);
    }
    CHECK(scenes.known(0, 0) == nullptr);
    CHECK(scenes.known(0, 59) != nullptr);
    const auto timeline = scenes.timeline(recording, 0, recording.events().size());
    CHECK(scenes.timeline(recording, 0, recording.events().size()) == timeline);
    CHECK(scene_json(timeline)["events"] == 60);
    recording.append(run.next());
    const auto deadline = LiveScenes::Clock::now() + std::chrono::seconds(20);
    while (scenes.timeline(recording, 0, recording.events().size()) == timeline && LiveScenes::Clock::now() < deadline) {
    }
    CHECK(scene_json(scenes.timeline(recording, 0, recording.events().size()))["events"] == 61);
    CHECK(scene_json(LiveScenes({{"en", en}}).timeline(recording, 0, 5))["events"] == 5);
    scenes.forget();
    CHECK(scenes.known(0, 59) == nullptr);
    CHECK(scenes.bytes() == 0);
}

TEST_CASE("the scene of an empty recording is not taken for that of its first moment") {
    const Messages en = read_messages(scene_locale + "en.json").value();
    LiveScenes scenes({{"en", en}});
    const Recording nothing;
    CHECK(scene_json(scenes.make(nothing, 0, 0))["alive"] == 0);
    CHECK(scenes.known(0, 0) == nullptr);
}
