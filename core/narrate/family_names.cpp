#include "core/narrate/family_names.h"

#include <ranges>

namespace procatlas {
namespace {

// Below this many generations a process is called by its place in the order of births: names stay short, and differ.
constexpr std::size_t named_generations = 6;

std::string far_name(std::size_t process) {
    return "…" + std::to_string(process);
}

std::string child_name(const std::string& parent, std::size_t number) {
    return parent == "P" ? "C" + std::to_string(number)
                         : parent + (parent.starts_with('P') ? "C" : ".") + std::to_string(number);
}

// The place of a process among those for which `counts` is true, from 1.
template <typename Processes, typename Counts>
std::size_t number_among(const Processes& processes, std::size_t process, Counts counts) {
    std::size_t number = 0;
    for (const std::size_t other : processes) {
        number += counts(other) ? 1 : 0;
        if (other == process) {
            break;
        }
    }
    return number;
}

}  // namespace

std::string family_name(const World& world, std::size_t process) {
    std::vector<std::size_t> line{process};  // up to the first ancestor
    while (line.size() < world.processes.size() && !world.is_of_launcher(line.back()) &&
           world.processes[line.back()].parent.value_or(line.back()) < line.back()) {
        line.push_back(*world.processes[line.back()].parent);
    }
    if (line.size() > named_generations) {
        return far_name(process);
    }
    const std::size_t first = line.back();
    std::string name = "P";
    if (world.is_of_launcher(first)) {
        name = "L" + std::to_string(first);
    } else if (first != 0) {
        const auto all = std::views::iota(std::size_t{0}, first + 1);
        name = "P" + std::to_string(number_among(all, first, [&](std::size_t i) { return !world.processes[i].parent; }));
    }
    for (std::size_t i = line.size() - 1; i-- > 0;) {
        name = child_name(name, number_among(world.processes[line[i + 1]].children, line[i],
                                             [&](std::size_t child) { return !world.is_of_launcher(child); }));
    }
    return name;
}

std::vector<std::string> family_names(const World& world) {
    std::vector<std::string> names(world.processes.size());
    std::size_t roots = 0;
    std::vector<std::size_t> generation(world.processes.size(), 1);
    std::vector<std::size_t> counted(world.processes.size(), 0);  // children named so far
    for (std::size_t i = 0; i < names.size(); ++i) {
        const auto& parent = world.processes[i].parent;
        if (world.is_of_launcher(i)) {
            names[i] = "L" + std::to_string(i);
        } else if (!parent || *parent >= i) {
            names[i] = ++roots == 1 ? "P" : "P" + std::to_string(roots);
        } else {
            generation[i] = generation[*parent] + 1;
            const std::size_t number = ++counted[*parent];
            names[i] = generation[i] > named_generations ? far_name(i) : child_name(names[*parent], number);
        }
    }
    return names;
}

}  // namespace procatlas
