#include "core/lesson/kept_answers.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <string>

#include "core/lesson/arrive.h"

namespace procatlas {

std::vector<StudentAnswer> kept_answers(const LessonWalk& walk, std::string_view lesson, std::string_view who) {
    std::vector<StudentAnswer> rows;
    const Lesson& written = walk.lesson();
    const auto run = run_of_step(written, walk.step());
    for (std::size_t i = 0; i < written.steps.size(); ++i) {
        const GivenAnswer* const answer = walk.answered(i);
        if (!answer || !written.steps[i].question) {
            continue;
        }
        const Question& question = *written.steps[i].question;
        StudentAnswer row;
        row.who = who;
        row.lesson = lesson;
        row.title = written.title;
        row.step = static_cast<std::uint32_t>(i + 1);
        row.question = question.ask.empty() ? written.steps[i].heading : question.ask;
        if (!answer->given.empty()) {
            row.given = fmt::format("{}", fmt::join(answer->given, ", "));
            row.given_text = answer_text(question, answer->given);
        }
        row.expected = fmt::format("{}", fmt::join(answer->expected, ", "));
        row.expected_text = answer_text(question, answer->expected);
        row.right = answer->right;
        row.moment = run_of_step(written, i) == run ? std::optional(answer->place) : std::nullopt;
        row.unix_ms = answer->unix_ms;
        rows.push_back(std::move(row));
    }
    return rows;
}

}  // namespace procatlas
