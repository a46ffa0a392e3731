#include "app/cli/lesson_check.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "app/control/lesson_library.h"
#include "app/control/lesson_outcomes.h"
#include "app/control/lesson_program.h"
#include "core/lesson/arrive.h"

namespace procatlas {
namespace {

// Judges the right answer, and each choice, so that all that would be said to a student has been said once.
std::string judge_all(const Question& question, LessonRuns& runs, std::size_t moment, const std::string& file,
                      StepChecked& checked) {
    const auto right = ask_answer(question, *runs.recorded(), moment, file);
    if (!right) {
        return right.error().message;
    }
    checked.answer = answer_text(question, right->any_of.front());
    std::vector<AnswerWords> answers = right->any_of;
    for (const QuestionItem& item : question.items) {
        if (question.kind == QuestionKind::choice) {
            answers.push_back({item.key});
        }
    }
    answers.emplace_back();
    for (const AnswerWords& given : answers) {
        const auto verdict = judge(question, given, *runs.recorded(), moment, file);
        if (!verdict) {
            return verdict.error().message;
        }
    }
    return {};
}

}  // namespace

Result<void> LessonRuns::begin(const LessonRun& run) {
    if (!files_) {
        auto made = TemporaryFolder::make();
        if (!made) {
            return std::unexpected(made.error());
        }
        files_ = std::move(*made);
    }
    auto program = prepare_lesson_program(run, folder_, lesson_.file);
    if (!program) {
        return std::unexpected(program.error());
    }
    const auto file = files_->path() / fmt::format("run-{}.procatlas", ++count_);
    auto recorded = record_program(std::move(*program), run.only, file, lesson_run_patience);
    if (!recorded) {
        return fail(fmt::format("{}:{}: {}", lesson_.file, run.line, recorded.error().message));
    }
    const std::optional<std::filesystem::path> before = program_ ? std::optional(program_->file) : std::nullopt;
    recorded_.reset();
    program_ = std::move(*recorded);
    std::optional<PossibleOutcomes> possible;
    if (run.explore) {
        auto explored = possible_outcomes(program_->program.launch, program_->program.title);
        if (!explored) {
            return fail(fmt::format("{}:{}: {}", lesson_.file, run.line, explored.error().message));
        }
        possible = std::move(*explored);
    }
    auto opened = RecordedRun::open(program_->file, program_->live->recording(), before, possible);
    if (!opened) {
        return std::unexpected(opened.error());
    }
    recorded_ = std::move(*opened);
    return {};
}

Result<std::optional<std::size_t>> LessonRuns::place(std::size_t step) {
    if (!program_) {
        return std::nullopt;
    }
    return place_of_step(lesson_, step, recording(),
                         [this](const std::string& query, std::size_t moment) { return recorded_->ask_moment(query, moment); });
}

bool LessonChecked::ok() const {
    return error.empty() && std::ranges::all_of(steps, [](const StepChecked& step) { return step.error.empty(); });
}

LessonChecked check_lesson(const std::filesystem::path& folder, const std::string& language) {
    LessonChecked checked;
    auto loaded = load_lesson(folder, language);
    if (!loaded) {
        checked.error = loaded.error().message;
        return checked;
    }
    std::vector<Lesson> others;  // in the languages that are not told
    for (const std::string& other : loaded->languages) {
        auto lesson = load_lesson(folder, other);
        if (!lesson) {
            checked.error = lesson.error().message;
            return checked;
        }
        others.push_back(std::move(lesson->lesson));
    }
    checked.lesson = std::move(loaded->lesson);
    LessonRuns runs(checked.lesson, folder);
    bool stands = true;  // whether the run of the step is there
    for (std::size_t i = 0; i < checked.lesson.steps.size(); ++i) {
        const LessonStep& step = checked.lesson.steps[i];
        StepChecked& result = checked.steps.emplace_back();
        result.step = i;
        if (step.run) {
            const auto begun = runs.begin(*step.run);
            stands = begun.has_value();
            result.error = begun ? std::string() : begun.error().message;
        }
        if (!stands) {
            continue;
        }
        const auto place = runs.place(i);
        if (!place) {
            result.error = place.error().message;
            continue;
        }
        result.place = *place;
        if (step.question && runs.recorded()) {
            result.error = judge_all(*step.question, runs, place->value_or(0), checked.lesson.file, result);
            for (const Lesson& other : others) {
                StepChecked ignored;
                if (result.error.empty()) {
                    result.error = judge_all(*other.steps[i].question, runs, place->value_or(0), other.file, ignored);
                }
            }
        }
    }
    return checked;
}

}  // namespace procatlas
