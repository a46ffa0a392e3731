// Where one thread is between the kernel and us, and what keeps it there: one state, changed by the transitions below alone.
//
//     newborn ──seized──> running (it ran before we came)
//     newborn ──stop──> stopped, or held where `hold_at_birth` said so
//     running, listening ──stop──> stopped
//     stopped ──settle──> awaiting, held, delayed, or stopped still
//     awaiting ──inspected──> held, delayed or stopped, as `settle` said; held where whoever inspected it says so
//     held ──release──> stopped        delayed ──wake──> stopped        parked ──unpark──> stopped
//     stopped ──queue──> queued       queued ──turn──> stopped
//     stopped ──park──> parked         stopped ──leave──> running       stopped ──rejoin──> listening
//     held, delayed, awaiting, parked, queued ──stop──> stopped (only SIGKILL moves a thread without us)
//     awaiting, held, delayed, parked, queued ──free──> stopped (all are being ended)
//
// A transition that the state does not allow changes nothing and says so. Times are CLOCK_MONOTONIC nanoseconds.
#pragma once

#include <cstdint>
#include <optional>

#include "core/observe/linux/trace/pacing.h"

namespace procatlas {

enum class Where : std::uint8_t {
    newborn,    // we know of it, and its first stop is still to come
    running,    // the kernel runs it
    stopped,    // in a stop that we have to answer, and nothing keeps it there
    awaiting,   // in a stop until somebody has looked inside
    held,       // in a stop until a command lets it go on
    delayed,    // in a stop until slow motion's time has come
    parked,     // in a stop until the scratch room for displaced steps is free
    queued,     // in a stop until it is its turn (turns.h)
    listening,  // in a group stop that job control will end, not we
};

class Whereabouts {
public:
    [[nodiscard]] Where where() const { return where_; }
    // In a stop that we have to answer: the ptrace(2) requests for stopped threads work on it.
    [[nodiscard]] bool is_in_stop() const;
    [[nodiscard]] bool is_to_be_held() const { return where_ == Where::held || next_ == Where::held; }
    // When slow motion lets it go on; nullopt: it does not keep it.
    [[nodiscard]] std::optional<std::uint64_t> wakes_at_ns() const;

    bool hold_at_birth();
    bool seized();
    void stop();
    bool settle(const PaceDecision& decision, std::uint64_t now_ns);
    enum class Found : std::uint8_t { nothing, stop_point };
    bool inspected(Found found = Found::nothing);
    // From `awaiting` and `newborn` it takes back that the thread will be held.
    bool release();
    // While it awaits inspection the delay may run out beforehand.
    bool wake(std::uint64_t now_ns);
    void wake_by(std::uint64_t latest_ns);
    bool park();
    bool unpark();
    bool queue();
    bool turn();
    bool leave();
    bool rejoin();
    bool free();

private:
    bool change(Where from, Where to);

    Where where_ = Where::newborn;
    Where next_ = Where::stopped;  // after `awaiting` or `newborn`: stopped, held or delayed
    std::uint64_t wakes_at_ns_ = 0;
};

}  // namespace procatlas
