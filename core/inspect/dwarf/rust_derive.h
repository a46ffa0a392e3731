// Tells the functions that `#[derive(...)]` makes from those that the student wrote. Debug information has no mark for them;
// but their code has the places of the attribute, and the text of the source there says that it is one.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>

#include "core/inspect/dwarf/program_info.h"

namespace procatlas {

// Both count from 1; the column in bytes.
struct SourceColumn {
    std::uint32_t line = 0;
    std::uint32_t column = 0;
};

// Whether a place lies among the names of an attribute `derive(...)`. Pure.
[[nodiscard]] bool is_in_derive(std::string_view source, SourceColumn place);

class RustDerives {
public:
    // False also where the source cannot be read; it is read only for a trait's function that has code of the very line that
    // declares it, as functions of a single line and derived ones have. `bias`: of the program.
    [[nodiscard]] bool made(const FunctionInfo& function, Address bias);

private:
    const std::string& source_of(const std::string& path);

    std::unordered_map<std::string, std::string> sources_;  // by path; empty: cannot be read
};

}  // namespace procatlas
