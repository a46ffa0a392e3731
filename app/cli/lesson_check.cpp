#include "app/cli/lesson_check.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "app/cli/lesson_runs.h"
#include "app/control/lesson_library.h"
#include "core/lesson/check_question.h"

namespace procatlas {
namespace {

// The question of a step in the language that is told, and its words in all the others.
void check_words(const Lesson& lesson, const std::vector<Lesson>& others, const std::vector<std::string>& languages,
                 LessonRuns& runs, StepChecked& result) {
    const std::size_t place = result.place.value_or(0);
    auto answer = check_question(*lesson.steps[result.step].question, *runs.recorded(), place, lesson.file);
    if (!answer) {
        result.error = answer.error().message;
        return;
    }
    result.answer = std::move(*answer);
    for (std::size_t k = 0; k < others.size() && result.error.empty(); ++k) {
        const auto other = check_question(*others[k].steps[result.step].question, *runs.recorded(), place, others[k].file);
        result.error = other ? "" : fmt::format("{} (in lesson.{}.md)", other.error().message, languages[k]);
    }
}

}  // namespace

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
    std::string missed;  // why a step did not arrive …
    std::size_t missed_at = 0;
    for (std::size_t i = 0; i < checked.lesson.steps.size(); ++i) {
        const LessonStep& step = checked.lesson.steps[i];
        StepChecked& result = checked.steps.emplace_back();
        result.step = i;
        if (step.run) {
            const auto begun = runs.begin(*step.run);
            stands = begun.has_value();
            result.error = begun ? std::string() : begun.error().message;
            missed_at = i;
        }
        if (!stands) {
            result.error = step.run ? result.error : fmt::format("not tried, because of step {}", missed_at + 1);
            continue;
        }
        const auto place = runs.place(i);
        if (!place) {
            const bool again = std::exchange(missed, place.error().message) == place.error().message;
            missed_at = again ? missed_at : i;
            result.error = again ? fmt::format("not tried, because of step {}", missed_at + 1) : missed;
            continue;
        }
        result.place = *place;
        if (step.show && runs.recorded()) {
            // What a question's answer shows is pointed at too.
            const auto told = step.question && !step.question->moment.empty()
                                  ? runs.recorded()->ask_moment(step.question->moment, place->value_or(0))
                                  : Result<std::size_t>(place->value_or(0));
            const auto missing =
                missing_variable(step, runs.recording(), {place->value_or(0), told.value_or(place->value_or(0))});
            if (!missing.empty()) {
                result.error = fmt::format("{}:{}: {}", checked.lesson.file, step.show->point_line, missing);
                continue;
            }
        }
        if (step.question && runs.recorded()) {
            if (auto hidden = hidden_place(step); !hidden.empty()) {
                result.error = fmt::format("{}:{}: {}", checked.lesson.file, step.show->line, hidden);
                continue;
            }
            check_words(checked.lesson, others, loaded->languages, runs, result);
        }
    }
    return checked;
}

}  // namespace procatlas
