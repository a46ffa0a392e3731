// At which frequent events somebody looks inside.
#include <doctest/doctest.h>

#include "core/live/reading_ration.h"

using namespace procatlas;

namespace {

constexpr std::uint64_t second_of_ration = 1'000'000'000;

ObservedEvent frequent_event(std::int32_t pid, EventDetail detail) {
    ObservedEvent event;
    event.process = {pid, 1};
    event.thread = pid;
    event.detail = std::move(detail);
    return event;
}

std::uint64_t rationed_readings(ReadingRation& ration, const ObservedEvent& event, int events, std::uint64_t now_ns) {
    std::uint64_t readings = 0;
    for (int i = 0; i < events; ++i) {
        readings += ration.wants_reading(event, now_ns) ? 1 : 0;
    }
    return readings;
}

}  // namespace

TEST_CASE("ReadingRation: of a storm of memory calls the first are read, then so many a second, of another process all") {
    ReadingRation ration;
    const ObservedEvent call = frequent_event(10, MemoryEvent{});
    CHECK(rationed_readings(ration, call, 10'000, 5) == ReadingRation::at_once);
    CHECK(rationed_readings(ration, call, 10'000, 5 + second_of_ration) == ReadingRation::a_second);
    CHECK(rationed_readings(ration, frequent_event(11, MemoryEvent{}), 100, 6) == 100);
    // Output and signals of the same process are from the same ration.
    CHECK(rationed_readings(ration, frequent_event(10, OutputEvent{}), 1, 5 + second_of_ration) == 0);
    CHECK(rationed_readings(ration, frequent_event(10, SignalEvent{}), 1, 5 + second_of_ration) == 0);
    CHECK(rationed_readings(ration, call, 10'000, 1000 * second_of_ration) == ReadingRation::at_once);
}

TEST_CASE("ReadingRation: calls, returns, and what a person is shown are read however many they are") {
    ReadingRation ration;
    CHECK(rationed_readings(ration, frequent_event(10, CallEvent{}), 10'000, 5) == 10'000);
    CHECK(rationed_readings(ration, frequent_event(10, ReturnEvent{}), 10'000, 5) == 10'000);
    ObservedEvent held = frequent_event(10, MemoryEvent{});
    CHECK(rationed_readings(ration, held, 10'000, 5) == ReadingRation::at_once);
    held.held = true;
    CHECK(rationed_readings(ration, held, 10'000, 5) == 10'000);
}

TEST_CASE("ReadingRation: looks that take long are the fewer, half of the time") {
    constexpr std::uint64_t slow = 20'000'000;
    ReadingRation ration;
    const ObservedEvent call = frequent_event(10, MemoryEvent{});
    std::uint64_t now = 5;
    std::uint64_t looking = 0;
    while (now < 100 * second_of_ration) {  // an event each millisecond, and each look makes the next one later
        if (ration.wants_reading(call, now)) {
            ration.took(10, slow);
            looking += slow;
            now += slow;
        }
        now += 1'000'000;
    }
    CHECK(looking > 40 * second_of_ration);
    CHECK(looking < 65 * second_of_ration);
}

TEST_CASE("ReadingRation: another program begins anew") {
    ReadingRation ration;
    const ObservedEvent call = frequent_event(10, MemoryEvent{});
    CHECK(rationed_readings(ration, call, 1000, 5) == ReadingRation::at_once);
    ration.forget(10);
    CHECK(rationed_readings(ration, call, 1000, 5) == ReadingRation::at_once);
}
