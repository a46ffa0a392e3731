#include "app/cli/lesson_check.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>
#include <utility>

#include "app/control/lesson_library.h"
#include "app/control/lesson_outcomes.h"
#include "app/control/lesson_program.h"
#include "core/base/text.h"
#include "core/lesson/arrive.h"
#include "core/narrate/family_names.h"

namespace procatlas {
namespace {

// A right answer that no student can give, or everybody can; empty: it is neither.
std::string useless_answer(const Question& question, const AnswerWords& right, const World& world) {
    const std::string& word = right.front();
    if (question.kind == QuestionKind::order) {
        const bool as_written = std::ranges::equal(right, question.items, {}, {}, &QuestionItem::key);
        return as_written && right.size() > 1 ? "the items stand in the right order already: write them in another one" : "";
    }
    const bool of_process = question.kind == QuestionKind::place && question.place == PlaceOf::process;
    if (!of_process && question.kind != QuestionKind::tree) {
        return {};
    }
    const std::vector<std::string> names = family_names(world);
    for (std::size_t at = 0; (at = word.find_first_not_of("(), ", at)) != std::string::npos;) {
        const std::size_t end = std::min(word.find_first_of("(), ", at), word.size());
        const std::string name = word.substr(at, end - at);
        if (std::ranges::find(names, name) == names.end()) {
            return fmt::format("\"{}\" is no process of this run: they are P, C1, C2, ..., and label(id) gives that name",
                               display_text(name));
        }
        at = end;
    }
    return {};
}

// What must be seen to answer, and is hidden until then; empty: nothing.
std::string hidden_place(const LessonStep& step) {
    if (!step.show || step.question->kind != QuestionKind::place) {
        return {};
    }
    constexpr std::array<std::pair<PlaceOf, std::string_view>, 4> needs{
        {{PlaceOf::region, "memory"}, {PlaceOf::page, "pages"}, {PlaceOf::frame, "stack"}, {PlaceOf::process, "tree"}}};
    for (const auto& [place, veil] : needs) {
        if (place == step.question->place && std::ranges::find(step.show->veils, veil) != step.show->veils.end()) {
            return fmt::format("what is to be clicked is hidden by \"veil: {}\"", veil);
        }
    }
    return {};
}

// Judges the right answer, and each choice, so that all that would be said to a student has been said once.
std::string judge_all(const Question& question, LessonRuns& runs, std::size_t moment, const std::string& file,
                      StepChecked& checked) {
    const auto right = ask_answer(question, *runs.recorded(), moment, file);
    if (!right) {
        return right.error().message;
    }
    checked.answer = answer_text(question, right->any_of.front());
    if (auto useless = useless_answer(question, right->any_of.front(), runs.recording().last_world()); !useless.empty()) {
        return fmt::format("{}:{}: {}", file, question.answer_line, useless);
    }
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
        if (step.question && runs.recorded()) {
            if (auto hidden = hidden_place(step); !hidden.empty()) {
                result.error = fmt::format("{}:{}: {}", checked.lesson.file, step.show->line, hidden);
                continue;
            }
            result.error = judge_all(*step.question, runs, place->value_or(0), checked.lesson.file, result);
            for (std::size_t k = 0; k < others.size() && result.error.empty(); ++k) {
                StepChecked ignored;
                result.error = judge_all(*others[k].steps[i].question, runs, place->value_or(0), others[k].file, ignored);
                result.error += result.error.empty() ? "" : fmt::format(" (in lesson.{}.md)", loaded->languages[k]);
            }
        }
    }
    return checked;
}

}  // namespace procatlas
