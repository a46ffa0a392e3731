// What is right, by the rows of a question's query, and whether an answer is. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/lesson/lesson.h"
#include "core/lesson/recorded_run.h"

namespace procatlas {

// An answer, of a student or of the run. Its words by kind of question: choice: the key. number: digits. text: the text.
// place: the kind of region, the first byte of the page (0x...), the name of the frame's function, the line's number, or the
// process (P, C1, C1.1, ...); behind it the process, where the question is about one of several. order: the keys in order.
// tree: one word that tree_shape can read. fill: a value for each item, in their order.
using AnswerWords = std::vector<std::string>;

// All that is right: several words of a choice, a number, a text or a place are each right. Error: the rows do not fit the
// question, in the words of whoever wrote it.
struct RightAnswer {
    std::vector<AnswerWords> any_of;
};
[[nodiscard]] Result<RightAnswer> right_answer(const Question& question, const QueryRows& rows);

[[nodiscard]] bool is_right(const Question& question, const RightAnswer& right, const AnswerWords& given);

// As a person reads it: the text of the choice, the texts of the items in order, ...
[[nodiscard]] std::string answer_text(const Question& question, const AnswerWords& words);

// What a person typed: of a choice its number (from 1) or key, of an order the numbers of the items, ... nullopt: it is no
// answer to this kind of question. An order may lack its last item.
[[nodiscard]] std::optional<AnswerWords> parse_typed_answer(const Question& question, std::string_view typed);

// The word behind "lesson.type_" in the locale files that says what to type: of a place which one, else the kind of question.
[[nodiscard]] std::string_view typed_name(const Question& question);

struct Verdict {
    bool right = false;
    AnswerWords expected;
    std::string feedback;               // of the lesson; empty: it says nothing
    std::optional<std::size_t> moment;  // that shows what happened
};

// Asks the run. `moment`: where the step stands. Error: a query failed, or its rows do not fit; the sentence names the line in
// `file`.
[[nodiscard]] Result<RightAnswer> ask_answer(const Question& question, RecordedRun& run, std::size_t moment,
                                             std::string_view file);
[[nodiscard]] Result<Verdict> judge(const Question& question, const AnswerWords& given, RecordedRun& run, std::size_t moment,
                                    std::string_view file);

}  // namespace procatlas
