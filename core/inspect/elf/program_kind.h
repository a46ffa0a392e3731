// What kind of machine a program was compiled for.
#pragma once

#include <sys/types.h>

#include <string>

namespace procatlas {

// Why the frames, variables and code of the process `pid` cannot be told: its program is not for the 64 bits of x86-64. Reads
// the first bytes of its executable file; empty: nothing is in the way, or they cannot be read.
[[nodiscard]] std::string why_not_looked_into(pid_t pid);

}  // namespace procatlas
