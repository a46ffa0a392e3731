#include "core/lesson/check_question.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "core/base/text.h"
#include "core/lesson/lesson_places.h"
#include "core/model/inside.h"
#include "core/model/pointed.h"
#include "core/narrate/family_names.h"

namespace procatlas {
namespace {

// A right answer that no student can give, or everybody can; empty: it is neither.
std::string useless_answer(const Question& question, const AnswerWords& right, const Recording& recording, std::size_t moment) {
    const std::string& word = right.front();
    if (question.kind == QuestionKind::order) {
        const bool as_written = std::ranges::equal(right, question.items, {}, {}, &QuestionItem::key);
        return as_written && right.size() > 1 ? "the items stand in the right order already: write them in another one" : "";
    }
    const bool of_process = question.kind == QuestionKind::place && question.place == PlaceOf::process;
    if (question.kind == QuestionKind::place && !of_process &&
        !known_place(recording, recording.world_at(moment), question.place, right)) {
        return fmt::format("nobody can answer \"{}\": there is no such {} at this step", display_text(word),
                           place_name(question.place));
    }
    if (!of_process && question.kind != QuestionKind::tree) {
        return {};
    }
    const std::vector<std::string> names = family_names(recording.last_world());
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

bool has_variable(const Process& process, const Pointed& pointed) {
    const auto among = [&](const std::vector<Variable>& variables) {
        return std::ranges::any_of(variables, [&](const Variable& one) { return points_at_variable(pointed, one.name); });
    };
    const auto on_stack = [&](const ThreadState& thread) {
        return thread.stack &&
               std::ranges::any_of(thread.stack->frames, [&](const auto& frame) { return among(frame->variables); });
    };
    return (process.globals && among(*process.globals)) || std::ranges::any_of(process.threads, on_stack);
}

}  // namespace

std::string missing_variable(const LessonStep& step, const Recording& recording, std::initializer_list<std::size_t> moments) {
    for (const Pointed& pointed : step.show ? step.show->points : std::vector<Pointed>()) {
        const auto has = [&](std::size_t moment) {
            const World world = recording.world_at(moment);
            return std::ranges::any_of(world.processes, [&](const Process& process) { return has_variable(process, pointed); });
        };
        if (pointed.kind == PointedKind::variable && std::ranges::none_of(moments, has)) {
            return fmt::format("no process has a variable \"{}\" at this step (variables are known from \"grain: calls\" on)",
                               display_text(pointed.name));
        }
    }
    return {};
}

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

Result<std::string> check_question(const Question& question, RecordedRun& run, std::size_t moment, std::string_view file) {
    const auto right = ask_answer(question, run, moment, file);
    if (!right) {
        return std::unexpected(right.error());
    }
    const AnswerWords& first = right->any_of.front();
    if (const auto useless = useless_answer(question, first, run.recording(), moment); !useless.empty()) {
        return fail(fmt::format("{}:{}: {}", file, question.answer_line, useless));
    }
    std::vector<AnswerWords> answers = right->any_of;
    for (const QuestionItem& item : question.items) {
        if (question.kind == QuestionKind::choice) {
            answers.push_back({item.key});
        }
    }
    answers.emplace_back();
    for (const AnswerWords& given : answers) {
        if (const auto verdict = judge(question, given, run, moment, file); !verdict) {
            return std::unexpected(verdict.error());
        }
    }
    return answer_text(question, first);
}

}  // namespace procatlas
