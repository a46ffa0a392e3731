// The variables of a program: those of a frame, and the static ones.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/inspect/dwarf/dwarf_expression.h"
#include "core/inspect/dwarf/dwarf_modules.h"
#include "core/inspect/dwarf/own_code.h"
#include "core/inspect/dwarf/program_info.h"
#include "core/inspect/dwarf/variable_types.h"
#include "core/inspect/values/code_spots.h"
#include "core/inspect/values/value_text.h"
#include "core/model/inside.h"

namespace procatlas {

class ProgramVariables {
public:
    ProgramVariables(DwarfModules& modules, const ProgramInfo& program, OwnCode& own_code);
    ProgramVariables(const ProgramVariables&) = delete;  // `spots_` refers to `types_`
    ProgramVariables& operator=(const ProgramVariables&) = delete;

    // For code of the program itself; nullptr: it has no debug information.
    [[nodiscard]] const CodeSpot* spot_at(Address lookup) { return spots_.at(lookup); }
    // `locals` are those of the spot, or of a function that is inlined there.
    [[nodiscard]] std::vector<Variable> locals_of(StoppedProcess& process, const CodeSpot& spot,
                                                  const std::vector<CodeSpot::Local>& locals, const FrameRegisters& registers,
                                                  Address cfa);
    [[nodiscard]] std::vector<Variable> globals(StoppedProcess& process);

    // The global that contains `address`, down to the element: "corners[1].y".
    [[nodiscard]] std::optional<std::string> global_at(StoppedProcess& process, Address address);

private:
    struct Global {
        std::string name;
        std::string type_text;
        const Type* type = nullptr;
        Address address = 0;
        std::string why_not;
    };

    bool is_own_of_go(const std::string& name);
    const std::vector<Global>& global_list(StoppedProcess& process);
    static void fill(const ValueSources& sources, const Type* type, const Location& location, const FrameRegisters* registers,
                     Variable& variable);
    std::string part_at(const Type* type, ByteCount offset, int depth);

    DwarfModules& modules_;
    const ProgramInfo& program_;
    OwnCode& own_code_;
    VariableTypes types_;
    CodeSpots spots_;
    std::optional<std::vector<Global>> globals_;
};

}  // namespace procatlas
