// Values as gdb prints them with its default settings: 42, 65 'A', {x = 1, y = 2}, 0x55d0c0 "text".
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/inspect/dwarf/dwarf_modules.h"
#include "core/inspect/dwarf/variable_types.h"
#include "core/inspect/memory/stopped_process.h"

namespace procatlas {

// Counts the elements of a dimension whose size is known only at run time.
using CountElements = std::function<std::optional<std::uint64_t>(const Dimension&)>;

struct ValueSources {
    StoppedProcess& process;
    DwarfModules& modules;
    VariableTypes& types;
    CountElements count;
};

// `bytes` may be shorter than the type.
[[nodiscard]] std::string value_text(const ValueSources& sources, const Type* type, std::string_view bytes);

// The non-null pointers in a value, in order.
[[nodiscard]] std::vector<Address> pointers_in(const ValueSources& sources, const Type* type, std::string_view bytes);

}  // namespace procatlas
