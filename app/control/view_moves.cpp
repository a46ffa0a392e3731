#include "app/control/view_moves.h"

#include <algorithm>
#include <array>
#include <utility>

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
    view.pinned = true;
    view.region = {};
    ++view.cues.show_selected;
}

void toggle_column(View& view, const World& world) {
    if (view.selected >= world.processes.size()) {
        return;
    }
    const auto found = std::ranges::find(view.columns, view.selected);
    if (found != view.columns.end()) {
        if (view.columns.size() == 1) {
            return;  // an empty stage shows nobody anything
        }
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

namespace {

// Full pages of `room` processes each; the last one begins earlier, so that it is full too.
std::vector<std::size_t> page_with(const std::vector<std::size_t>& order, std::size_t at, std::size_t room) {
    const std::size_t count = std::min(room, order.size());
    const std::size_t first = std::min(at / room * room, order.size() - count);
    const auto begin = order.begin() + static_cast<std::ptrdiff_t>(first);
    return {begin, begin + static_cast<std::ptrdiff_t>(count)};
}

// What is over gives its place to what lives and has none: first what was reaped, then what ended first.
// `selected` keeps its own.
void prefer_living(std::vector<std::size_t>& columns, const std::vector<std::size_t>& order, const World& world,
                   std::size_t selected) {
    const auto lives = [&](std::size_t process) { return world.processes[process].alive(); };
    const auto stays = [&](std::size_t process) { return process == selected || lives(process); };
    const auto end_of = [&](std::size_t process) {
        const Process& over = world.processes[process];
        return std::pair(!over.reap.has_value(), over.end_ns.value_or(0));
    };
    for (const std::size_t process : order) {
        if (!lives(process) || std::ranges::find(columns, process) != columns.end()) {
            continue;
        }
        const auto over = std::ranges::stable_partition(columns, stays);
        if (over.empty()) {
            break;
        }
        *std::ranges::min_element(over, {}, end_of) = process;
    }
    std::ranges::sort(columns, {}, [&](std::size_t process) { return std::ranges::find(order, process); });
}

// Whose child acts is what the stage is about: of a page that has no place for the parent, the first other process gives its
// own.
void keep_parent(std::vector<std::size_t>& columns, const std::vector<std::size_t>& order, const World& world,
                 std::size_t selected) {
    const auto has = [](const std::vector<std::size_t>& some, std::size_t process) {
        return std::ranges::find(some, process) != some.end();
    };
    const auto parent = selected < world.processes.size() ? world.processes[selected].parent : std::nullopt;
    if (!parent || !has(order, *parent) || !world.processes[*parent].alive() || has(columns, *parent) ||
        !has(columns, selected)) {
        return;
    }
    if (const auto other = std::ranges::find_if(columns, [&](std::size_t c) { return c != selected; });
        other != columns.end()) {
        *other = *parent;
        std::ranges::sort(columns, {}, [&](std::size_t process) { return std::ranges::find(order, process); });
    }
}

}  // namespace

void follow_columns(View& view, const World& world, std::size_t room) {
    const ShownProcesses processes(world, world, view.choice);
    if (view.columns_chosen && view.columns_follow != view.choice) {
        const auto is_hidden = [&](std::size_t process) { return process < processes.all() && !processes.shows(process); };
        std::erase_if(view.columns, is_hidden);
        view.columns_chosen = !view.columns.empty();
    }
    view.columns_follow = view.choice;
    if (view.columns_chosen || world.processes.empty()) {
        return;
    }
    view.columns_room = std::max<std::size_t>(room, 1);
    const auto& order = processes.order();
    const bool another = std::exchange(view.columns_selected, view.selected) != view.selected;
    const bool asked =
        another && processes.lane_of(view.selected) && std::ranges::find(view.columns, view.selected) == view.columns.end();
    std::erase_if(view.columns, [&](std::size_t process) { return !processes.lane_of(process); });
    if (asked || view.columns.empty()) {
        view.columns_turned = false;
        view.columns = page_with(order, processes.lane_of(view.selected).value_or(0), view.columns_room);
    } else if (view.columns.size() != std::min(view.columns_room, order.size())) {
        // Of another size, the page keeps the process that a person looks at.
        const bool keeps = std::ranges::find(view.columns, view.selected) != view.columns.end() && !view.columns_turned;
        view.columns = page_with(order, *processes.lane_of(keeps ? view.selected : view.columns.front()), view.columns_room);
    }
    if (!view.columns_turned) {
        prefer_living(view.columns, order, world, view.selected);
        keep_parent(view.columns, order, world, view.selected);
    }
}

void turn_columns(View& view, const World& world, Turn which) {
    const ShownProcesses processes(world, world, view.choice);
    const auto& order = processes.order();
    if (order.empty()) {
        return;
    }
    const std::size_t front = view.columns.empty() ? 0 : processes.lane_of(view.columns.front()).value_or(0);
    const std::size_t next = std::min(front + view.columns_room, order.size() - 1);
    const std::size_t at = which == Turn::forward ? next : front - std::min(front, view.columns_room);
    view.columns = page_with(order, at, view.columns_room);
    view.columns_chosen = false;
    view.columns_turned = at > 0;
}

ColumnPage column_page(const View& view, const World& world) {
    const ShownProcesses processes(world, world, view.choice);
    const auto lane_of = [&](std::size_t process) { return processes.lane_of(process).value_or(0); };
    const std::size_t first = view.columns.empty() ? 0 : lane_of(view.columns.front());
    const std::size_t last = view.columns.empty() ? 0 : lane_of(view.columns.back());
    return {first, last, view.columns.size(), processes.order().size()};
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
