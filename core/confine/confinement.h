// What a program of ours gives up before it reads anything that may be hostile: procatlas-reader, procatlas-opener.
#pragma once

#include "core/base/result.h"

namespace procatlas {

// From now on the process may read files and compute, and write to descriptors that are open already. Every other system call
// fails with EPERM: it makes no process, starts no program, opens no connection, changes no file, sends no signal and does not
// sleep (seccomp(2), by libseccomp). Cannot be undone. Fails where the kernel has no seccomp.
[[nodiscard]] Result<void> confine_to_reading();

}  // namespace procatlas
