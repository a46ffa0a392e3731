#include "core/observe/linux/trace/whereabouts.h"

#include <algorithm>
#include <utility>

namespace procatlas {

bool Whereabouts::is_in_stop() const {
    switch (where_) {
        case Where::newborn:
        case Where::running:
        case Where::listening:
            return false;
        case Where::stopped:
        case Where::awaiting:
        case Where::held:
        case Where::delayed:
        case Where::parked:
        case Where::queued:
            return true;
    }
    return false;
}

std::optional<std::uint64_t> Whereabouts::wakes_at_ns() const {
    return where_ == Where::delayed || next_ == Where::delayed ? std::optional(wakes_at_ns_) : std::nullopt;
}

bool Whereabouts::change(Where from, Where to) {
    if (where_ != from) {
        return false;
    }
    where_ = to;
    return true;
}

bool Whereabouts::hold_at_birth() {
    if (where_ != Where::newborn) {
        return false;
    }
    next_ = Where::held;
    return true;
}

bool Whereabouts::seized() {
    return change(Where::newborn, Where::running);
}

void Whereabouts::stop() {
    const Where next = std::exchange(next_, Where::stopped);
    where_ = where_ == Where::newborn ? next : Where::stopped;
}

bool Whereabouts::settle(const PaceDecision& decision, std::uint64_t now_ns) {
    if (!is_in_stop()) {
        return false;
    }
    Where kept = Where::stopped;
    switch (decision.then) {
        case PaceDecision::Then::go:
            break;
        case PaceDecision::Then::hold:
            kept = Where::held;
            break;
        case PaceDecision::Then::delay:
            kept = Where::delayed;
            wakes_at_ns_ = now_ns + decision.delay_ns;
            break;
    }
    where_ = decision.awaits_inspection ? Where::awaiting : kept;
    next_ = decision.awaits_inspection ? kept : Where::stopped;
    return true;
}

bool Whereabouts::inspected(Found found) {
    if (where_ != Where::awaiting) {
        return false;
    }
    where_ = std::exchange(next_, Where::stopped);
    where_ = found == Found::stop_point ? Where::held : where_;
    return true;
}

bool Whereabouts::release() {
    if (next_ == Where::held) {
        next_ = Where::stopped;
        return true;
    }
    return change(Where::held, Where::stopped);
}

bool Whereabouts::wake(std::uint64_t now_ns) {
    const auto wakes_at = wakes_at_ns();
    if (!wakes_at || *wakes_at > now_ns) {
        return false;
    }
    (where_ == Where::delayed ? where_ : next_) = Where::stopped;
    return true;
}

void Whereabouts::wake_by(std::uint64_t latest_ns) {
    wakes_at_ns_ = std::min(wakes_at_ns_, latest_ns);
}

bool Whereabouts::park() {
    return change(Where::stopped, Where::parked);
}

bool Whereabouts::unpark() {
    return change(Where::parked, Where::stopped);
}

bool Whereabouts::queue() {
    return change(Where::stopped, Where::queued);
}

bool Whereabouts::turn() {
    return change(Where::queued, Where::stopped);
}

bool Whereabouts::leave() {
    return change(Where::stopped, Where::running);
}

bool Whereabouts::rejoin() {
    return change(Where::stopped, Where::listening);
}

bool Whereabouts::free() {
    if (!is_in_stop()) {
        return false;
    }
    where_ = next_ = Where::stopped;
    return true;
}

}  // namespace procatlas
