// Ends the relay where it stands still: somebody has stopped it, so it would never hear that the connection is gone, and what
// it has started would go on without anybody.
#pragma once

#include "core/base/unique_fd.h"

namespace procatlas {

class RelayGuard {
public:
    // Seconds without a sign of life, counted and not timed: the machine may have slept.
    static constexpr int patience = 20;

    // Forks a process that watches this one, which has one thread. Without a process to be had nobody is watched.
    RelayGuard();
    // To be called once a second.
    void alive() const;

private:
    UniqueFd signs_;  // its end ends the guard
};

}  // namespace procatlas
