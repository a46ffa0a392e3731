// The menu of a right click: what it offers for what, and where it leads.
#include "app/control/thing_menu.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "app/control/thing_moments.h"
#include "core/base/text.h"
#include "core/model/inside.h"
#include "tests/support/scripted_run.h"

using namespace procatlas;

namespace {

Messages menu_words() {
    auto read = read_messages(PROCATLAS_SOURCE_DIR "/assets/locale/en.json");
    REQUIRE(read);
    return std::move(*read);
}

ObservedEvent counted(const std::string& value, std::uint32_t line) {
    ObservedEvent event = event_of(10, LineEvent{});
    auto frame = std::make_shared<StackFrame>();
    frame->function = "f";
    frame->file = "/src/a.c";
    frame->line = line;
    frame->own = true;
    Variable count;
    count.name = "count";
    count.address = 0x7ff0;
    count.value = value;
    frame->variables.push_back(count);
    auto stack = std::make_shared<Stack>();
    stack->frames.push_back(frame);
    auto inside = std::make_shared<Inside>();
    inside->stack = stack;
    event.inside = inside;
    return event;
}

// Moments: 0 start, 1 fork, 2 count = 1, 3 count = 2, 4 count = 2.
std::vector<ObservedEvent> counting() {
    auto events = two_processes();
    events.push_back(counted("1", 5));
    events.push_back(counted("2", 6));
    events.push_back(counted("2", 7));
    events.back().held = true;
    return events;
}

struct MenuDesk {
    Messages words = menu_words();
    ScriptedProgram program{counting()};
    LiveRun run{program.starter()};
    View view;

    MenuDesk() {
        REQUIRE(run.start(launch_of({"sh"}), "sh"));
        run.pump();
    }
    ThingMenu menu(const Thing& thing) { return menu_of(thing, {run, view, run.world(), words}); }
};

const Thing count_variable{.kind = ThingKind::variable,
                           .process = 0,
                           .address = 0x7ff0,
                           .size = 4,
                           .name = "count",
                           .function = "f",
                           .value = "2",
                           .text = "count = 2"};

template <typename Wanted>
const Wanted* action_in(const ThingMenu& menu) {
    for (const ThingMenuItem& item : menu.items) {
        for (const Action& action : item.actions) {
            if (const auto* found = std::get_if<Wanted>(&action)) {
                return found;
            }
        }
    }
    return nullptr;
}

bool copies(const ThingMenu& menu, std::string_view text) {
    return std::ranges::any_of(menu.items, [&](const ThingMenuItem& item) { return item.copies == text; });
}

}  // namespace

TEST_CASE("a variable can be copied, looked at, watched and found where it last changed") {
    MenuDesk desk;
    const ThingMenu menu = desk.menu(count_variable);
    CHECK(menu.title == "count = 2 · P");
    CHECK(copies(menu, "2"));
    CHECK(copies(menu, hex_address(0x7ff0)));
    CHECK(copies(menu, "count = 2"));
    const auto* bytes = action_in<action::LookAtBytes>(menu);
    REQUIRE(bytes);
    CHECK(bytes->wanted.range.contains(0x7ff0));
    const auto* watch = action_in<action::ToggleVariableStop>(menu);
    REQUIRE(watch);
    CHECK(watch->stop == VariableStop{"f", "count", 0x7ff0});
    const auto* there = action_in<action::GoTo>(menu);
    REQUIRE(there);
    CHECK(there->moment == 3);
}

TEST_CASE("in the past the bytes cannot be read, and the menu says why instead of leaving it out") {
    MenuDesk desk;
    desk.view.moment = 2;
    const ThingMenu menu = desk.menu(count_variable);
    CHECK(!action_in<action::LookAtBytes>(menu));
    CHECK(std::ranges::any_of(menu.items, [](const ThingMenuItem& item) { return !item.why_not.empty(); }));
}

TEST_CASE("a source line can be held at, and is found where it was last reached; a second look offers to take the stop away") {
    MenuDesk desk;
    const Thing line{.kind = ThingKind::source_line, .file = "/src/a.c", .line = 6, .text = "  count = 2;"};
    const auto menu = desk.menu(line);
    CHECK(menu.title == "a.c:6");
    REQUIRE(action_in<action::ToggleLineStop>(menu));
    CHECK(action_in<action::ToggleLineStop>(menu)->stop == LineStop{"/src/a.c", 6});
    REQUIRE(action_in<action::GoTo>(menu));
    CHECK(action_in<action::GoTo>(menu)->moment == 3);
    CHECK(!action_in<action::ClearStops>(menu));
    REQUIRE(desk.run.set_stop_points({{{"/src/a.c", 6}}, {}}));
    CHECK(action_in<action::ClearStops>(desk.menu(line)));
}

TEST_CASE("a process leads to its birth, an event and a line of output to their moments") {
    MenuDesk desk;
    const auto child = desk.menu({.kind = ThingKind::process, .process = 1});
    REQUIRE(action_in<action::GoTo>(child));
    CHECK(action_in<action::GoTo>(child)->moment == 1);
    CHECK(copies(child, "11"));
    const auto event = desk.menu({.kind = ThingKind::event, .process = 0, .text = "it counts", .moment = 2});
    CHECK(action_in<action::GoTo>(event)->moment == 2);
    CHECK(copies(event, "it counts"));
}

TEST_CASE("what a hostile program prints is safe in the menu and bounded") {
    MenuDesk desk;
    const std::string hostile = "\x1b[31m" + std::string(300'000, 'x');
    const auto menu = desk.menu({.kind = ThingKind::output, .process = 99, .text = hostile, .moment = 1});
    CHECK(menu.title.find('\x1b') == std::string::npos);
    CHECK(menu.title.size() < 300);
    for (const ThingMenuItem& item : menu.items) {
        CHECK(item.copies.find('\x1b') == std::string::npos);
        CHECK(item.copies.size() <= 70'000);
    }
}
