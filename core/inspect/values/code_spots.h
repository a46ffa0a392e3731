// What the debug information says about the code at one address: the line, the functions that are inlined there, and the
// variables that are known there, with their places.
#pragma once

#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/inspect/dwarf/dwarf_expression.h"
#include "core/inspect/dwarf/own_code.h"
#include "core/inspect/dwarf/program_info.h"
#include "core/inspect/dwarf/variable_types.h"

namespace procatlas {

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

// Of one program. Reads each address once.
class CodeSpots {
public:
    CodeSpots(const ProgramInfo& program, OwnCode& own_code, VariableTypes& types);

    // For code of the program itself; nullptr: it has no debug information.
    [[nodiscard]] const CodeSpot* at(Address lookup);

private:
    struct BlockCode {
        std::string why_not;  // why the variables of this block are not known to be there; empty: they are
        bool any = true;      // without code, only those variables are told of which something is left
    };
    bool is_about_to_enter(Dwarf_Die inlined, const SourceLine& called_at, const CodeSpot& spot);
    CodeSpot read(const FunctionInfo& function, Address lookup);
    void add_locals(Dwarf_Die block, CodeSpot& spot, std::vector<CodeSpot::Local>& locals, const BlockCode& code, int depth);
    CodeSpot::Local read_local(Dwarf_Die die, CodeSpot& spot);
    void tell_no_value_yet(Dwarf_Die die, CodeSpot& spot, CodeSpot::Local& local) const;

    const ProgramInfo& program_;
    OwnCode& own_code_;
    VariableTypes& types_;
    std::unordered_map<Address, CodeSpot> spots_;
};

}  // namespace procatlas
