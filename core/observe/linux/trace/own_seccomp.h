// The program's own seccomp(2) and no_new_privs, as they would be without ours: what it reads of them, strict mode beside our
// filter, and SECCOMP_RET_TRACE of a filter of its own, which means no tracer.
#pragma once

#include "core/observe/linux/trace/tracees.h"

namespace procatlas {

class OwnSeccomp {
public:
    OwnSeccomp();

    enum class Entry { not_ours, answered, wants_return };
    // answered: nothing else is to be done with the call.
    [[nodiscard]] Entry take_entry(TracedThread& thread, const CallEntry& entry) const;
    // Of a call that wanted it.
    void take_return(TracedThread& thread) const;

    // Makes writes of the process to this descriptor stop it. False: that cannot be done without breaking what it has set up.
    bool add_descriptor(TracedThread& thread, std::int32_t descriptor) const;

private:
    // How many filters the program itself has installed; nullopt: the kernel does not say (before Linux 5.9).
    [[nodiscard]] std::optional<int> own_filters(const TracedThread& thread) const;
    [[nodiscard]] Entry take_prctl(TracedThread& thread, const PendingCall& call) const;
    [[nodiscard]] Entry take_strict(const TracedThread& thread) const;

    std::optional<int> inherited_filters_;  // those that the observer is under itself
    bool no_new_privileges_;                // of the observer
};

}  // namespace procatlas
