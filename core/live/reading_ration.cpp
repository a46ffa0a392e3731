#include "core/live/reading_ration.h"

#include <algorithm>
#include <variant>

namespace procatlas {
namespace {

bool may_come_by_the_thousand(const EventDetail& detail) {
    return std::holds_alternative<MemoryEvent>(detail) || std::holds_alternative<OutputEvent>(detail) ||
           std::holds_alternative<SignalEvent>(detail);
}

}  // namespace

bool ReadingRation::wants_reading(const ObservedEvent& event, std::uint64_t now_ns) {
    if (event.held || !may_come_by_the_thousand(event.detail)) {
        return true;
    }
    constexpr std::uint64_t ns_per_reading = 1'000'000'000 / a_second;
    Left& left = left_.try_emplace(event.process.pid, Left{at_once, now_ns, ns_at_once, now_ns}).first->second;
    const std::uint64_t more = (now_ns - left.since_ns) / ns_per_reading;
    left.readings = std::min(at_once, left.readings + more);
    left.since_ns += more * ns_per_reading;
    left.ns = std::min(ns_at_once, left.ns + static_cast<std::int64_t>((now_ns - left.ns_since_ns) / share));
    left.ns_since_ns = now_ns;
    if (left.readings == 0 || left.ns <= 0) {
        return false;
    }
    --left.readings;
    return true;
}

void ReadingRation::took(std::int32_t pid, std::uint64_t ns) {
    if (const auto left = left_.find(pid); left != left_.end()) {
        left->second.ns -= static_cast<std::int64_t>(ns);
    }
}

}  // namespace procatlas
