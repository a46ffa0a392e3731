// The signals by which `procatlas trace` is asked to end: Ctrl-C, which is first for the program, and
// SIGTERM, SIGHUP, SIGQUIT and others that would end the process.
// One object a process.
#pragma once

#include <signal.h>

namespace procatlas {

class EndSignals {
public:
    // Handles the signals, and keeps SIGPIPE and SIGXFSZ from ending the process: a write then fails instead. Others
    // than SIGINT and SIGTERM stay ignored where they are (nohup(1)).
    EndSignals();
    // From now on they arrive only while the mask of `while_waiting` is in force, so that none is missed. Call it when the
    // observer has been started: it would inherit what is blocked.
    void block();
    // Before another observer is started; `block` again after that.
    void unblock();
    // Takes those that have come meanwhile: while events are always ready, ppoll(2) lets none through.
    void take_pending();
    EndSignals(const EndSignals&) = delete;
    EndSignals& operator=(const EndSignals&) = delete;

    // For ppoll(2).
    [[nodiscard]] const sigset_t& while_waiting() const { return waiting_; }
    // How often Ctrl-C was pressed.
    [[nodiscard]] int interrupts() const;
    // How often another one came …
    [[nodiscard]] int requests() const;
    // … and which was the last; 0: none.
    [[nodiscard]] int request() const;

private:
    sigset_t handled_{};
    sigset_t waiting_{};
};

}  // namespace procatlas
