// Names what an ELF file calls through its linkage tables: the functions behind `call printf@plt`. Reads the file's own
// relocations (elf(5), System V ABI, AMD64), so it works even before the first call has resolved the function.
#pragma once

#include <elfutils/libdwfl.h>

#include <string>
#include <unordered_map>

#include "core/base/address.h"
#include "core/inspect/dwarf/dwarf_modules.h"

namespace procatlas {

class LinkedNames {
public:
    explicit LinkedNames(DwarfModules& modules) : modules_(modules) {}

    // "printf@plt" for a stub of the procedure linkage table, "printf@got" for a slot that holds the address; empty: neither.
    [[nodiscard]] std::string name_at(Address address);

private:
    using Slots = std::unordered_map<Address, std::string>;  // by run-time address

    const Slots& slots_of(Dwfl_Module* module);

    DwarfModules& modules_;
    std::unordered_map<Dwfl_Module*, Slots> slots_;
};

}  // namespace procatlas
