// A recording as plain text: in pieces, and of families of any shape.
#include "core/export/data/text_export.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <string_view>

#include "core/model/recording.h"
#include "core/model/world.h"
#include "core/narrate/messages.h"
#include "tests/core/made_up_run.h"

namespace procatlas {
namespace {

Messages english() {
    auto words = read_messages(PROCATLAS_SOURCE_DIR "/assets/locale/en.json");
    REQUIRE(words);
    return std::move(*words);
}

Recording long_recording() {
    MadeUpRun run(7);
    Recording recording;
    for (int i = 0; i < 20'000; ++i) {
        recording.append(run.next());
    }
    return recording;
}

}  // namespace

TEST_CASE("a long text is given in pieces that end with a line, and are the whole") {
    const Messages words = english();
    const Recording recording = long_recording();
    const std::string whole = recording_text(recording, words, true);
    REQUIRE(whole.size() > 1'000'000);
    std::string gathered;
    std::size_t largest = 0;
    std::size_t pieces = 0;
    give_recording_text(recording, words, true, [&](std::string_view piece) {
        CHECK(piece.ends_with('\n'));
        largest = std::max(largest, piece.size());
        gathered += piece;
        ++pieces;
        return true;
    });
    CHECK(gathered == whole);
    CHECK(pieces > 10);
    CHECK(largest < 200'000);
}

TEST_CASE("whoever wants no more of a text is given no more") {
    const Messages words = english();
    const Recording recording = long_recording();
    std::size_t pieces = 0;
    give_recording_text(recording, words, false, [&](std::string_view) { return ++pieces < 2; });
    CHECK(pieces == 2);
}

TEST_CASE("a family of 200,000 generations is told a line each") {
    constexpr std::size_t generations = 200'000;
    World world;
    for (std::size_t i = 0; i < generations; ++i) {
        Process& process = world.processes.emplace_back();
        process.key = {static_cast<std::int32_t>(i + 1), i};
        process.programs = {"/bin/chain"};
        if (i > 0) {
            process.parent = i - 1;
            world.processes[i - 1].children = {i};
        }
    }
    const std::string text = present_tree_text(world, english());
    CHECK(static_cast<std::size_t>(std::ranges::count(text, '\n')) == generations + 1);
    CHECK(text.find("\n200000   199999   ") != text.npos);
}

}  // namespace procatlas
