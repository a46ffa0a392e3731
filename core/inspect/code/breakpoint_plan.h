// Plans the breakpoints for a program's calls and lines.
#pragma once

#include "core/inspect/dwarf/dwarf_modules.h"
#include "core/inspect/dwarf/own_code.h"
#include "core/inspect/dwarf/program_info.h"
#include "core/model/address_space.h"
#include "core/model/grain.h"

namespace procatlas {

// `entry` is where the program starts. Uses only functions and lines in executable mappings of `space` that belong to the
// program itself, and with FollowedCode::own only those that the student wrote (core/inspect/dwarf/own_code.h).
[[nodiscard]] BreakpointPlan plan_breakpoints(const AddressSpace& space, Address entry, DwarfModules& modules,
                                              const ProgramInfo& program, OwnCode& own, FollowedCode followed);

}  // namespace procatlas
