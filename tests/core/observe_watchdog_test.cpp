// When an observer is given up: tick by tick, without one.
#include "core/observe/watchdog.h"

#include <doctest/doctest.h>
#include <unistd.h>

#include <vector>

using namespace procatlas;
using Verdict = Watchdog::Verdict;

namespace {

// How many ticks after the last word of an observer it is given up, where the kernel says `words`, over and over.
unsigned ticks_until_the_end(const std::vector<KernelsWord>& words, unsigned most) {
    Watchdog dog;
    for (unsigned i = 0; i < most; ++i) {
        if (dog.tick(words[i % words.size()]) == Verdict::end) {
            return i + 1;
        }
    }
    return most;
}

}  // namespace

TEST_CASE("an observer that says something, or answers when asked, works") {
    Watchdog dog;
    for (int i = 0; i < 100; ++i) {
        dog.heard();
        CHECK(dog.tick(KernelsWord{'S', 5}) == Verdict::works);
        CHECK(dog.tick(KernelsWord{'S', 5}) == Verdict::ask);
    }
}

TEST_CASE("one that a signal has stopped is given up within a second, a silent one in two, a busy one only after long") {
    CHECK(ticks_until_the_end({{'T', 5}}, 100) * Watchdog::tick_time < std::chrono::seconds(1));
    for (const char state : {'S', 'D', 'Z'}) {
        const auto ticks = ticks_until_the_end({{state, 5}}, 100);
        CHECK(ticks * Watchdog::tick_time > std::chrono::seconds(1));
        CHECK(ticks * Watchdog::tick_time < std::chrono::seconds(3));
    }
    CHECK(ticks_until_the_end({{'R', 5}}, 100) * Watchdog::tick_time > std::chrono::seconds(9));
    std::vector<KernelsWord> computing;
    for (unsigned i = 0; i < 100; ++i) {
        computing.push_back({i % 3 == 0 ? 'D' : 'S', i});
    }
    CHECK(ticks_until_the_end(computing, 100) * Watchdog::tick_time > std::chrono::seconds(9));
    CHECK(ticks_until_the_end({{'R', 5}}, 100) < 100);
}

TEST_CASE("a busy one is reported once, after a second") {
    Watchdog dog;
    unsigned told = 0;
    for (unsigned i = 0; i < 20; ++i) {
        const bool now = dog.tick(KernelsWord{'R', i}) == Verdict::tell;
        told += now ? 1 : 0;
        CHECK((!now || i >= 4));
    }
    CHECK(told == 1);
}

TEST_CASE("the kernel's word is read from between whatever the program calls itself") {
    const auto word = parse_kernels_word("7 (a) T 1 (b) R 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17");
    CHECK_FALSE(word);  // too short behind the last parenthesis
    const auto whole = parse_kernels_word("7 (x) y) S 1 2 3 4 5 6 7 8 9 10 100 20 13 14 15 16 17 18 4711 20 21\n");
    REQUIRE(whole);
    CHECK(whole->state == 'S');
    CHECK(whole->cpu_ticks == 120);
    CHECK(whole->start_ticks == 4711);
    CHECK_FALSE(parse_kernels_word(""));
    const auto own = read_kernels_word(::getpid());
    REQUIRE(own);
    CHECK(own->state == 'R');
    CHECK(own->start_ticks > 0);
    CHECK_FALSE(read_kernels_word(-1));
}
