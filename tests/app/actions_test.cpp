// The table of actions: keys, words, places and help come from it, so they must fit each other.
#include "app/control/actions.h"
#include "app/control/mode_keys.h"

#include <doctest/doctest.h>
#define GLFW_INCLUDE_NONE
#include <GLFW/glfw3.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>

#include "core/narrate/messages.h"
#include "tests/support/scripted_run.h"

using namespace procatlas;

namespace {

Messages messages_of(const std::string& language) {
    auto read = read_messages(PROCATLAS_SOURCE_DIR "/assets/locale/" + language + ".json");
    REQUIRE(read);
    return std::move(*read);
}

const ActionRow& row_of(std::string_view name) {
    const auto rows = action_table();
    const auto found = std::ranges::find(rows, name, &ActionRow::name);
    REQUIRE(found != rows.end());
    return *found;
}

// The key that the help means by one of its words; 0: it is no single key.
int key_meant_by(const std::string& word) {
    static const std::map<std::string, int> named{
        {"Space", GLFW_KEY_SPACE}, {"Home", GLFW_KEY_HOME}, {"End", GLFW_KEY_END},        {"Enter", GLFW_KEY_ENTER},
        {"Esc", GLFW_KEY_ESCAPE},  {"F1", GLFW_KEY_F1},     {"Menu", GLFW_KEY_MENU},      {"F9", GLFW_KEY_F9},
        {"F11", GLFW_KEY_F11},     {"F5", GLFW_KEY_F5},     {"←", GLFW_KEY_LEFT},         {"→", GLFW_KEY_RIGHT},
        {"↑", GLFW_KEY_UP},        {"↓", GLFW_KEY_DOWN},    {"[", GLFW_KEY_LEFT_BRACKET}, {"]", GLFW_KEY_RIGHT_BRACKET},
        {"+", GLFW_KEY_EQUAL},     {"−", GLFW_KEY_MINUS},   {"?", GLFW_KEY_SLASH},
    };
    if (const auto found = named.find(word); found != named.end()) {
        return found->second;
    }
    return word.size() == 1 ? word[0] : 0;  // GLFW's letters and digits are those of ASCII
}

std::vector<std::string> words_of(const std::string& keys) {
    std::vector<std::string> words;
    std::string word;
    for (const char c : keys + " ") {
        if (c != ' ') {
            word += c;
        } else if (!word.empty()) {
            words.push_back(std::exchange(word, {}));
        }
    }
    return words;
}

}  // namespace

TEST_CASE("in the table of actions each key does one thing, each row has a name of its own and a key") {
    std::set<std::string_view> names;
    std::set<std::pair<int, bool>> keys;
    for (const ActionRow& row : action_table()) {
        CAPTURE(row.name);
        CHECK(names.insert(row.name).second);
        REQUIRE(!row.keys.empty());
        CHECK(!shortcut_of(row).empty());
        for (const Key& key : row.keys) {
            CHECK(keys.insert({key.key, key.control}).second);
        }
    }
}

TEST_CASE("each action has words in both languages") {
    for (const char* language : {"en", "ko"}) {
        const Messages words = messages_of(language);
        for (const ActionRow& row : action_table()) {
            CAPTURE(row.name);
            CHECK(words.has(row.help));
            CHECK((row.label.empty() || words.has(row.label)));
            CHECK((row.tip.empty() || words.has(row.tip)));
            if (row.bar != Bar::none) {
                CHECK((!row.label.empty() || !row.icon.empty()));
            }
        }
    }
}

TEST_CASE("the keys that the help tells do what it says") {
    std::size_t found = 0;
    for (const HelpLine& line : help_lines()) {
        CAPTURE(line.keys);
        bool control = false;
        for (const std::string& word : words_of(line.keys)) {
            if (word == "Ctrl") {
                control = true;
                continue;
            }
            if (word == "·" || word == "…") {
                continue;
            }
            const ActionRow* row = row_of_key(key_meant_by(word), control ? GLFW_MOD_CONTROL : 0, false);
            REQUIRE_MESSAGE(row, word);
            CHECK(row->help == line.word);
            ++found;
        }
    }
    CHECK(found > 40);
    const auto keys_for = [&](std::string_view word) {
        for (const HelpLine& line : help_lines()) {
            if (line.word == word) {
                return line.keys;
            }
        }
        return std::string();
    };
    CHECK(keys_for("key.files") == "Ctrl O  S  E");
    CHECK(keys_for("key.zoom") == "Ctrl +  −  0");
    CHECK(keys_for("key.hold_classes") == "1  2  …  6");
    CHECK(keys_for("key.help") == "?  ·  F1");
    CHECK(keys_for("key.inside_tabs") == "F  O  K  Y");
}

TEST_CASE("keys that are a pair do the opposite of each other, as their names in the table of actions say") {
    using namespace action;
    const auto of_key = [](int key, int mods = 0) { return row_of_key(key, mods, false)->action; };
    CHECK(std::get<Travel>(of_key(GLFW_KEY_LEFT)).to == TravelTo::back);
    CHECK(std::get<Travel>(of_key(GLFW_KEY_RIGHT)).to == TravelTo::forward);
    CHECK(std::get<Travel>(of_key(GLFW_KEY_HOME)).to == TravelTo::first);
    CHECK(std::get<Travel>(of_key(GLFW_KEY_END)).to == TravelTo::now);
    CHECK(std::get<SelectNeighbour>(of_key(GLFW_KEY_UP)).which == Neighbour::above);
    CHECK(std::get<SelectNeighbour>(of_key(GLFW_KEY_DOWN)).which == Neighbour::below);
    CHECK(std::get<ChangeDelay>(of_key(GLFW_KEY_LEFT_BRACKET)).by_milliseconds > 0);  // slower
    CHECK(std::get<ChangeDelay>(of_key(GLFW_KEY_RIGHT_BRACKET)).by_milliseconds < 0);
    CHECK(std::get<Zoom>(of_key(GLFW_KEY_EQUAL, GLFW_MOD_CONTROL)).to == ZoomTo::larger);
    CHECK(std::get<Zoom>(of_key(GLFW_KEY_MINUS, GLFW_MOD_CONTROL)).to == ZoomTo::smaller);
    CHECK(std::get<Zoom>(of_key(GLFW_KEY_0, GLFW_MOD_CONTROL)).to == ZoomTo::normal);
    for (int digit = 1; digit <= 6; ++digit) {
        CHECK(static_cast<int>(std::get<ToggleHold>(of_key(GLFW_KEY_0 + digit)).at) == digit - 1);
    }
}

TEST_CASE("no line of the help stands twice") {
    std::set<std::string_view> words;
    for (const HelpLine& line : help_lines()) {
        CHECK_MESSAGE(words.insert(line.word).second, line.word);
    }
}

TEST_CASE("typing leaves the letters to the field, but not Ctrl, Escape and F1") {
    CHECK(row_of_key(GLFW_KEY_A, 0, false) == &row_of("step_all"));
    CHECK(!row_of_key(GLFW_KEY_A, 0, true));
    CHECK(row_of_key(GLFW_KEY_ESCAPE, 0, true) == &row_of("close"));
    CHECK(row_of_key(GLFW_KEY_F1, 0, true) == &row_of("help"));
    CHECK(row_of_key(GLFW_KEY_EQUAL, GLFW_MOD_CONTROL, true) == &row_of("zoom_in"));
    CHECK(row_of_key(GLFW_KEY_S, GLFW_MOD_CONTROL, false) == &row_of("save"));
    CHECK(row_of_key(GLFW_KEY_S, 0, false) == &row_of("stop"));
    CHECK(!row_of_key(GLFW_KEY_N, GLFW_MOD_CONTROL, false));
    CHECK(!row_of_key(GLFW_KEY_S, GLFW_MOD_ALT, false));
    CHECK(row_of_key(GLFW_KEY_SLASH, GLFW_MOD_SHIFT, false) == &row_of("help"));
}

TEST_CASE("a bar has its buttons from left to right, each at a place of its own") {
    const auto names = [](Bar bar) {
        std::vector<std::string_view> found;
        for (const ActionRow* row : rows_in(bar)) {
            found.push_back(row->name);
        }
        return found;
    };
    CHECK(names(Bar::run) == std::vector<std::string_view>{"step", "run_hold", "restart", "stop"});
    CHECK(names(Bar::timeline) == std::vector<std::string_view>{"first", "back", "forward", "now"});
    CHECK(names(Bar::appearance) == std::vector<std::string_view>{"search", "present", "share", "language", "help"});
    std::set<std::pair<Bar, int>> places;
    for (const ActionRow& row : action_table()) {
        CHECK((row.bar == Bar::none || places.insert({row.bar, row.position}).second));
    }
}

TEST_CASE("buttons say what they would do now, and are dull where there is nothing to do") {
    ScriptedProgram program(two_processes());
    LiveRun run(program.starter());
    View view;
    const auto look = [&](std::string_view name) { return look_of(row_of(name), run, view); };
    CHECK(!look("run_hold").enabled);
    CHECK(!look("save").enabled);
    CHECK(look("open").enabled);
    REQUIRE(run.start(launch_of({"sh"}), "sh"));
    run.pump();
    CHECK(look("run_hold").label == "toolbar.hold");
    CHECK(look("save").enabled);
    CHECK(!look("step").enabled);  // nobody is held
    REQUIRE(run.hold());
    CHECK(look("run_hold").label == "toolbar.run");
    CHECK(look("hold_lifecycle").emphasis == ActionLook::Emphasis::on);
    CHECK(look("hold_memory").emphasis == ActionLook::Emphasis::plain);
    CHECK(look("back").enabled);
    CHECK(!look("now").enabled);
    view.moment = 0;
    CHECK(!look("back").enabled);
    CHECK(look("now").enabled);
    CHECK(look("now").emphasis == ActionLook::Emphasis::plain);  // everybody is held, so nothing is missed
    CHECK(look("step").enabled);
    REQUIRE(run.run());
    CHECK(look("now").emphasis == ActionLook::Emphasis::primary);
    CHECK(look("now").label == "timeline.now");
    view.middle = Middle::side_by_side;
    CHECK(look("pages").emphasis == ActionLook::Emphasis::on);
    CHECK(look("theme").label == "toolbar.dark");
    view.settings.dark = true;
    CHECK(look("theme").label == "toolbar.light");
}

TEST_CASE("an open menu has the arrows, Enter, Space and Escape for itself, and no other key") {
    CHECK(menu_key(GLFW_KEY_DOWN) == MenuMove::down);
    CHECK(menu_key(GLFW_KEY_UP) == MenuMove::up);
    CHECK(menu_key(GLFW_KEY_ENTER) == MenuMove::take);
    CHECK(menu_key(GLFW_KEY_SPACE) == MenuMove::take);
    CHECK(menu_key(GLFW_KEY_ESCAPE) == MenuMove::close);
    CHECK(!menu_key(GLFW_KEY_N));
}
