// Steps of a live program that a person asks for faster than the program takes them: those that wait until the one before them
// is over. Knows only numbers of events and times.
#pragma once

#include <chrono>
#include <cstddef>

namespace procatlas {

class AskedSteps {
public:
    using Clock = std::chrono::steady_clock;

    // A person asks for a step at an event that holds the program. True: it is to be done now; false: it waits for the one
    // that is under way.
    [[nodiscard]] bool ask(std::size_t events, Clock::time_point now) {
        if (under_way(events, now)) {
            ++waiting_;
            return false;
        }
        *this = {};
        return begin(events, now);
    }
    // What came of it: whether the next one is to be done now. Those that wait are given up when a step takes long: the program
    // waits for something, and nobody expects it to run on afterwards.
    [[nodiscard]] bool next(std::size_t events, Clock::time_point now) {
        if (waiting_ == 0 || events == events_) {
            return false;
        }
        if (now - begun_ > longest) {
            waiting_ = 0;
            return false;
        }
        --waiting_;
        return begin(events, now);
    }
    void forget() { *this = {}; }
    // A step was asked for, and nothing has come of it yet.
    [[nodiscard]] bool under_way(std::size_t events, Clock::time_point now) const {
        return begun_ != Clock::time_point() && events == events_ && now - begun_ <= longest;
    }

private:
    static constexpr std::chrono::seconds longest{1};

    bool begin(std::size_t events, Clock::time_point now) {
        events_ = events;
        begun_ = now;
        return true;
    }

    std::size_t events_ = 0;  // as of the step that is under way
    Clock::time_point begun_;
    std::size_t waiting_ = 0;
};

}  // namespace procatlas
