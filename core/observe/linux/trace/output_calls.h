// What the programs write to their terminal, by whichever descriptor and call: which calls are to be followed, what they wrote,
// and, against what came out of the terminal, what nobody is known to have written. That is told too, in its place.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "core/model/observed_event.h"
#include "core/observe/linux/proc/terminal_file.h"
#include "core/observe/linux/trace/gatherer.h"
#include "core/observe/linux/trace/output_ledger.h"
#include "core/observe/linux/trace/own_seccomp.h"

namespace procatlas {

// Our end of the terminal.
struct TerminalEnd {
    std::function<void(std::string&)> read;      // appends what has come since its last call: of each write that is over, all
    std::function<bool()> newline_is_two_bytes;  // ONLCR (termios(3)), now
};

class OutputCalls {
public:
    // `terminal`: its path, or that of a file that stands for it.
    OutputCalls(Tracees& tracees, Gatherer& gatherer, EventSink& sink, const OwnSeccomp& seccomp, const std::string& terminal)
        : tracees_(tracees), gatherer_(gatherer), sink_(sink), seccomp_(seccomp), terminal_(terminal) {}

    // From now on all bytes that come out of the terminal are compared with the writes that are told.
    void compare_with(TerminalEnd end) { end_ = std::move(end); }
    // From now on what is written elsewhere is told too.
    void tell_elsewhere() { elsewhere_ = true; }
    // Somebody types; the terminal may echo it.
    void typed(std::string_view bytes) { ledger_.typed(bytes); }
    // Reads what has come out of the terminal, and tells what nobody has written that is in a write now.
    void look_at_terminal();

    // At the entry of a call.
    [[nodiscard]] bool wants_return(const TracedThread& thread, PendingCall& call) const;
    // At the return of one that wanted it.
    [[nodiscard]] std::optional<Gathered> gather_return(TracedThread& thread, const PendingCall& call, const CallReturn& end);

private:
    [[nodiscard]] std::optional<Gathered> gather_write(TracedThread& thread, const PendingCall& call, const CallReturn& end);
    [[nodiscard]] std::optional<Gathered> gather_elsewhere(TracedThread& thread, const PendingCall& call,
                                                           const CallReturn& end);
    void take_descriptor(TracedThread& thread, const PendingCall& call, std::int64_t result) const;
    void reconcile(OutputEvent& output, std::string_view written);
    void read_terminal();
    void tell_unattributed(std::size_t size);
    [[nodiscard]] bool somebody_writes() const;

    Tracees& tracees_;
    Gatherer& gatherer_;
    EventSink& sink_;
    const OwnSeccomp& seccomp_;
    TerminalFile terminal_;
    bool elsewhere_ = false;
    TerminalEnd end_;  // without functions: nothing is compared
    OutputLedger ledger_;
    std::string arrived_;  // used again and again, for its memory
};

}  // namespace procatlas
