#include "core/layout/processes/process_chips.h"

#include <algorithm>
#include <numeric>

namespace procatlas {

ProcessChips process_chips(const World& world, std::span<const std::size_t> order, std::span<const std::size_t> columns,
                           const ChipWidths& widths) {
    const bool all_fit = std::accumulate(widths.names.begin(), widths.names.end(), 0.0F) <= widths.room;
    const auto has_column = [&](std::size_t i) { return std::ranges::find(columns, order[i]) != columns.end(); };
    const auto rank = [&](std::size_t i) {
        const Process& process = world.processes[order[i]];
        return has_column(i) ? 0 : process.alive() ? 1 : process.state == ProcessState::zombie ? 2 : 3;
    };
    std::vector<std::size_t> ranked(order.size());
    std::iota(ranked.begin(), ranked.end(), std::size_t{0});
    std::ranges::stable_sort(ranked, {}, rank);
    std::vector<bool> is_named(order.size(), all_fit);
    float room = all_fit ? 0 : widths.room - widths.count;
    for (const std::size_t i : ranked) {
        room -= all_fit ? 0 : widths.names[i];
        if (room < 0) {
            if (has_column(i)) {
                is_named.assign(order.size(), false);
            }
            break;
        }
        is_named[i] = true;
    }
    ProcessChips chips;
    for (std::size_t i = 0; i < order.size(); ++i) {
        (is_named[i] ? chips.named : chips.counted).push_back(order[i]);
    }
    return chips;
}

}  // namespace procatlas
