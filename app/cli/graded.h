// The answers of a class, as a table. Pure.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/narrate/messages.h"
#include "core/store/student_answers.h"

namespace procatlas {

struct HandedIn {
    std::string file;  // safe to show
    std::vector<StudentAnswer> answers;
    std::string error;  // why it cannot be read; empty: it was
};

// How many questions a lesson asks, by its name; one that is not here is not known. A student may not have come to all of them.
using QuestionsAsked = std::map<std::string, std::size_t>;

// The first file before this one whose answers are the same, given at the same times; names may differ. nullopt: there is none.
// Tables count such a file once, and say so.
[[nodiscard]] std::optional<std::size_t> same_as(const std::vector<HandedIn>& files, std::size_t index);

// A lesson after the other; of each question who predicted what, the commonest first, and at the end how many each has right.
[[nodiscard]] std::string graded_text(const std::vector<HandedIn>& files, const QuestionsAsked& asked, const Messages& words);
// A row for each answer, with a header. No cell is taken for a formula by a spreadsheet.
[[nodiscard]] std::string graded_csv(const std::vector<HandedIn>& files, const QuestionsAsked& asked);
// README.md describes it.
[[nodiscard]] std::string graded_json(const std::vector<HandedIn>& files, const QuestionsAsked& asked);

}  // namespace procatlas
