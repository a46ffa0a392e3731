// How a variable becomes a row of the stage, and which rows of many are kept. Pure.
#pragma once

#include <cstddef>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/layout/layout_context.h"
#include "core/layout/stage/stage_column.h"

namespace procatlas {

// The process whose inside a column shows, and what of it.
struct StageLook {
    const LayoutContext& context;
    const Process& process;
    std::size_t index = 0;               // of the process, in World::processes
    const ThreadState* shown = nullptr;  // whose frames are shown first; nullptr: no thread was looked into
    bool acts = false;                   // the event is of this process, which was looked into at it

    [[nodiscard]] const Event& event() const { return context.recording.events()[context.moment]; }
};

inline constexpr std::size_t most_stage_rows = 8;  // of a card

// Of the program's text, as long as a row may be.
[[nodiscard]] std::string short_stage_text(std::string_view bytes);

// What the variables were, by name and address.
using StageBefore = std::map<std::pair<std::string_view, Address>, const Variable*>;
[[nodiscard]] StageBefore stage_before(std::span<const Variable> variables);

// `before`: nullptr: not known, or not to be marked.
// `function`: empty for a global.
[[nodiscard]] StageRow stage_row_of(const StageLook& look, const Variable& variable, std::string_view function,
                                    const StageBefore* before, Rank rank);

// Keeps those of the best ranks, in the order in which they were: what changes stays in its place. Returns how many are gone.
std::size_t keep_few_rows(std::vector<StageRow>& rows, std::size_t most = most_stage_rows);

}  // namespace procatlas
