// The commands that a user gives to the observer.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/base/address.h"
#include "core/base/signal_sets.h"
#include "core/model/grain.h"

namespace procatlas {

// The events at which the observer holds a process, and which slow motion delays.
struct HoldClasses {
    bool lifecycle = true;  // fork, exec, exit, signal, ...
    bool memory = false;
    bool output = false;
    bool calls = false;  // calls and returns; this and the two finer ones need the grain
    bool lines = false;  // calls and returns too: a call is told instead of the first line of its function
    bool instructions = false;

    bool operator==(const HoldClasses&) const = default;
};

// start: `arguments`. attach: follow the running process `pid`, and leave it running in the end. watch: look at `pid` and all
// below it from outside, or at all processes if it is 0.
enum class Approach : std::uint8_t { start, attach, watch };

// What to follow, and how.
struct LaunchCommand {
    Approach approach = Approach::start;
    std::int32_t pid = 0;                       // of `attach` and `watch`
    std::chrono::milliseconds look_every{100};  // of `watch`
    std::vector<std::string> arguments;         // [0] is looked up in PATH
    std::vector<std::string> environment;       // NAME=value
    std::string working_folder;                 // empty: the observer's
    bool hold = false;                          // hold from the first event on
    bool watch_memory = true;                   // memory events
    bool read_maps = true;                      // memory maps, at the events that have one
    bool watch_output = true;                   // output events
    bool watch_elsewhere = false;               // of what goes into pipes and files too
    Grain grain = Grain::none;                  // above `none`, a stopped thread waits for a ReleaseCommand at each event
    FollowedCode followed = FollowedCode::own;  // whose calls and lines the grain means
    bool pages = false;                         // read the state of each page at events that concern memory
    bool frames = false;                        // also read the page frame numbers, which the kernel gives to root only
    bool tell_waits = false;                    // tell for what processes wait that nobody has stopped
    bool take_turns = false;                    // one thread goes on at a time, and TurnCommands say which (turns.h)
    std::uint32_t execs_before_turns = 0;       // so many execs of the first process belong to a launcher, which takes none
    bool fixed_addresses = false;               // the same addresses in each run (personality(2), ADDR_NO_RANDOMIZE)
    bool inherit_stdin = false;                 // descriptor 0 is the observer's own instead of the terminal
    bool inherit_descriptors = false;           // those above 2 too that this program got at its start (start_descriptors.h)
    std::optional<SignalSets> signals;          // what the program ignores and blocks; none: as the observer did at its start
    HoldClasses hold_classes;
    std::chrono::milliseconds delay{0};  // slow motion from the first event on
    std::uint32_t process_cap = 256;     // live processes; 0: none
    std::uint16_t rows = 24;             // of the terminal
    std::uint16_t columns = 80;
};

struct RunCommand {};   // all processes run, none is held
struct HoldCommand {};  // hold each process at its next event
struct StepCommand {    // let one held process run to its next event; pid 0: every held process
    std::int32_t pid = 0;
};
struct DelayCommand {  // slow motion: each process waits this long at each event
    std::chrono::milliseconds delay{0};
};
struct HoldClassesCommand {
    HoldClasses classes;
};
struct MeasureCommand {  // ask which pages of one process are resident
    std::int32_t pid = 0;
};
struct GrainCommand {  // change the grain from now on; `none` removes all breakpoints
    Grain grain = Grain::none;
    bool stop_points = false;  // a program that tells of itself waits for a ReleaseCommand too, because that may hold it
};
struct BreakpointsCommand {  // answers a process that waits at its exec
    std::int32_t pid = 0;
    BreakpointPlan plan;
};
struct WatchCommand {  // at which places a process is stopped when it writes there, by the processor (stop_points.h); none: no
                       // more
    std::int32_t pid = 0;
    std::vector<AddressRange> places;
};
struct ReleaseCommand {  // the event at which this thread waits has been inspected
    std::int32_t thread = 0;
    bool hold = false;  // a stop point is reached: this thread is held here, and all others at their next events
};
struct StopAllCommand {};  // terminate, then kill
struct CapCommand {        // a new cap on live processes
    std::uint32_t cap = 0;
};
struct InputCommand {  // typed into the terminal; "\x03" is Ctrl-C
    std::string bytes;
};
struct TurnCommand {  // answers a question of turns: this thread goes on
    std::int32_t thread = 0;
};
struct PingCommand {};  // give a sign of life: an empty frame in the stream of events

using Command = std::variant<LaunchCommand, RunCommand, HoldCommand, StepCommand, DelayCommand, HoldClassesCommand,
                             MeasureCommand, StopAllCommand, CapCommand, InputCommand, GrainCommand, BreakpointsCommand,
                             ReleaseCommand, PingCommand, TurnCommand, WatchCommand>;

}  // namespace procatlas
