// World -> Scene: processes side by side, with the same region at the same height. Between two neighbours: how much of it they
// still share, and how much was copied since the fork. Below: variables with one address and two values. Pure.
#pragma once

#include <cstddef>
#include <span>

#include "core/layout/layout_context.h"
#include "core/model/recording.h"
#include "core/narrate/messages.h"
#include "core/scene/scene.h"

namespace procatlas {

struct CompareView {
    float width = 760;
    std::size_t most_regions = 10;
    std::size_t most_variables = 12;
};

// A variable that has the same name and address in two processes, but different values.
struct SplitVariable {
    std::string name;
    Address address = 0;
    std::vector<std::string> values;  // for each process; empty: unknown
};
[[nodiscard]] std::vector<SplitVariable> split_variables(const World& world, std::span<const std::size_t> processes);

[[nodiscard]] Scene layout_compare(const LayoutContext& context, std::span<const std::size_t> processes,
                                   const CompareView& view);

// How many processes have room side by side, each with what it shares with the next one.
[[nodiscard]] std::size_t compare_columns_that_fit(float width);

}  // namespace procatlas
