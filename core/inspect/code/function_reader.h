// Disassembles one function of a stopped process, and names what it jumps to, calls and uses.
#pragma once

#include "core/base/result.h"
#include "core/inspect/code/linked_names.h"
#include "core/inspect/dwarf/dwarf_modules.h"
#include "core/inspect/dwarf/program_info.h"
#include "core/inspect/memory/stopped_process.h"
#include "core/inspect/values/program_variables.h"
#include "core/model/learnt.h"

namespace procatlas {

// Reads memory without a tracer's breakpoints: replaces them by the bytes of the file.
[[nodiscard]] std::string read_code(StoppedProcess& process, DwarfModules& modules, Address address, std::size_t size);

class FunctionReader {
public:
    FunctionReader(DwarfModules& modules, const ProgramInfo& program, ProgramVariables& variables)
        : modules_(modules), program_(program), variables_(variables), linked_(modules) {}

    // The function that contains `address`. If it is too long, or its extent is unknown: a piece of it that starts at
    // `address`.
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
