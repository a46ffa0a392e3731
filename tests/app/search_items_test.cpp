#include "app/control/search_items.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "tests/support/scripted_run.h"

using namespace procatlas;

namespace {

Messages search_words(const char* language) {
    auto read = read_messages(std::string(PROCATLAS_SOURCE_DIR "/assets/locale/") + language + ".json");
    REQUIRE(read);
    return std::move(*read);
}

struct SearchDesk {
    Messages english = search_words("en");
    Messages korean = search_words("ko");
    ScriptedProgram program{two_processes()};
    LiveRun run{program.starter()};
    OutputLog output;
    std::vector<Example> examples;

    SearchDesk() {
        examples.push_back({"fork_write", "a child writes", "자식이 씁니다", {"true"}, {}});
        REQUIRE(run.start(launch_of({"sh"}), "sh"));
        run.pump();
    }
    std::vector<SearchItem> find(std::string_view typed) {
        return search_items(typed, {korean, english, korean, examples, {}, run, run.world(), output});
    }
};

template <typename Wanted>
bool leads_to(const std::vector<SearchItem>& items) {
    return std::ranges::any_of(items, [](const SearchItem& item) { return std::holds_alternative<Wanted>(item.action); });
}

}  // namespace

TEST_CASE("an action is found by its name in either language, whatever the window speaks") {
    SearchDesk desk;
    CHECK(leads_to<action::Restart>(desk.find("restart")));
    CHECK(leads_to<action::Restart>(desk.find("다시 시작")));
    CHECK(leads_to<action::TogglePresent>(desk.find("PRESENT")));
}

TEST_CASE("processes, examples and addresses are found, and what is nowhere gives nothing") {
    SearchDesk desk;
    const auto child = desk.find("c1");
    REQUIRE(!child.empty());
    CHECK(std::get<action::SelectProcess>(child.front().action).process == 1);
    CHECK(leads_to<action::Launch>(desk.find("fork_w")));
    const auto address = desk.find("0x7ffd10");
    REQUIRE(!address.empty());
    CHECK(std::get<action::AskAddress>(address.front().action).address == Address{0x7ffd10});
    CHECK(desk.find("zzzz no such thing").empty());
    CHECK(desk.find("").size() <= most_found);
    CHECK(!desk.find("").empty());
}
