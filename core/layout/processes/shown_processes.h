// Which processes tree, timeline and columns show, and why the others are not there: one rule for all views. The recording and
// its JSON know nothing of it. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/model/world.h"

namespace procatlas {

enum class StateFilter : std::uint8_t { any, alive, waiting, held, zombie, ended };

// What a person has folded away and asked for.
struct ProcessChoice {
    std::vector<std::size_t> folded = {};  // the descendants of these are folded; indices in World::processes, ascending
    bool launcher_open = false;            // shows what ran before the program that the person named
    bool helpers_open = false;             // shows what Python's multiprocessing runs for itself, without children
    std::string program = {};              // a part of the program's name, in any case of its letters; empty: any program
    StateFilter state = StateFilter::any;  // at the shown moment

    [[nodiscard]] bool filters() const { return !program.empty() || state != StateFilter::any; }
    bool operator==(const ProcessChoice&) const = default;
};

// Folds the subtree below `process`, or unfolds it.
void toggle_fold(ProcessChoice& choice, std::size_t process);

enum class Hidden : std::uint8_t { no, launcher, helper, folded, filtered };

// One row in place of processes that are folded away, below the card of the process `under`.
struct FoldRow {
    std::size_t under = 0;
    Hidden why = Hidden::folded;
    std::size_t count = 0;  // 0: they are open, and the row closes them

    bool operator==(const FoldRow&) const = default;
};

class ShownProcesses {
public:
    ShownProcesses() = default;
    // `world`: has all that are to be told about. `shown`: the same one, or at an earlier moment; its states count.
    ShownProcesses(const World& world, const World& shown, const ProcessChoice& choice);

    [[nodiscard]] Hidden hidden(std::size_t process) const { return hidden_[process]; }
    [[nodiscard]] bool shows(std::size_t process) const { return hidden_[process] == Hidden::no; }
    // The nearest process above that is shown; none: there is none.
    [[nodiscard]] std::optional<std::size_t> shown_parent(std::size_t process) const { return parents_[process]; }
    // In the order of the processes that they are under; of one process: launcher, helpers, subtree.
    [[nodiscard]] const std::vector<FoldRow>& rows() const { return rows_; }
    // Those that are shown, in order of birth: each has a lane in the timeline.
    [[nodiscard]] const std::vector<std::size_t>& order() const { return order_; }
    [[nodiscard]] std::optional<std::size_t> lane_of(std::size_t process) const;
    // How many there are, shown or not.
    [[nodiscard]] std::size_t all() const { return hidden_.size(); }

private:
    void add_rows(const World& world, const ProcessChoice& choice, const std::vector<bool>& helpers);

    std::vector<Hidden> hidden_;
    std::vector<std::optional<std::size_t>> parents_;
    std::vector<FoldRow> rows_;
    std::vector<std::size_t> order_;
};

// Whether multiprocessing runs this process for itself: its resource_tracker, or the forkserver that makes children.
[[nodiscard]] bool is_helper(const Process& process);

// The first of them and the youngest others, at most `most` in all: the columns of memory when the user has not chosen any.
[[nodiscard]] std::vector<std::size_t> first_and_youngest(const ShownProcesses& processes, std::size_t most);

}  // namespace procatlas
