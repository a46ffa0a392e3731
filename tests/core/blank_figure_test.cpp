// Figures as exercises: what is asked for is not in them, in no text and no colour.
#include <doctest/doctest.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "core/export/picture/blanks.h"
#include "core/export/picture/figure.h"
#include "core/export/picture/pango_measure.h"
#include "core/export/request/chosen_processes.h"
#include "tests/core/figure_support.h"

using namespace procatlas;

namespace {

Messages blank_words(const char* language) {
    auto read = read_messages(std::string(PROCATLAS_SOURCE_DIR "/assets/locale/") + language + ".json");
    REQUIRE(read);
    return std::move(*read);
}

// All texts of the figure, a line each.
std::string texts_of(const Recording& recording, FigureView view, const Veils& blank, const Messages& words) {
    const PangoMeasure measure;
    FigureOptions options;
    options.view = view;
    options.moment = recording.last_moment();
    options.blank = blank;
    const auto figure = compose_figure(recording, options, words, measure);
    REQUIRE(figure);
    std::string texts = figure->text.description + "\n";
    for (const SceneLabel& label : figure->scene.labels) {
        texts += label.text + "\n";
    }
    if (blank.kinds) {
        CHECK(std::ranges::none_of(figure->scene.boxes, [](const SceneBox& box) { return box.role >= Role::code; }));
    }
    return texts;
}

bool mentions_part(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("a figure with blanks does not tell what it asks for, in either language") {
    const Recording recording = family_recording();
    const World world = recording.world_at(recording.last_moment());
    REQUIRE(!world.processes.empty());
    const std::string pid = std::to_string(world.processes.front().key.pid);
    for (const char* language : {"en", "ko"}) {
        CAPTURE(language);
        const Messages words = blank_words(language);
        const std::string heap(words.text("region.heap"));
        const std::string stack(words.text("region.stack"));
        const std::string whole = texts_of(recording, FigureView::memory, {}, words);
        const std::string memory = texts_of(recording, FigureView::memory, {.kinds = true, .addresses = true}, words);
        REQUIRE((mentions_part(whole, stack) || mentions_part(whole, heap)));
        CHECK(!mentions_part(memory, stack));
        CHECK(!mentions_part(memory, heap));
        CHECK(mentions_part(memory, "_______"));
        CHECK(mentions_part(texts_of(recording, FigureView::tree, {}, words), pid));
        CHECK(!mentions_part(texts_of(recording, FigureView::tree, {.pids = true, .states = true}, words), pid));
        CHECK(mentions_part(texts_of(recording, FigureView::tree, {}, words), std::string(words.text("state.zombie"))));
        CHECK(!mentions_part(texts_of(recording, FigureView::tree, {.states = true}, words),
                             std::string(words.text("state.zombie"))));
        // A zombie has no memory: a column of it would be wrong, or tell that it has ended.
        CHECK(mentions_part(texts_of(recording, FigureView::memory, {}, words), "2420"));
        CHECK(!mentions_part(texts_of(recording, FigureView::memory, {.states = true}, words), "2420"));
        CHECK(!mentions_part(texts_of(recording, FigureView::stage, {.states = true}, words), "2420"));
    }
}

TEST_CASE("what is asked for is not looked for in source code, whose words are the programmer's") {
    const Recording recording = family_recording();
    const World world = recording.world_at(recording.last_moment());
    const Messages words = blank_words("en");
    const std::string zombie(words.text("state.zombie"));
    const std::string code =
        "wait(NULL);  // else it is a " + zombie + " on the heap, of " + std::to_string(world.processes.front().key.pid);
    Scene scene;
    scene.labels.push_back({.at = {}, .text = code});
    scene.labels.push_back({.at = {}, .text = code, .quoted = true});
    const Blanks blanks({.kinds = true, .pids = true, .states = true}, {recording, world, recording.last_moment(), words});
    blanks.apply(scene, PangoMeasure());
    CHECK(scene.labels[0].text.find(zombie) == std::string::npos);
    CHECK(scene.labels[1].text == code);
}

TEST_CASE("where there is room for few columns, the process that acts has one") {
    const Recording recording = family_recording();
    for (std::size_t moment = 0; moment <= recording.last_moment(); ++moment) {
        const World world = recording.world_at(moment);
        const auto acting = acting_process(recording, world, moment);
        for (const std::size_t room : {1U, 2U, 3U, 4U}) {
            const auto columns = columns_with_acting(recording, world, moment, room);
            CAPTURE(moment);
            CAPTURE(room);
            CHECK(columns.size() <= room);
            CHECK(std::ranges::find(columns, acting) != columns.end());
            CHECK(std::ranges::is_sorted(columns));
            CHECK((room == 1 || columns.front() == 0));
        }
    }
}

TEST_CASE("a timeline asks for the numbers of those too that are born later") {
    const Recording recording = family_recording();
    const Messages words = blank_words("en");
    FigureOptions options;
    options.view = FigureView::timeline;
    options.moment = 2;  // one child of three is there
    options.blank = {.pids = true};
    const auto figure = compose_figure(recording, options, words, PangoMeasure());
    REQUIRE(figure);
    for (const SceneLabel& label : figure->scene.labels) {
        CHECK(label.text.find("24") == std::string::npos);  // 2417 to 2420
    }
}

namespace {

std::string blanked_label(const std::string& text, const Veils& veils, const Recording& recording, const Messages& words) {
    const World world = recording.world_at(recording.last_moment());
    Scene scene;
    scene.labels.push_back({.at = {}, .text = text});
    Blanks(veils, {recording, world, recording.last_moment(), words}).apply(scene, PangoMeasure());
    return scene.labels.front().text;
}

}  // namespace

TEST_CASE("the number of a process is left out where it is one, and stays where it says how much") {
    const Recording recording = family_recording();
    const Messages words = blank_words("en");
    const std::string pid = std::to_string(recording.last_world().processes.front().key.pid);
    const auto blanked = [&](const std::string& text) { return blanked_label(text, {.pids = true}, recording, words); };
    for (const std::string& named : {"child of " + pid, pid + "이(가)", "▶ " + pid + ", 1"}) {
        CHECK(!mentions_part(blanked(named), pid));
    }
    for (const std::string& amount :
         {pid + " GiB unmapped", pid + ".5 KiB", "0." + pid + " s", "페이지 " + pid + "개", "7ffd " + pid + " 1000"}) {
        CHECK(blanked(amount) == amount);
    }
}

TEST_CASE("where values are asked for, no string is left of a pointer, whose address is asked for too") {
    const Recording recording = family_recording();
    const Messages words = blank_words("en");
    const std::string value = "0x55d0c0de1000 \"hidden text\"";
    const World world = recording.world_at(recording.last_moment());
    World with = world;
    Variable variable;
    variable.name = "word";
    variable.value = value;
    with.processes.front().globals = std::make_shared<const std::vector<Variable>>(std::vector{variable});
    for (const bool addresses : {false, true}) {
        Scene scene;
        scene.labels.push_back({.at = {}, .text = value});
        Blanks({.addresses = addresses, .values = true}, {recording, with, recording.last_moment(), words})
            .apply(scene, PangoMeasure());
        CHECK(!mentions_part(scene.labels.front().text, "hidden"));
        CHECK(!mentions_part(scene.labels.front().text, "0x"));
    }
}
