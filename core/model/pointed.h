// What somebody points at in a program's memory or source: pictures frame it. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace procatlas {

enum class PointedKind : std::uint8_t { variable, line, region };

struct Pointed {
    PointedKind kind = PointedKind::variable;
    std::string name;        // of the variable; of the region one of "stack", "heap", "data", "code"
    std::uint32_t line = 0;  // its number, from 1

    bool operator==(const Pointed&) const = default;
};

// As a person writes it: "variable total", "line 12", "region heap". nullopt: it is none of these.
[[nodiscard]] std::optional<Pointed> parse_pointed(std::string_view text);

// Whether a variable of that name is meant: "buffer" also means the static variable "main::buffer" of a function.
[[nodiscard]] bool points_at_variable(const Pointed& pointed, std::string_view variable);

}  // namespace procatlas
