// The functions, static variables and lines that the debug information of one program names, in the addresses of one process.
#pragma once

#include <elfutils/libdwfl.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/base/address.h"

namespace procatlas {

struct FunctionInfo {
    AddressRange range;  // one of its ranges, if it has several
    Address entry = 0;
    std::string name;
    Dwarf_Die die{};
    Dwarf_Die unit{};  // has the line table
};

// A variable at file scope, or a static variable of a function.
struct StaticInfo {
    std::string name;  // "total", "counter::calls", "shop::total"
    Dwarf_Die die{};
};

struct LineRow {
    Address address = 0;
    const char* file = nullptr;  // stays as long as the debug information is open; null: not known
    std::uint32_t line = 0;
    bool statement = false;
    bool prologue_end = false;
    bool sequence_end = false;
};

struct SourceLine {
    std::string file;  // empty: not known
    std::uint32_t line = 0;
};

// The path of a file that the line table of `unit` names: a relative one begins where the unit was compiled.
[[nodiscard]] std::string source_path(std::string_view file, Dwarf_Die unit);

class ProgramInfo {
public:
    // `module` may be null: then nothing is known of the program.
    explicit ProgramInfo(Dwfl_Module* module);

    // Why functions and variables are missing; empty: the debug information is whole.
    [[nodiscard]] const std::string& why_part() const { return why_part_; }
    // The units with the functions, variables and types.
    [[nodiscard]] const std::vector<Dwarf_Die>& units() const { return units_; }
    [[nodiscard]] Address bias() const { return bias_; }
    [[nodiscard]] const std::vector<FunctionInfo>& functions() const { return functions_; }  // ascending by range
    [[nodiscard]] const std::vector<StaticInfo>& statics() const { return statics_; }
    // nullptr: in no known function.
    [[nodiscard]] const FunctionInfo* function_at(Address address) const;
    // The line table of a unit, ascending; rows of one address stay in the order of the table.
    [[nodiscard]] std::vector<LineRow> lines_of(Dwarf_Die unit) const;
    [[nodiscard]] SourceLine line_at(const FunctionInfo& function, Address address) const;
    // The lowest address of the function with the line that `address` has; 0: not known.
    [[nodiscard]] Address line_start(const FunctionInfo& function, Address address) const;
    // Where `inlined`, a function that was put into `function`, is called.
    [[nodiscard]] static SourceLine call_of(const FunctionInfo& function, Dwarf_Die inlined);
    // The name of such a function, with its scopes.
    [[nodiscard]] std::string name_of_inlined(Dwarf_Die inlined) const;

private:
    void visit_children(Dwarf_Die parent, Dwarf_Die unit, const std::string& scope, int depth);
    void visit(Dwarf_Die die, Dwarf_Die unit, const std::string& scope, int depth);
    void add_function(Dwarf_Die die, Dwarf_Die unit, const std::string& name);
    void add_static(Dwarf_Die die, const std::string& scope);
    std::string qualified(Dwarf_Die die, const std::string& scope);

    Address bias_ = 0;
    std::string why_part_;
    std::vector<Dwarf_Die> units_;
    std::vector<FunctionInfo> functions_;
    std::vector<StaticInfo> statics_;
    std::unordered_map<void*, std::string> declared_;  // names that a class or namespace declares, by their entry
    std::unordered_map<void*, std::string> inlined_;   // names of functions that are put into others, by their entry
    std::size_t visited_ = 0;
};

}  // namespace procatlas
