// Taking turns: one thread of all that are followed goes on at a time, up to its next act that others could notice, and whoever
// explores a program says which. See core/observe/linux/trace/turns.h.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/model/process_key.h"

namespace procatlas {

// What a thread is about to do. takes_signal: it gets a signal that came while it stood. handles: it says what a signal does to
// it. waits: for a child. sleeps: for another one to wake it. asks_parent: who its parent is. names: it makes, removes or looks
// for a file by its name. communicates: by a socket or the like. calls: it makes a system call that is not understood,
// and may touch anything.
enum class TurnAct : std::uint8_t {
    writes,
    reads,
    opens,
    names,
    closes,
    waits,
    signals,
    takes_signal,
    handles,
    sleeps,
    asks_parent,
    locks,
    communicates,
    exits,
    calls,
};

// look: commutes with another look. add: commutes with another add. change: with nothing of the same thing.
enum class TouchMode : std::uint8_t { look, add, change };
inline constexpr std::string_view anything = "*";  // meets whatever another act touches
// Something that an act reads or changes. Two acts whose touches do not meet have the same result in either order.
struct Touch {
    std::string thing;  // "terminal", "pipe:[123]", "/home/me/file", "child 77", anything; comparable within one run
    TouchMode mode = TouchMode::look;

    bool operator==(const Touch&) const = default;
};

// A thread that stands before an act.
struct Standing {
    ProcessKey process;
    std::int32_t thread = 0;
    TurnAct act = TurnAct::writes;
    std::string object;  // what the act is done to, for a person: a path, "terminal", a PID; may be empty
    std::vector<Touch> touches;
    std::vector<std::int32_t> signalled;  // the PIDs of those who get a signal by it
    bool may_go = false;                  // else the act would wait: the pipe is empty, the child lives

    bool operator==(const Standing&) const = default;
};

// Beside a NoteEvent of the code `turn`: asks: all that stand, of whom at least two may go; a TurnCommand answers. Else the one
// that goes on now.
struct Turns {
    std::vector<Standing> standing;
    bool asks = false;

    bool operator==(const Turns&) const = default;
};

// Why taking turns does not show all that a program could do: the text of a NoteEvent of the code `turns_limit`.
namespace turns_limit {
inline constexpr std::string_view threads = "threads";              // several in a process: only their calls take turns
inline constexpr std::string_view shared_memory = "shared_memory";  // it is read and written without a call
inline constexpr std::string_view timers = "timers";                // what comes by the clock comes by the clock
inline constexpr std::string_view sleep = "sleep";                  // a sleep was over at once
inline constexpr std::string_view busy = "busy";                    // one computes for seconds without an act
inline constexpr std::string_view job_control = "job_control";      // one is stopped, and goes on when it likes
inline constexpr std::string_view orphan = "orphan";                // one asks for its parent, which is the observer here
inline constexpr std::string_view compat = "compat";                // calls of 32-bit programs take no turns
inline constexpr std::string_view stuck = "stuck";                  // all wait for one another, or for what never comes
}  // namespace turns_limit

// "writes", "takes_signal", ...
[[nodiscard]] std::string_view turn_act_name(TurnAct act);

// Whether the order of the two may matter.
[[nodiscard]] bool depend(const Standing& one, const Standing& other);

}  // namespace procatlas
