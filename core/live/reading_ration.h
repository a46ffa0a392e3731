// Decides at which of the events that a program can make by the thousand (memory calls, output, signals) somebody looks inside.
// Each look holds the thread for a millisecond or more, so a loop of mprotect(2) would take minutes. The first ones of a
// process are all read, and so many a second later on; fewer where they take long, as with thousands of mappings. Pure; times
// are nanoseconds of any clock that does not go back.
#pragma once

#include <cstdint>
#include <unordered_map>

#include "core/model/observed_event.h"

namespace procatlas {

class ReadingRation {
public:
    static constexpr std::uint64_t at_once = 256;
    static constexpr std::uint64_t a_second = 50;
    static constexpr std::int64_t ns_at_once = 10'000'000'000;
    static constexpr std::uint64_t share = 2;  // of the time, one part is for looks

    // At an event whose thread waits. False: skip the reading. An event that a person is shown (held) is always read.
    [[nodiscard]] bool wants_reading(const ObservedEvent& event, std::uint64_t now_ns);
    // An answer came so long after it was asked for.
    void took(std::int32_t pid, std::uint64_t ns);
    // The process runs another program now, or has ended.
    void forget(std::int32_t pid) { left_.erase(pid); }

private:
    struct Left {
        std::uint64_t readings = at_once;
        std::uint64_t since_ns = 0;    // what this time has brought is in `readings`
        std::int64_t ns = ns_at_once;  // for readings; below 0: owed
        std::uint64_t ns_since_ns = 0;
    };
    std::unordered_map<std::int32_t, Left> left_;
};

}  // namespace procatlas
