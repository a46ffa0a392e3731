// The objects of a Python program to which names of the student lead, as rows of the stage. Pure.
#pragma once

#include <span>
#include <string>
#include <utility>
#include <vector>

#include "core/layout/stage/stage_rows.h"

namespace procatlas {

// An address, and the names that lead to it: "a, b".
using NamedObjects = std::vector<std::pair<Address, std::string>>;

// In the order of the names. Empty: the program is not Python's.
[[nodiscard]] NamedObjects named_objects(const StageLook& look);

// Each with its address. `python`: the frames and names as cards, whose changed rows say which object is another now.
[[nodiscard]] std::vector<std::pair<Address, StageRow>> stage_objects(const StageLook& look, const NamedObjects& objects,
                                                                      std::span<const StageCard> python);

// Whether a name is one that the student did not make: it would hide those of interest.
[[nodiscard]] bool is_uninteresting_name(const Process& process, const Variable& variable);

}  // namespace procatlas
