#include "core/inspect/dwarf/own_code.h"

#include <dwarf.h>

#include <cstddef>
#include <string>
#include <string_view>

#include "core/base/text.h"
#include "core/inspect/dwarf/dwarf_attributes.h"

namespace procatlas {
namespace {

constexpr int go_language = DW_LANG_Go;
constexpr int rust_language = DW_LANG_Rust;

// The source file that declares `die`; null: not told. (dwarf_decl_file takes the file 0 of DWARF 5 for none.)
const char* declaring_file(Dwarf_Die die) {
    Dwarf_Attribute attribute;
    Dwarf_Word number = 0;
    Dwarf_Die unit;
    Dwarf_Half version = 0;
    Dwarf_Files* files = nullptr;
    std::size_t count = 0;
    const bool told = dwarf_attr_integrate(&die, DW_AT_decl_file, &attribute) && dwarf_formudata(&attribute, &number) == 0 &&
                      dwarf_cu_die(attribute.cu, &unit, &version, nullptr, nullptr, nullptr, nullptr, nullptr);
    if (!told || (number == 0 && version < 5) || dwarf_getsrcfiles(&unit, &files, &count) != 0 || number >= count) {
        return nullptr;
    }
    return dwarf_filesrc(files, number, nullptr, nullptr);
}

// A special member that nobody wrote, a function whose name is reserved for compilers, or what Go wraps around a call. GCC
// calls the body of a lambda artificial too.
bool is_made_by_compiler(Dwarf_Die die) {
    const std::string name = entry_name(die);
    if (has_attribute(die, DW_AT_trampoline) || name.find(".gowrap") != name.npos || name.find("·dwrap·") != name.npos) {
        return true;
    }
    if (!has_flag(die, DW_AT_artificial) || name.starts_with("operator()")) {
        return false;
    }
    const bool reserved = name.size() > 1 && name[0] == '_' && (name[1] == '_' || (name[1] >= 'A' && name[1] <= 'Z'));
    return reserved || attribute_of(die, DW_AT_object_pointer).has_value();
}

// Go's own start of a package, which sets its variables; an `init` of the student's has a number behind its name.
bool is_start_of_package(const FunctionInfo& function) {
    return language_of(function.unit) == go_language && function.name == entry_name(function.unit) + ".init";
}

// The path of the file of `unit` that ends in `end`; empty: it has none.
std::string file_of_unit(Dwarf_Die unit, std::string_view end) {
    Dwarf_Files* files = nullptr;
    std::size_t count = 0;
    const bool listed = dwarf_getsrcfiles(&unit, &files, &count) == 0;
    for (std::size_t i = 0; listed && i < count; ++i) {
        const char* file = dwarf_filesrc(files, i, nullptr, nullptr);
        if (file && std::string_view(file).ends_with(end)) {
            return source_path(file, unit);
        }
    }
    return {};
}

// The file of the line that `address` (of the file, not of the process) belongs to.
const char* file_of_line(Dwarf_Die unit, Address address) {
    Dwarf_Line* line = dwarf_getsrc_die(&unit, address);
    return line ? dwarf_linesrc(line, nullptr, nullptr) : nullptr;
}

}  // namespace

const StandardPlaces& OwnCode::places() {
    if (places_) {
        return *places_;
    }
    places_.emplace();
    for (Dwarf_Die unit : program_.units()) {
        switch (language_of(unit)) {
            case go_language:
                if (entry_name(unit) == "runtime") {
                    add_place_of_go(*places_, file_of_unit(unit, "runtime/proc.go"));
                }
                break;
            case rust_language:
                add_place_of_rust(*places_, source_path(entry_name(unit), unit));
                break;
            default:
                break;
        }
    }
    return *places_;
}

bool OwnCode::is_own_file(const char* file, Dwarf_Die unit) {
    if (!file) {
        return false;
    }
    const auto [found, fresh] = files_.try_emplace(file);
    if (fresh) {
        found->second = is_own_source(source_path(file, unit), places());
    }
    return found->second;
}

bool OwnCode::is_own_path(const std::string& path) {
    return is_own_source(path, places());
}

bool OwnCode::has_own_file(Dwarf_Die unit) {
    Dwarf_Files* files = nullptr;
    std::size_t count = 0;
    bool own = false;
    if (dwarf_getsrcfiles(&unit, &files, &count) == 0) {
        for (std::size_t i = 0; i < count && !own; ++i) {
            const char* const file = dwarf_filesrc(files, i, nullptr, nullptr);
            own = file && std::string_view(file) != "???" && is_own_file(file, unit);  // so libdw calls the file of no number
        }
    }
    return own;
}

bool OwnCode::is_own_package(const std::string& name) {
    if (!packages_) {
        packages_.emplace();
        for (const Dwarf_Die unit : program_.units()) {
            if (language_of(unit) == go_language && has_own_file(unit)) {
                packages_->insert(entry_name(unit));
            }
        }
    }
    return packages_->contains(name);
}

Author OwnCode::find_author(const FunctionInfo& function) {
    if (is_made_by_compiler(function.die) || is_start_of_package(function)) {
        return Author::compiler;
    }
    const char* file = declaring_file(function.die);
    file = file ? file : file_of_line(function.unit, function.entry - program_.bias());
    if (!file || is_own_file(file, function.unit)) {
        return derives_.made(function, program_.bias()) ? Author::compiler : Author::student;
    }
    return base_name(file).starts_with('<') ? Author::compiler : Author::library;  // <autogenerated>
}

Author OwnCode::author_of(const FunctionInfo& function) {
    const auto found = authors_.find(function.die.addr);
    return found != authors_.end() ? found->second : authors_.emplace(function.die.addr, find_author(function)).first->second;
}

}  // namespace procatlas
