// From the start of ssh until procatlas-relay on the other machine has answered: what ssh asks a person, what the shell there
// prints first, and why no answer comes.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/companion.h"
#include "core/base/result.h"
#include "core/far/relay_message.h"
#include "core/far/ssh.h"

namespace procatlas {

// Finds the relay's greeting behind whatever the shell there prints before. Pure.
class GreetingSearch {
public:
    static constexpr std::size_t noise_limit = 64u << 10;

    // nullopt: it has not come yet. Its line may begin inside another one, which a shell has not ended.
    [[nodiscard]] std::optional<RelayVersions> take(std::string_view bytes);
    // What came after the greeting.
    [[nodiscard]] std::string& rest() { return text_; }
    // So much else came that none is to be expected.
    [[nodiscard]] bool flooded() const { return passed_over_ + text_.size() > noise_limit; }

private:
    std::string text_;
    std::size_t passed_over_ = 0;  // bytes of whole lines
};

// Until when an answer is waited for. A person whom ssh asks needs time, but none once the other machine has sent something.
class AnswerLimit {
public:
    using Clock = std::chrono::steady_clock;
    static constexpr std::chrono::seconds patience{10};
    static constexpr std::chrono::seconds patience_with_people{120};

    AnswerLimit(Clock::time_point now, bool may_ask) : limit_(may_ask ? patience_with_people : patience), end_(now + limit_) {}
    // The first bytes have come from the other machine.
    void heard(Clock::time_point now);
    [[nodiscard]] Clock::time_point end() const { return end_; }
    [[nodiscard]] std::chrono::seconds limit() const { return limit_; }

private:
    std::chrono::seconds limit_;
    Clock::time_point end_;
    bool heard_ = false;
};

// The relay has answered.
struct Answer {
    Ssh ssh;
    Surroundings surroundings;
    std::string rest;  // bytes that came after it
    SshWords words;    // ssh's, until now
};

// Blocks; as FarMachine::connect.
[[nodiscard]] Result<Answer> wait_for_answer(const FarOptions& options);

// What may end the waiting: whoever waits asks `came` when `descriptor` is readable.
struct Interruption {
    int descriptor = -1;
    std::function<bool()> came;
};
// Of an ssh that has been started. Any thread; leaves the signals alone.
[[nodiscard]] Result<Answer> wait_for_answer(Ssh ssh, const FarOptions& options, const Interruption& interruption);

}  // namespace procatlas
