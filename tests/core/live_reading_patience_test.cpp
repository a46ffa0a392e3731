#include "core/live/reading_patience.h"

#include <doctest/doctest.h>

using namespace procatlas;

namespace {

// How many of `events` events are read if the process never answers in time.
int readings_of(ReadingPatience& patience, std::int32_t pid, int events) {
    int readings = 0;
    for (int i = 0; i < events; ++i) {
        if (patience.wants_reading(pid)) {
            ++readings;
            patience.answered(pid, true);
        }
    }
    return readings;
}

}  // namespace

TEST_CASE("ReadingPatience: a process that never answers is read at few of its events, other processes at all") {
    ReadingPatience patience;
    CHECK(readings_of(patience, 1, 2) == 2);  // one late answer alone changes nothing
    CHECK(readings_of(patience, 1, 1'000) <= 5);
    CHECK(readings_of(patience, 1, 100'000) <= 5);
    CHECK(patience.wants_reading(2));
}

TEST_CASE("after an answer in time, or an exec, all events are read again") {
    ReadingPatience patience;
    (void)readings_of(patience, 1, 5);
    while (!patience.wants_reading(1)) {
    }
    patience.answered(1, false);
    for (int i = 0; i < 100; ++i) {
        REQUIRE(patience.wants_reading(1));
    }
    (void)readings_of(patience, 1, 5);
    CHECK_FALSE(patience.wants_reading(1));
    patience.forget(1);
    CHECK(patience.wants_reading(1));
}

TEST_CASE("a child of a process that does not answer is read as rarely") {
    ReadingPatience patience;
    (void)readings_of(patience, 1, 5);
    patience.forked(1, 2);
    CHECK_FALSE(patience.wants_reading(2));
}
