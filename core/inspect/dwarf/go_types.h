// What the debug information of a Go program says beyond DWARF (cmd/internal/dwarf in Go's sources).
#pragma once

#include <elfutils/libdw.h>

#include <cstdint>
#include <optional>
#include <unordered_map>
#include <vector>

#include "core/model/grain.h"

namespace procatlas {

// DW_AT_go_kind: the kind of a type, as reflect.Kind numbers it. Only those that are read as more than their members.
enum class GoKind : std::uint8_t {
    none = 0,
    channel = 0x12,
    function = 0x13,
    interface = 0x14,
    map = 0x15,
    pointer = 0x16,
    slice = 0x17,
    string = 0x18,
};

// The kind of the type `die` itself, not of what it renames.
[[nodiscard]] GoKind go_kind_of(Dwarf_Die die);
// The number behind `GoKind`, of any kind; nullopt: it is no type of Go.
[[nodiscard]] std::optional<std::uint64_t> go_kind_number(Dwarf_Die die);
[[nodiscard]] bool speaks_go(Dwarf_Die die);

// nullopt: it is no Go program, or one whose compiler (before 1.17) keeps no goroutine in a register.
[[nodiscard]] std::optional<GoroutineLayout> goroutine_layout(const std::vector<Dwarf_Die>& units);

// Types by where the running program describes them: an offset from the symbol `runtime.types`.
class GoRuntimeTypes {
public:
    // `units` must outlive this.
    explicit GoRuntimeTypes(const std::vector<Dwarf_Die>& units) : units_(units) {}

    [[nodiscard]] std::optional<Dwarf_Die> find(std::uint64_t offset);

private:
    const std::vector<Dwarf_Die>& units_;
    std::optional<std::unordered_map<std::uint64_t, Dwarf_Die>> by_offset_;
};

}  // namespace procatlas
