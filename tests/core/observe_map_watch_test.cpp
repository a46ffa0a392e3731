// MapBudget, which limits how often maps are read, and MapWatch, which reads them.
#include "core/observe/linux/trace/map_watch.h"

#include <doctest/doctest.h>

#include "tests/core/observe_support.h"

using namespace procatlas;
using namespace procatlas::observing;

namespace {
constexpr std::uint64_t ms = 1'000'000;
}

TEST_CASE("MapBudget lets a map that is read quickly be read at every memory call") {
    MapBudget budget;
    budget.was_read(1000 * ms, 1000);
    CHECK(budget.allows(1001 * ms));
    CHECK_FALSE(budget.take_stale());
}

TEST_CASE("reading a slow map takes at most a tenth of the time, and the map is reported stale once meanwhile") {
    MapBudget budget;
    budget.was_read(1027 * ms, 27 * ms);
    CHECK_FALSE(budget.allows(1100 * ms));
    CHECK(budget.take_stale());
    CHECK_FALSE(budget.take_stale());
    CHECK(budget.allows(1027 * ms + 270 * ms + 1));
    CHECK_FALSE(budget.take_stale());
}

TEST_CASE("a loop of memory calls uses up its bytes and gets them back with time") {
    MapBudget budget;
    REQUIRE(budget.allows(5000 * ms));
    budget.was_read(5000 * ms, 0);
    budget.spend(2 << 20);
    CHECK_FALSE(budget.allows(5001 * ms));
    budget.was_read(5001 * ms, 0);
    CHECK(budget.allows(5001 * ms + 1200 * ms));
}

TEST_CASE("MapWatch reads the map of a process with its marks, and a newborn's beside it") {
    IdleChild child;
    Parts parts;
    TracedThread& thread = parts.stopped_first(child.pid());
    thread.process->marks.start_brk = 0x1234;
    MapWatch maps;
    const MemoryText* text = maps.read(thread);
    REQUIRE(text);
    CHECK(text->marks.start_brk == 0x1234);
    CHECK(text->maps.find("[stack]") != std::string::npos);
    CHECK(count_mappings(*text) > 5);
    const MemoryText* newborn = maps.read_newborn(child.pid(), thread.process->marks);
    REQUIRE(newborn);
    CHECK(newborn != text);
    CHECK(newborn->maps == text->maps);
    CHECK(maps.read_if_stale(thread) == nullptr);
}

TEST_CASE("MapWatch reads nothing of a process that is gone") {
    Parts parts;
    IdleChild child;
    TracedThread& thread = parts.stopped_first(child.pid());
    ::kill(child.pid(), SIGKILL);
    (void)child.wait();
    CHECK(parts.gatherer.maps().read(thread) == nullptr);
    CHECK(parts.gatherer.maps().read_newborn(thread.tid, {}) == nullptr);
}
