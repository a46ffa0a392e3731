// What waitpid(2) says of one thread, parsed once. The constants of <sys/wait.h> and the event in the upper half of a stop's
// status (ptrace(2), "Stopped states") are known here alone.
#pragma once

namespace procatlas {

class WaitStatus {
public:
    enum class Kind {
        exited,       // ended by exit(2); there is no stop to answer
        killed,       // ended by a signal; there is no stop to answer
        signal,       // stopped before a signal is delivered, SIGTRAP of breakpoints and single steps included
        call_return,  // stopped at the end of a system call (PTRACE_O_TRACESYSGOOD)
        call_entry,   // stopped at a system call that the filter selects (PTRACE_EVENT_SECCOMP)
        fork,
        vfork,
        clone,
        exec,
        exit_stop,   // about to end; its memory is still there
        group_stop,  // stopped by job control (PTRACE_EVENT_STOP with the signal that stopped it)
        event_stop,  // the other stops of PTRACE_EVENT_STOP: a thread's first one, after SIGCONT, after PTRACE_INTERRUPT
        unknown,     // a stop that was not asked for, or no stop at all
    };

    // The status of waitpid(2), or the message of an exit stop (PTRACE_GETEVENTMSG), which has the same form.
    explicit WaitStatus(int status);

    [[nodiscard]] Kind kind() const { return kind_; }
    [[nodiscard]] bool is_end() const { return kind_ == Kind::exited || kind_ == Kind::killed; }
    // The thread is in a stop that must be answered.
    [[nodiscard]] bool is_stop() const { return stopped_; }
    // The signal of `killed`, `signal` and `group_stop`; else 0.
    [[nodiscard]] int signal() const { return signal_; }
    [[nodiscard]] int exit_code() const { return exit_code_; }         // of `exited`
    [[nodiscard]] bool has_core_dump() const { return core_dumped_; }  // of `killed`

    bool operator==(const WaitStatus&) const = default;

private:
    Kind kind_ = Kind::unknown;
    bool stopped_ = false;
    bool core_dumped_ = false;
    int signal_ = 0;
    int exit_code_ = 0;
};

// Signals that stop a process by default (signal(7)).
[[nodiscard]] bool is_stop_signal(int signal);

}  // namespace procatlas
