// What this machine lets an observer do, found out by trying.
#pragma once

#include <string>

namespace procatlas {

// Lines of "name<TAB>yes|no<TAB>detail": ptrace, seccomp, subreaper, pagemap, procmap_query, pagemap_scan, yama, kernel,
// debug_registers.
[[nodiscard]] std::string probe_text();

}  // namespace procatlas
