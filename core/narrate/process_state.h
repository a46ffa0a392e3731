// The state of a process in a word or two.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "core/model/world.h"
#include "core/narrate/messages.h"
#include "core/narrate/moment_context.h"

namespace procatlas {

// "running", "held", "exited 0", "SIGSEGV", ...
[[nodiscard]] std::string state_text(const Process& process, const Messages& words);

// "running", "waits for a child", "waits for 17169", "reads the terminal", ...
[[nodiscard]] std::string waiting_text(const WaitsEvent& waits, const Messages& words);

// The same, with `names` of the family (family_names) in place of PIDs: "waits for C1".
[[nodiscard]] std::string state_in_family(const World& world, const Process& process, std::span<const std::string> names,
                                          const Messages& words);

// The same, of a moment that is looked back at: "at line 28" of one that ran on from there, where every line is an event. Until
// the next one it came to no other line.
[[nodiscard]] std::string state_at_moment(const MomentContext& context, const Process& process,
                                          std::span<const std::string> names);
// Of all processes, by index. Empty in the present, which is drawn again at each event: there their states alone tell.
[[nodiscard]] std::vector<std::string> states_at_moment(const MomentContext& context);

// A zombie is still there: it is not gone. Nor is a process that is held while it exits: it still has its memory.
struct Living {
    std::size_t alive = 0;
    std::size_t zombies = 0;
    std::size_t gone = 0;
};
[[nodiscard]] Living count_living(const World& world);
// "3 alive · 1 zombie", "1 alive · 0 gone"
[[nodiscard]] std::string living_text(const World& world, const Messages& words);

// "SIGSEGV", or "signal 40" if the signal has no name.
[[nodiscard]] std::string signal_text(int signal, const Messages& words);

}  // namespace procatlas
