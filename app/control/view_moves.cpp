#include "app/control/view_moves.h"

#include <algorithm>
#include <array>

namespace procatlas {

std::optional<std::size_t> process_to_step(const View& view, const World& world) {
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

void select_process(View& view, std::size_t process) {
    if (view.selected != process) {
        view.selected = process;
        ++view.cues.show_selected;
    }
}

void select_neighbour(View& view, std::span<const std::size_t> order, Neighbour which) {
    if (order.empty()) {
        return;
    }
    const auto found = std::ranges::find(order, view.selected);
    const std::ptrdiff_t direction = which == Neighbour::below ? 1 : -1;
    // Of one that is hidden, the first has its place.
    const auto at =
        found == order.end() ? 0 : std::clamp<std::ptrdiff_t>(found - order.begin() + direction, 0, std::ssize(order) - 1);
    view.selected = order[static_cast<std::size_t>(at)];
    view.region = {};
    ++view.cues.show_selected;
}

void toggle_column(View& view, const World& world) {
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

void add_column(View& view, const World& world) {
    if (std::ranges::find(view.columns, view.selected) == view.columns.end()) {
        toggle_column(view, world);
    }
}

void follow_columns(View& view, const World& world, std::size_t room) {
    const ShownProcesses processes(world, world, view.choice);
    if (view.columns_chosen && view.columns_follow != view.choice) {
        const auto is_hidden = [&](std::size_t process) { return process < processes.all() && !processes.shows(process); };
        std::erase_if(view.columns, is_hidden);
        view.columns_chosen = !view.columns.empty();
    }
    view.columns_follow = view.choice;
    if (!view.columns_chosen && !world.processes.empty()) {
        view.columns = first_and_youngest(processes, std::max<std::size_t>(room, 1));
    }
}

std::filesystem::path first_folder(const View& view) {
    if (view.own.folder) {
        return view.own.folder->folder;
    }
    const auto& recent = view.settings.recent;
    const auto last = std::ranges::find_if(recent, [](const RecentCommand& command) { return !command.file.empty(); });
    return last == recent.end() ? std::filesystem::path(".") : std::filesystem::path(last->file).parent_path();
}

int next_zoom(int now, ZoomTo to) {
    constexpr std::array<int, 11> levels = {75, 90, 100, 110, 125, 150, 175, 200, 250, 300, 400};
    switch (to) {
        case ZoomTo::larger: {
            const auto found = std::ranges::upper_bound(levels, now);
            return found == levels.end() ? levels.back() : *found;
        }
        case ZoomTo::smaller: {
            const auto found = std::ranges::lower_bound(levels, now);
            return found == levels.begin() ? levels.front() : *std::prev(found);
        }
        case ZoomTo::normal:
            return 100;
    }
    return now;
}

}  // namespace procatlas
