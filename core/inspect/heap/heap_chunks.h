// Reads the chunks of glibc's malloc from memory (malloc/malloc.c, "Vital statistics"): those of the main arena, which grows by
// brk, and blocks with a mapping of their own.
#pragma once

#include "core/inspect/dwarf/dwarf_modules.h"
#include "core/inspect/memory/stopped_process.h"
#include "core/model/inside.h"

namespace procatlas {

[[nodiscard]] Heap read_heap(StoppedProcess& process, const DwarfModules& modules);

}  // namespace procatlas
