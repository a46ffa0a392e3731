#include "core/inspect/dwarf/rust_derive.h"

#include <dwarf.h>

#include <algorithm>
#include <cctype>
#include <optional>
#include <ranges>

#include "core/base/whole_file.h"
#include "core/inspect/dwarf/dwarf_attributes.h"

namespace procatlas {
namespace {

constexpr std::size_t source_size_limit = 4u << 20;
constexpr std::size_t sources_read = 200;
constexpr std::size_t attribute_length_limit = 4096;

bool is_of_name(char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
}

bool is_between_names(char c) {
    return is_of_name(c) || c == ':' || c == ',' || c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

// Where the place is in the text; npos: the text has no such place.
std::size_t offset_in(std::string_view source, SourceColumn place) {
    std::size_t start = 0;
    for (std::uint32_t at = 1; at < place.line; ++at) {
        const std::size_t end = source.find('\n', start);
        if (end == source.npos) {
            return source.npos;
        }
        start = end + 1;
    }
    const std::size_t length = std::min(source.find('\n', start), source.size()) - start;
    return place.column == 0 || place.column - 1 > length ? source.npos : start + place.column - 1;
}

// Whether `before` ends inside an attribute, where "derive(" may follow.
bool opens_attribute(std::string_view before) {
    const std::size_t start = before.rfind("#[");
    if (start == before.npos || before.size() - start > attribute_length_limit) {
        return false;
    }
    const std::string_view inside = before.substr(start + 2);
    const std::string_view text = inside.substr(std::min(inside.find_first_not_of(" \t\r\n"), inside.size()));
    return text.empty() || (text.starts_with("cfg_attr(") && text.find(']') == text.npos && !is_of_name(text.back()));
}

// A function of an implementation of a trait lies in a namespace of this name.
bool is_of_trait(const FunctionInfo& function) {
    return language_of(function.die) == DW_LANG_Rust && function.name.find("{impl#") != function.name.npos;
}

// The place of the row is on the line that declares the function, and says more than that the function begins.
std::optional<SourceColumn> place_on(std::uint64_t declared, Dwarf_Line* row) {
    int line = 0;
    int column = 0;
    const bool told = row && dwarf_lineno(row, &line) == 0 && dwarf_linecol(row, &column) == 0 && line > 0 && column > 0;
    const bool there = told && static_cast<std::uint64_t>(line) == declared;
    return there ? std::optional(SourceColumn{static_cast<std::uint32_t>(line), static_cast<std::uint32_t>(column)})
                 : std::nullopt;
}

Dwarf_Addr address_of(Dwarf_Lines* lines, std::size_t index) {
    Dwarf_Addr address = 0;
    Dwarf_Line* row = dwarf_onesrcline(lines, index);
    return row && dwarf_lineaddr(row, &address) == 0 ? address : 0;
}

}  // namespace

bool is_in_derive(std::string_view source, SourceColumn place) {
    constexpr std::string_view opening = "derive(";
    const std::size_t offset = offset_in(source, place);
    if (offset == source.npos || offset == 0) {
        return false;
    }
    std::size_t start = offset;
    while (start > 0 && offset - start < attribute_length_limit && is_between_names(source[start - 1])) {
        --start;
    }
    const std::string_view before = source.substr(0, start);
    return before.ends_with(opening) && opens_attribute(before.substr(0, before.size() - opening.size()));
}

const std::string& RustDerives::source_of(const std::string& path) {
    const auto [found, fresh] = sources_.try_emplace(path);
    if (fresh && sources_.size() <= sources_read) {
        found->second = read_whole_file(path, source_size_limit).value_or(std::string());
    }
    return found->second;
}

bool RustDerives::made(const FunctionInfo& function, Address bias) {
    const auto declared = number_of(function.die, DW_AT_decl_line);
    Dwarf_Die unit = function.unit;
    Dwarf_Lines* lines = nullptr;
    std::size_t count = 0;
    if (!is_of_trait(function) || !declared || dwarf_getsrclines(&unit, &lines, &count) != 0) {
        return false;
    }
    const auto rows = std::views::iota(std::size_t{0}, count);
    const auto first = std::ranges::lower_bound(rows, function.range.start - bias, {},
                                                [&](std::size_t index) { return address_of(lines, index); });
    for (auto row = first; row != rows.end() && address_of(lines, *row) < function.range.end - bias; ++row) {
        Dwarf_Line* const line = dwarf_onesrcline(lines, *row);
        const auto place = place_on(*declared, line);
        const char* const file = place ? dwarf_linesrc(line, nullptr, nullptr) : nullptr;
        if (file && is_in_derive(source_of(source_path(file, unit)), *place)) {
            return true;
        }
    }
    return false;
}

}  // namespace procatlas
