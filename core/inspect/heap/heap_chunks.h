// The chunks of glibc's malloc, as they lie in memory (malloc/malloc.c, "Vital statistics"): of the main arena, which grows by
// brk, and blocks that got a mapping of their own.
#pragma once

#include "core/inspect/dwarf/dwarf_modules.h"
#include "core/inspect/memory/stopped_process.h"
#include "core/model/inside.h"

namespace procatlas {

[[nodiscard]] Heap read_heap(StoppedProcess& process, const DwarfModules& modules);

}  // namespace procatlas
