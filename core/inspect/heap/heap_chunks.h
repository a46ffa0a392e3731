// Reads the chunks of glibc's malloc from memory (malloc/malloc.c, "Vital statistics"): those of the main arena, which grows by
// brk, also behind what the program itself has taken by sbrk, and blocks with a mapping of their own. What is not known of them
// is in `why_not`: blocks in the caches of other threads count as in use.
#pragma once

#include <string>

#include "core/inspect/memory/stopped_process.h"
#include "core/model/inside.h"

namespace procatlas {

// `other_allocator`: why the blocks are not glibc's; empty: they are.
[[nodiscard]] Heap read_heap(StoppedProcess& process, const std::string& other_allocator);

}  // namespace procatlas
