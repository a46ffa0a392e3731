// Finds the definition of a type that a unit only declares, in any unit of the same program.
#pragma once

#include <elfutils/libdw.h>

#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/base/result.h"

namespace procatlas {

class TypeDefinitions {
public:
    // `units` are those whose types are looked up, and must outlive this.
    explicit TypeDefinitions(const std::vector<Dwarf_Die>& units) : units_(units) {}

    // The definition of `declaration`, which is a structure, class, union or enumeration. It is found by the name with all its
    // namespaces and classes, and only where every definition of that name has the same layout: C lets two units give one name to
    // two types.
    [[nodiscard]] Result<Dwarf_Die> find(Dwarf_Die declaration);

private:
    void list_all();
    void list(Dwarf_Die parent, const std::string& scope, int depth);

    const std::vector<Dwarf_Die>& units_;
    std::optional<std::unordered_map<std::string, std::vector<Dwarf_Die>>> by_name_;
    std::size_t visited_ = 0;
};

}  // namespace procatlas
