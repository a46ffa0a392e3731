// The units of a program's debug information, with those that the compiler has put into files of their own (split DWARF).
#pragma once

#include <elfutils/libdwfl.h>

#include <string>
#include <vector>

#include "core/base/address.h"

namespace procatlas {

struct DebugUnits {
    struct Unit {
        Dwarf_Die head{};     // has the line table and the folder of the sources
        Dwarf_Die content{};  // has the functions, variables and types; of a split unit it is in another file
    };
    std::vector<Unit> units;
    Address bias = 0;      // added to an address of the file, gives the address in the process
    std::string why_part;  // why there are no units, or not all; empty: all are here
};

// Finds the debug information in the file itself, by its build-id, by its .gnu_debuglink, and in .dwo files. `module` may be null:
// the program's file cannot be opened.
[[nodiscard]] DebugUnits read_debug_units(Dwfl_Module* module);

}  // namespace procatlas
