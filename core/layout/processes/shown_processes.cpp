#include "core/layout/processes/shown_processes.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "core/narrate/program_name.h"

namespace procatlas {

namespace {

std::string in_small_letters(std::string_view text) {
    std::string small(text);
    std::ranges::transform(small, small.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    return small;
}

bool has_state(const Process& process, StateFilter state) {
    switch (state) {
        case StateFilter::any:
            return true;
        case StateFilter::alive:
            return process.alive();
        case StateFilter::waiting:
            return process.state == ProcessState::running &&
                   (process.waits_for != 0 || process.waits.what != WaitingFor::nothing);
        case StateFilter::held:
            return process.state == ProcessState::held;
        case StateFilter::zombie:
            return process.state == ProcessState::zombie;
        case StateFilter::ended:
            break;
    }
    return !process.alive();
}

// A process that is not born yet has no state, and the name that it will have.
bool passes(const World& world, const World& shown, std::size_t process, const ProcessChoice& choice) {
    const bool born = process < shown.processes.size();
    const Process& told = born ? shown.processes[process] : world.processes[process];
    if (choice.state != StateFilter::any && !(born && has_state(told, choice.state))) {
        return false;
    }
    return choice.program.empty() ||
           in_small_letters(program_name(told)).find(in_small_letters(choice.program)) != std::string::npos;
}

// Helpers that made no process but helpers. A fork server with children is one of the family: without it they would hang below
// somebody who is not their parent.
std::vector<bool> helpers_to_fold(const World& world) {
    std::vector<bool> folds(world.processes.size());
    for (std::size_t i = 0; i < world.processes.size(); ++i) {
        const Process& process = world.processes[i];
        folds[i] = is_helper(process);
        if (const auto parent = process.parent; parent && *parent < i && !folds[i]) {
            folds[*parent] = false;
        }
    }
    return folds;
}

}  // namespace

void toggle_fold(ProcessChoice& choice, std::size_t process) {
    const auto place = std::ranges::lower_bound(choice.folded, process);
    if (place != choice.folded.end() && *place == process) {
        choice.folded.erase(place);
    } else {
        choice.folded.insert(place, process);
    }
}

bool is_helper(const Process& process) {
    constexpr std::array<std::string_view, 3> helpers{"from multiprocessing.resource_tracker ",
                                                      "from multiprocessing.semaphore_tracker ",
                                                      "from multiprocessing.forkserver "};
    const auto starts_one = [&](const std::string& word) {
        return std::ranges::any_of(helpers, [&](std::string_view helper) { return word.starts_with(helper); });
    };
    return process.made_by_exec && std::ranges::any_of(process.arguments, starts_one);
}

ShownProcesses::ShownProcesses(const World& world, const World& shown, const ProcessChoice& choice)
    : hidden_(world.processes.size(), Hidden::no), parents_(world.processes.size()) {
    std::vector<bool> below_fold(world.processes.size());
    const std::vector<bool> helpers = helpers_to_fold(world);
    for (std::size_t i = 0; i < world.processes.size(); ++i) {
        const Process& process = world.processes[i];
        if (const auto parent = process.parent; parent && *parent < i) {  // parents are born first
            below_fold[i] = below_fold[*parent] || std::ranges::binary_search(choice.folded, *parent);
            parents_[i] = shows(*parent) ? parent : parents_[*parent];
        }
        if (world.is_of_launcher(i) && !choice.launcher_open) {
            hidden_[i] = Hidden::launcher;
        } else if (below_fold[i]) {
            hidden_[i] = Hidden::folded;
        } else if (!choice.helpers_open && helpers[i]) {
            hidden_[i] = Hidden::helper;
        } else if (choice.filters() && !passes(world, shown, i, choice)) {
            hidden_[i] = Hidden::filtered;
        }
        if (shows(i)) {
            order_.push_back(i);
        }
    }
    add_rows(world, choice, helpers);
}

void ShownProcesses::add_rows(const World& world, const ProcessChoice& choice, const std::vector<bool>& helpers) {
    std::vector<FoldRow> each;
    if (world.launcher_processes > 0 && choice.launcher_open && shows(0)) {
        each.push_back({0, Hidden::launcher, 0});
    }
    for (std::size_t i = 0; i < hidden_.size(); ++i) {
        const bool open_helper = shows(i) && choice.helpers_open && helpers[i];
        const bool folded = hidden_[i] != Hidden::no && hidden_[i] != Hidden::filtered;
        if (parents_[i] && (folded || open_helper)) {
            each.push_back({*parents_[i], open_helper ? Hidden::helper : hidden_[i], open_helper ? 0U : 1U});
        }
    }
    const auto place = [](const FoldRow& row) { return std::pair(row.under, row.why); };
    std::ranges::sort(each, {}, place);
    for (const FoldRow& row : each) {
        if (rows_.empty() || place(rows_.back()) != place(row)) {
            rows_.push_back(row);
        } else {
            rows_.back().count += row.count;
        }
    }
}

std::optional<std::size_t> ShownProcesses::lane_of(std::size_t process) const {
    const auto found = std::ranges::lower_bound(order_, process);
    return found != order_.end() && *found == process ? std::optional(static_cast<std::size_t>(found - order_.begin()))
                                                      : std::nullopt;
}

std::vector<std::size_t> first_and_youngest(const ShownProcesses& processes, std::size_t most) {
    const auto& order = processes.order();
    std::vector<std::size_t> chosen;
    if (!order.empty() && most > 0) {
        chosen.push_back(order.front());
        const std::size_t others = std::min(order.size(), most) - 1;
        chosen.insert(chosen.end(), order.end() - static_cast<std::ptrdiff_t>(others), order.end());
    }
    return chosen;
}

}  // namespace procatlas
