#include "core/live/known_functions.h"

#include <algorithm>
#include <charconv>
#include <iterator>
#include <string_view>
#include <utility>

namespace procatlas {
namespace {

std::optional<std::int32_t> number_in(std::string_view text) {
    std::int32_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc() && end == text.data() + text.size() ? std::optional(value) : std::nullopt;
}

}  // namespace

BreakpointPlan KnownFunctions::take(std::int32_t pid, BreakpointPlan found) {
    Names names;
    for (FunctionSpot& spot : found.functions) {
        names.emplace(spot.entry, spot.name);
    }
    names_[pid] = std::make_shared<const Names>(std::move(names));
    BreakpointPlan plan = narrowed(std::move(found), pid);
    for (FunctionSpot& spot : plan.functions) {
        spot.name.clear();
    }
    for (LinesWithCode& source : std::exchange(plan.sources, {})) {
        lines_with_code_[std::move(source.file)] = std::move(source.lines);
    }
    return plan;
}

bool KnownFunctions::is_wanted(std::int32_t pid, const std::string& function) const {
    const auto number = number_in(only_);
    return only_.empty() || (number ? *number == pid : function == only_);
}

BreakpointPlan KnownFunctions::narrowed(BreakpointPlan plan, std::int32_t pid) const {
    if (only_.empty()) {
        return plan;
    }
    if (const auto number = number_in(only_)) {
        return *number == pid ? std::move(plan) : BreakpointPlan{};
    }
    BreakpointPlan part;
    part.entry = plan.entry;
    part.libraries = std::move(plan.libraries);
    part.goroutines = plan.goroutines;
    part.sources = plan.sources;
    for (std::size_t i = 0; i < plan.functions.size(); ++i) {
        if (plan.functions[i].name != only_) {
            continue;
        }
        const Address start = plan.functions[i].entry;
        Address end = i + 1 < plan.functions.size() ? plan.functions[i + 1].entry : start;
        for (const AddressRange& code : plan.own_code) {
            end = end == start && code.contains(start) ? code.end : end;
        }
        part.functions.push_back(std::move(plan.functions[i]));
        part.own_code.push_back({start, end});
        std::ranges::copy_if(plan.lines, std::back_inserter(part.lines), [&](Address a) { return start <= a && a < end; });
    }
    return part;
}

std::string KnownFunctions::name_of(std::int32_t pid, Address function) const {
    const auto names = names_.find(pid);
    if (names == names_.end() || !names->second) {
        return {};
    }
    const auto found = names->second->find(function);
    return found == names->second->end() ? std::string() : found->second;
}

std::optional<std::uint32_t> KnownFunctions::line_with_code(const std::string& file, std::uint32_t line) const {
    const auto lines = lines_with_code_.find(file);
    if (lines == lines_with_code_.end()) {
        return std::nullopt;
    }
    const auto next = std::ranges::lower_bound(lines->second, line);
    return next == lines->second.end() ? std::nullopt : std::optional(*next);
}

}  // namespace procatlas
