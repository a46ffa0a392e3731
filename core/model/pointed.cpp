#include "core/model/pointed.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace procatlas {
namespace {

std::optional<Pointed> parse_line(std::string_view number) {
    Pointed pointed{PointedKind::line, {}, 0};
    const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), pointed.line);
    const bool whole = error == std::errc() && end == number.data() + number.size();
    return whole && pointed.line != 0 ? std::optional(std::move(pointed)) : std::nullopt;
}

}  // namespace

std::optional<Pointed> parse_pointed(std::string_view text) {
    const std::size_t blank = std::min(text.find(' '), text.size());
    const std::string_view kind = text.substr(0, blank);
    const std::string_view name = blank == text.size() ? std::string_view() : text.substr(blank + 1);
    if (name.empty() || name.find(' ') != std::string_view::npos) {
        return std::nullopt;
    }
    if (kind == "line") {
        return parse_line(name);
    }
    constexpr std::array<std::string_view, 4> regions{"stack", "heap", "data", "code"};
    if (kind == "region" && std::ranges::find(regions, name) != regions.end()) {
        return Pointed{PointedKind::region, std::string(name), 0};
    }
    return kind == "variable" ? std::optional(Pointed{PointedKind::variable, std::string(name), 0}) : std::nullopt;
}

bool points_at_variable(const Pointed& pointed, std::string_view variable) {
    if (pointed.kind != PointedKind::variable || !variable.ends_with(pointed.name)) {
        return false;
    }
    const std::string_view before = variable.substr(0, variable.size() - pointed.name.size());
    return before.empty() || before.ends_with("::");
}

}  // namespace procatlas
