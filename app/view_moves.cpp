#include "app/view_moves.h"

#include <algorithm>
#include <array>

namespace procatlas {

std::optional<std::size_t> process_to_step(const ViewState& view, const World& world) {
    const auto& processes = world.processes;
    const auto held = [](const Process& p) { return p.state == ProcessState::held; };
    if (view.selected < processes.size() && held(processes[view.selected])) {
        return view.selected;
    }
    std::optional<std::size_t> latest;
    for (std::size_t i = 0; i < processes.size(); ++i) {
        if (held(processes[i]) && (!latest || processes[i].last_moment > processes[*latest].last_moment)) {
            latest = i;
        }
    }
    return latest;
}

void select_process(ViewState& view, std::size_t process) {
    if (view.selected != process) {
        view.selected = process;
        view.show_selected = true;
    }
}

void select_neighbour(ViewState& view, std::span<const std::size_t> order, int direction) {
    const auto found = std::ranges::find(order, view.selected);
    if (found == order.end()) {
        return;
    }
    const auto at = std::clamp<std::ptrdiff_t>(found - order.begin() + direction, 0, std::ssize(order) - 1);
    view.selected = order[static_cast<std::size_t>(at)];
    view.region = {};
    view.show_selected = true;
}

void toggle_column(ViewState& view, const World& world) {
    if (view.selected >= world.processes.size()) {
        return;
    }
    const auto found = std::ranges::find(view.columns, view.selected);
    if (found != view.columns.end()) {
        view.columns.erase(found);
    } else {
        view.columns.push_back(view.selected);
        std::ranges::sort(view.columns);
    }
    view.columns_chosen = true;
}

int next_zoom(int now, int direction) {
    constexpr std::array<int, 11> levels = {75, 90, 100, 110, 125, 150, 175, 200, 250, 300, 400};
    if (direction > 0) {
        const auto found = std::ranges::upper_bound(levels, now);
        return found == levels.end() ? levels.back() : *found;
    }
    if (direction < 0) {
        const auto found = std::ranges::lower_bound(levels, now);
        return found == levels.begin() ? levels.front() : *std::prev(found);
    }
    return 100;
}

}  // namespace procatlas
