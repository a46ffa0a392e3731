// Finds the definition of a type that a unit only declares, in any unit of the same program.
#pragma once

#include <elfutils/libdw.h>

#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/base/result.h"

namespace procatlas {

// The name of a type with all its namespaces and classes: "std::__cxx11::list<int>". Empty: it has none that another unit can
// mean.
[[nodiscard]] std::string name_with_scopes(Dwarf_Die type);

// The same of a function, also of one that was inlined: "shop::total".
[[nodiscard]] std::string function_name_with_scopes(Dwarf_Die function);

class TypeDefinitions {
public:
    // `units` are those whose types are looked up, and must outlive this.
    explicit TypeDefinitions(const std::vector<Dwarf_Die>& units) : units_(units) {}

    // The definition of `declaration`, which is a structure, class, union or enumeration. It is found by the name with all its
    // namespaces and classes, and only where every definition of that name has the same layout: C lets two units give one name
    // to two types.
    [[nodiscard]] Result<Dwarf_Die> find(Dwarf_Die declaration);
    // The same for a structure or class of which only the whole name is known.
    [[nodiscard]] Result<Dwarf_Die> find_class(const std::string& name);

private:
    Result<Dwarf_Die> find_in_family(char family, const std::string& name);
    void list_all();
    void list(Dwarf_Die parent, const std::string& scope, int depth);

    const std::vector<Dwarf_Die>& units_;
    std::optional<std::unordered_map<std::string, std::vector<Dwarf_Die>>> by_name_;
    std::size_t visited_ = 0;
};

}  // namespace procatlas
