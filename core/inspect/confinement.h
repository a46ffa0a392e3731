// What procatlas-reader gives up before it reads anything: it parses files and memory of strangers.
#pragma once

#include "core/base/result.h"

namespace procatlas {

// From now on the process may read files and compute, and write to descriptors that are open already. Every other system call
// fails with EPERM: it makes no process, starts no program, opens no connection, changes no file and sends no signal
// (seccomp(2), by libseccomp). Cannot be undone. Fails where the kernel has no seccomp.
[[nodiscard]] Result<void> confine_to_reading();

}  // namespace procatlas
