// What a `dyn Trait` of Rust really is: its table of functions is a variable that the debug information names, and whose type
// says which type implements the trait.
#pragma once

#include <elfutils/libdw.h>

#include <optional>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/base/address.h"

namespace procatlas {

// A variable that the compiler has made: "<shop::Apple as shop::Fruit>::{vtable}".
[[nodiscard]] bool is_rust_vtable(std::string_view name);

class RustVtables {
public:
    // `units` must outlive this.
    explicit RustVtables(const std::vector<Dwarf_Die>& units) : units_(units) {}

    // The type whose table lies at `address` (of the file); nullopt: not known, or there are several, because equal tables may
    // be made one.
    [[nodiscard]] std::optional<Dwarf_Die> find(Address address);

private:
    void add(Dwarf_Die variable);

    const std::vector<Dwarf_Die>& units_;
    std::optional<std::unordered_map<Address, std::optional<Dwarf_Die>>> by_address_;
};

}  // namespace procatlas
