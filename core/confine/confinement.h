// What a program of ours gives up before it reads anything that may be hostile: procatlas-reader, procatlas-opener.
#pragma once

#include <cstdint>
#include <initializer_list>

#include "core/base/identity.h"
#include "core/base/result.h"

namespace procatlas {

// From now on the process may read files and compute, and write to descriptors that are open already. Every other system call
// fails with EPERM: it makes no process, starts no program, opens no connection, changes no file, sends no signal and does not
// sleep (seccomp(2), by libseccomp). Cannot be undone. Fails where the kernel has no seccomp.
[[nodiscard]] Result<void> confine_to_reading();

// Lets this process have `most` of a resource (RLIMIT_..., setrlimit(2)), or less where that is all that it may have.
void limit_resource(int resource, std::uint64_t most);

// Becomes another user for good, without any capability (capabilities(7)). Call it before `confine_program`, as root.
[[nodiscard]] Result<void> become(const Identity& identity);

// As root: gives all capabilities up but these (CAP_...). Otherwise does nothing.
void keep_capabilities(std::initializer_list<int> kept);

// What each such program does first: it ends with its parent, gains no privileges, leaves no core file, has at most
// `most_memory` bytes, and confines itself to reading where the kernel can; `procatlas doctor` says so where it cannot. A
// sanitized build keeps its memory and its calls: the sanitizers reserve terabytes, and make pipes and processes.
void confine_program(std::uint64_t most_memory);

}  // namespace procatlas
