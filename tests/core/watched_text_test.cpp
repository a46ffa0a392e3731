// What is told of processes that were there before: as text, and where their lanes end.
#include <doctest/doctest.h>

#include <memory>
#include <string>
#include <utility>

#include "core/export/data/text_export.h"
#include "core/layout/timeline/process_lanes.h"
#include "core/model/recording.h"
#include "core/narrate/messages.h"

namespace procatlas {
namespace {

Recording shell_and_child() {
    Recording recording;
    const auto add = [&](ProcessKey process, EventDetail detail) {
        ObservedEvent event;
        event.time_ns = 1'500'000'000 + recording.events().size();
        event.process = process;
        event.thread = process.pid;
        event.detail = std::move(detail);
        recording.append(std::move(event));
    };
    const auto found = [](FoundProcess process) {
        return FoundEvent{std::make_shared<const FoundProcess>(std::move(process))};
    };
    add({10, 1}, found({.parent_pid = 1, .name = "sh", .path = "/bin/sh", .arguments = {"sh"}, .threads = {10}}));
    add({11, 2},
        found({.parent_pid = 10, .name = "many", .path = "/bin/many", .arguments = {"many"}, .threads = {11, 12, 13}}));
    add({11, 2}, found({.parent_pid = 10, .again = true, .name = "many", .path = "/bin/many", .threads = {11, 12}}));
    add({10, 1}, GoneEvent{1'400'000'000});
    return recording;
}

}  // namespace

TEST_CASE("the lane of a process that was only watched ends where it was gone") {
    const Recording recording = shell_and_child();
    ProcessLanes lanes;
    lanes.follow(recording);
    REQUIRE(lanes.lanes().size() == 2);
    CHECK(lanes.lanes()[0].exit == 3U);
    CHECK(lanes.lanes()[0].reap == 3U);
    CHECK_FALSE(lanes.lanes()[1].exit);
}

TEST_CASE("what was seen of watched processes is told as text, and how many threads are there now") {
    const auto words = read_messages(PROCATLAS_SOURCE_DIR "/assets/locale/en.json");
    REQUIRE(words);
    const Recording recording = shell_and_child();
    for (const std::string& text : {watched_text(recording, *words), recording_text(recording, *words)}) {
        CHECK(text.find("10 is gone since the look of") != std::string::npos);
        CHECK(text.find("11 was found: many") != std::string::npos);
        CHECK(text.find("1.500 s") != std::string::npos);
        CHECK(text.find("gone, end not seen") != std::string::npos);
        CHECK(text.find("alive, 2 threads") != std::string::npos);
    }
}

}  // namespace procatlas
