// Where to stop a program at its calls and at its lines.
#pragma once

#include "core/inspect/dwarf_modules.h"
#include "core/inspect/program_info.h"
#include "core/model/grain.h"

namespace procatlas {

[[nodiscard]] BreakpointPlan plan_breakpoints(const StoppedProcess& process, DwarfModules& modules, const ProgramInfo& program);

}  // namespace procatlas
