// Outcomes of an exploration (core/explore), beside one another. Pure.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>

#include "core/explore/explore.h"
#include "core/narrate/messages.h"

namespace procatlas {

// How much two outcomes have in common until they part: lines that were printed, choices of who goes on.
struct OutcomesApart {
    std::size_t lines = 0;
    std::size_t choices = 0;
};
[[nodiscard]] OutcomesApart outcomes_apart(const ExploredOutcome& first, const ExploredOutcome& second);

// How many lines all of them begin with; 0 where there is only one.
[[nodiscard]] std::size_t lines_in_common(std::span<const ExploredOutcome> outcomes);

// The first other outcome of which a run had the very same pairs in the same order, so that they do not tell the two apart.
// nullopt: there is none.
[[nodiscard]] std::optional<std::size_t> decided_alike(const Explored& explored, std::size_t outcome);

// "because C1 (write to terminal) before P (write to terminal)"
[[nodiscard]] std::string deciding_pair_text(const DecidingPair& pair, const Messages& words);

}  // namespace procatlas
