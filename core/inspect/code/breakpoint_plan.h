// Where to stop a program at its calls and at its lines.
#pragma once

#include "core/inspect/dwarf/dwarf_modules.h"
#include "core/inspect/dwarf/program_info.h"
#include "core/model/address_space.h"
#include "core/model/grain.h"

namespace procatlas {

// `entry` is where the program starts. Functions and lines lie in executable mappings of `space` that are the program's own.
[[nodiscard]] BreakpointPlan plan_breakpoints(const AddressSpace& space, Address entry, DwarfModules& modules,
                                              const ProgramInfo& program);

}  // namespace procatlas
