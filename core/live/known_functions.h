// The functions of the programs that are followed, as procatlas-reader found them: their names, and the lines that have code.
// Narrows a plan to what the person asked for. One thread only.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/inspect/client/reader_client.h"

namespace procatlas {

class KnownFunctions {
public:
    // `only` limits calls, lines and instructions to one function (its name) or one process (its number); empty: no limit.
    explicit KnownFunctions(std::string only) : only_(std::move(only)) {}

    void forked(std::int32_t parent, std::int32_t child) { names_[child] = names_[parent]; }
    // Keeps what `plan` names in the process, and returns what its observer is to be sent.
    [[nodiscard]] BreakpointPlan take(std::int32_t pid, BreakpointPlan plan);

    // Whether the limit lets calls of this function in this process be told.
    [[nodiscard]] bool is_wanted(std::int32_t pid, const std::string& function) const;
    // Of the function that is entered at `function`; empty: it is not known.
    [[nodiscard]] std::string name_of(std::int32_t pid, Address function) const;
    // The first line from `line` on that has code; nullopt: none.
    [[nodiscard]] std::optional<std::uint32_t> line_with_code(const std::string& file, std::uint32_t line) const;

private:
    using Names = std::map<Address, std::string>;

    [[nodiscard]] BreakpointPlan narrowed(BreakpointPlan plan, std::int32_t pid) const;

    std::string only_;
    std::map<std::string, std::vector<std::uint32_t>> lines_with_code_;     // by file, ascending
    std::unordered_map<std::int32_t, std::shared_ptr<const Names>> names_;  // by pid
};

}  // namespace procatlas
