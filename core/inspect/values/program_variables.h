// The variables of a program: those of a frame, and the static ones.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/inspect/dwarf/dwarf_expression.h"
#include "core/inspect/dwarf/dwarf_modules.h"
#include "core/inspect/dwarf/own_code.h"
#include "core/inspect/dwarf/program_info.h"
#include "core/inspect/dwarf/variable_types.h"
#include "core/inspect/values/value_text.h"
#include "core/model/inside.h"

namespace procatlas {

// What the debug information says about the code at one address.
struct CodeSpot {
    struct Local {
        std::string name;
        std::string type_text;
        const Type* type = nullptr;
        bool parameter = false;
        std::optional<Dwarf_Attribute> location;
        Expression expression;  // its location while the program is at this address; empty: it has none
        std::optional<Dwarf_Attribute> constant;
        std::string why_not;          // why it has no value, whatever its place is; else empty
        std::string no_value_yet;     // why what lies at its place is not its value; empty: it is, or that is not known
        bool on_this_line = false;    // it is being declared: `no_value_yet` only if the code so far has not touched it
        bool behind_pointer = false;  // a variable of Go on the heap: at its place lies its address
    };
    // A function that the compiler has put into another.
    struct Inlined {
        std::string name;
        SourceLine called_at;
        std::vector<Local> locals;
    };
    const FunctionInfo* function = nullptr;
    Address lookup = 0;
    SourceLine line;               // of the innermost function that the address is in
    Address line_start = 0;        // the lowest address of that line; 0: not known
    std::vector<Inlined> inlined;  // from the outermost to the innermost
    std::vector<Local> locals;     // parameters first, then blocks from the outermost to the innermost
    std::optional<Dwarf_Attribute> frame_base_attribute;
    Expression frame_base;
};

class ProgramVariables {
public:
    ProgramVariables(DwarfModules& modules, const ProgramInfo& program, OwnCode& own_code);

    // For code of the program itself; nullptr: it has no debug information.
    [[nodiscard]] const CodeSpot* spot_at(Address lookup);
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

    bool is_about_to_enter(Dwarf_Die inlined, const SourceLine& called_at, const CodeSpot& spot);
    CodeSpot read_spot(const FunctionInfo& function, Address lookup);
    struct BlockCode {
        std::string why_not;  // why the variables of this block are not known to be there; empty: they are
        bool any = true;      // without code, only those variables are told of which something is left
    };
    void add_locals(Dwarf_Die block, CodeSpot& spot, std::vector<CodeSpot::Local>& locals, const BlockCode& code, int depth);
    CodeSpot::Local read_local(Dwarf_Die die, CodeSpot& spot);
    void tell_no_value_yet(Dwarf_Die die, CodeSpot& spot, CodeSpot::Local& local) const;
    bool is_own_of_go(const std::string& name);
    const std::vector<Global>& global_list(StoppedProcess& process);
    static void fill(const ValueSources& sources, const Type* type, const Location& location, const FrameRegisters* registers,
                     Variable& variable);
    std::string part_at(const Type* type, ByteCount offset, int depth);

    DwarfModules& modules_;
    const ProgramInfo& program_;
    OwnCode& own_code_;
    VariableTypes types_;
    std::unordered_map<Address, CodeSpot> spots_;
    std::optional<std::vector<Global>> globals_;
};

}  // namespace procatlas
