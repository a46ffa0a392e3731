#include "core/lesson/class_answers.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

#include "core/lesson/arrive.h"
#include "core/lesson/lesson_places.h"

namespace procatlas {

namespace {

// What was typed is an answer even where it is none to this kind of question: it is kept as it is, and is wrong.
AnswerWords words_of(const Question& question, const Recording& recording, const World& world, const std::string& typed) {
    auto words = parse_typed_answer(question, typed);
    if (words && question.kind == QuestionKind::place) {
        words = known_place(recording, world, question.place, std::move(*words));
    }
    return words ? std::move(*words) : AnswerWords{typed};
}

}  // namespace

void ClassAnswers::take(const Question& question, std::size_t step, const RightAnswer& right, const Recording& recording,
                        std::size_t place, std::span<const ClassVote> votes) {
    const World world = recording.world_at(place);
    expected_[step] = right.any_of.empty() ? AnswerWords() : right.any_of.front();
    for (const ClassVote& vote : votes) {
        if (given_.size() >= most) {
            return;
        }
        Given given{.step = step,
                    .visitor = vote.visitor,
                    .words = question.kind == QuestionKind::choice ? AnswerWords{vote.answer}
                                                                   : words_of(question, recording, world, vote.answer),
                    .place = place,
                    .unix_ms = vote.unix_ms};
        given.right = is_right(question, right, given.words);
        given_.push_back(std::move(given));
        names_[vote.visitor] = vote.name;
    }
}

std::map<std::uint64_t, std::string> ClassAnswers::names(std::string_view nameless) const {
    std::map<std::uint64_t, std::string> names;
    std::set<std::string> taken;
    std::map<std::string, int> bearers;  // so many have that name
    for (const auto& [visitor, name] : names_) {
        std::string own = name;
        while (!name.empty() && !taken.insert(own).second) {
            own = fmt::format("{} ({})", name, ++bearers.try_emplace(name, 1).first->second);
        }
        names[visitor] = own;
    }
    int number = 0;
    for (auto& [visitor, name] : names) {
        while (name.empty()) {
            std::string called(nameless);
            if (const auto at = called.find("{}"); at != std::string::npos) {
                called.replace(at, 2, std::to_string(++number));
            } else {
                called += fmt::format(" {}", ++number);
            }
            if (taken.insert(called).second) {
                name = std::move(called);
            }
        }
    }
    return names;
}

std::vector<StudentAnswer> ClassAnswers::rows(const LessonWalk& walk, std::string_view lesson,
                                              std::string_view nameless) const {
    const auto who = names(nameless);
    const Lesson& written = walk.lesson();
    const auto run = run_of_step(written, walk.step());
    std::vector<StudentAnswer> rows;
    for (const Given& given : given_) {
        if (given.step >= written.steps.size() || !written.steps[given.step].question) {
            continue;  // the lesson was saved since
        }
        const LessonStep& step = written.steps[given.step];
        const AnswerWords& expected = expected_.at(given.step);
        StudentAnswer row;
        row.who = who.at(given.visitor);
        row.lesson = lesson;
        row.title = written.title;
        row.step = static_cast<std::uint32_t>(given.step + 1);
        row.question = step.question->ask.empty() ? step.heading : step.question->ask;
        row.given = fmt::format("{}", fmt::join(given.words, ", "));
        row.given_text = answer_text(*step.question, given.words);
        row.expected = fmt::format("{}", fmt::join(expected, ", "));
        row.expected_text = answer_text(*step.question, expected);
        row.right = given.right;
        row.moment = run_of_step(written, given.step) == run ? std::optional(given.place) : std::nullopt;
        row.unix_ms = given.unix_ms;
        rows.push_back(std::move(row));
    }
    std::ranges::stable_sort(rows, {}, &StudentAnswer::step);
    return rows;
}

}  // namespace procatlas
