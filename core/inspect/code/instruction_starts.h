// Where a breakpoint may stand. One in the middle of an instruction would change what the program does, and debug information
// that is damaged names such places.
#pragma once

#include <string_view>
#include <vector>

#include "core/base/address.h"
#include "core/inspect/dwarf/dwarf_modules.h"

namespace procatlas {

// The function's own witness beside the debug information: its call frame information, which is loaded with the code, begins
// here; where there is none, a symbol does.
[[nodiscard]] bool is_start_of_code(DwarfModules& modules, Address address);

// The instructions of a piece of code, from its first one on.
class InstructionStarts {
public:
    InstructionStarts(std::string_view code, Address start);

    // Behind the first bytes that are no known instruction nothing can be said: all places are taken for good there.
    [[nodiscard]] bool may_be(Address address) const;

private:
    std::vector<Address> starts_;  // ascending
    Address end_ = 0;              // as far as they are known
};

}  // namespace procatlas
