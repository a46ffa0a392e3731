// The machine code of one function of a stopped process, taken apart, with the names of what it jumps to, calls and uses.
#pragma once

#include "core/base/result.h"
#include "core/inspect/code/linked_names.h"
#include "core/inspect/dwarf/dwarf_modules.h"
#include "core/inspect/dwarf/program_info.h"
#include "core/inspect/memory/stopped_process.h"
#include "core/inspect/values/program_variables.h"
#include "core/model/learnt.h"

namespace procatlas {

// Memory without the breakpoints that a tracer may have set into code: there stands what the file says.
[[nodiscard]] std::string read_code(StoppedProcess& process, DwarfModules& modules, Address address, std::size_t size);

class FunctionReader {
public:
    FunctionReader(DwarfModules& modules, const ProgramInfo& program, ProgramVariables& variables)
        : modules_(modules), program_(program), variables_(variables), linked_(modules) {}

    // The function that `address` lies in. Of one that is too long, or whose extent nobody knows, a piece from `address` on.
    [[nodiscard]] Result<FunctionCode> read(StoppedProcess& process, Address address);

private:
    AddressRange extent_of(StoppedProcess& process, Address address, FunctionCode& code);
    void name_lines(FunctionCode& code);
    std::string name_of(StoppedProcess& process, Address address);

    DwarfModules& modules_;
    const ProgramInfo& program_;
    ProgramVariables& variables_;
    LinkedNames linked_;
};

}  // namespace procatlas
