// Whether code can have given a variable a value.
#pragma once

#include "core/inspect/dwarf/dwarf_expression.h"
#include "core/model/inside.h"

namespace procatlas {

// Whether no instruction in `code` names the variable's place in the frame, which is told from the frame pointer as unoptimised
// code does: by a ModRM byte, perhaps one more, and a displacement. What only looks like one counts too.
[[nodiscard]] bool is_untouched(StoppedProcess& process, AddressRange code, const Variable& variable,
                                const FrameRegisters& registers, Address cfa);

}  // namespace procatlas
