// Where a breakpoint may be set. In the middle of an instruction it would change what the program does, and damaged debug
// information names such places.
#pragma once

#include <string_view>
#include <vector>

#include "core/base/address.h"
#include "core/inspect/dwarf/dwarf_modules.h"

namespace procatlas {

// Checks the debug information against a second source. A function's call frame information, which is loaded with the code,
// must begin here; if there is none, a symbol must.
[[nodiscard]] bool is_start_of_code(DwarfModules& modules, Address address);

// The instructions of a piece of code, starting with its first one.
class InstructionStarts {
public:
    InstructionStarts(std::string_view code, Address start);

    // After the first bytes that are no known instruction nothing is certain, so every address there counts as a start.
    [[nodiscard]] bool may_be(Address address) const;

private:
    std::vector<Address> starts_;  // ascending
    Address end_ = 0;              // the end of the part that is known
};

}  // namespace procatlas
