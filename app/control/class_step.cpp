#include "app/control/class_step.h"

#include <fmt/format.h>

#include <algorithm>
#include <initializer_list>
#include <set>
#include <string_view>
#include <utility>

#include "app/control/step_figure.h"
#include "core/base/text.h"
#include "core/lesson/arrive.h"
#include "core/lesson/judge.h"
#include "core/lesson/lesson_places.h"

namespace procatlas {

namespace {

// A place that can be told by a short list is chosen from it, as in the terminal: nobody can click on a phone's picture.
std::vector<SharedQuestion::Choice> place_choices(const Question& question, const LessonSession& lesson, const LiveRun& run) {
    std::vector<SharedQuestion::Choice> choices;
    if (question.kind != QuestionKind::place || lesson.phase() != LessonPhase::ready) {
        return choices;
    }
    const World world = run.recording().world_at(lesson.place().value_or(0));
    for (const LessonPlace& place : listed_places(run.recording(), world, question.place)) {
        const auto words = place_words(run.recording(), world, place);
        if (!words) {
            continue;
        }
        std::string text;
        for (const std::string& word : *words) {
            text += (text.empty() ? "" : " ") + word;
        }
        const auto parsed = parse_typed_answer(question, text);
        if (parsed == words && std::ranges::find(choices, text, &SharedQuestion::Choice::key) == choices.end()) {
            choices.push_back({text, text});
        }
    }
    return choices;
}

bool is_expected(const Question& question, const GivenAnswer& given, const std::string& key) {
    if (question.kind != QuestionKind::place) {
        return std::ranges::find(given.expected, key) != given.expected.end();
    }
    const auto words = parse_typed_answer(question, key);
    return words && is_right(question, {{given.expected}}, *words);
}

// Its own text if it has one in this language.
const LessonStep& step_in(const std::optional<Lesson>& written, const LessonWalk& walk) {
    return written && walk.step() < written->steps.size() ? written->steps[walk.step()] : walk.now();
}

// As the terminal takes what is typed.
std::optional<TypedAnswer> read_answer(const Question& question, const std::optional<RightAnswer>& right, const LiveRun& run,
                                       std::size_t place, std::string_view typed) {
    auto words = parse_typed_answer(question, typed);
    if (words && question.kind == QuestionKind::place) {
        const World world = run.recording().world_at(place);
        words = known_place(run.recording(), world, question.place, std::move(*words));
    }
    if (!words) {
        return std::nullopt;
    }
    TypedAnswer answer{.key = {}, .text = answer_text(question, *words), .right = right && is_right(question, *right, *words)};
    for (const std::string& word : *words) {
        const auto item = std::ranges::find(question.items, word, &QuestionItem::key);
        const bool by_number = question.kind == QuestionKind::order && item != question.items.end();
        const char* between = question.kind == QuestionKind::text ? "" : " ";
        answer.key +=
            (answer.key.empty() ? "" : between) + (by_number ? std::to_string(item - question.items.begin() + 1) : word);
    }
    return answer;
}

// Nothing is asked before the run that answers is there.
std::optional<SharedQuestion> class_question(LessonSession& lesson, const LiveRun& run) {
    const LessonWalk& walk = lesson.walk();
    const Question* question = walk.question();
    if (question == nullptr || (walk.open() && lesson.phase() == LessonPhase::running)) {
        return std::nullopt;
    }
    SharedQuestion shared{.key = lesson.question_key(), .ask = question->ask.empty() ? walk.now().heading : question->ask};
    if (question->kind == QuestionKind::choice) {
        for (const QuestionItem& item : question->items) {
            shared.choices.push_back({item.key, item.text});
        }
    } else {
        shared.choices = place_choices(*question, lesson, run);
    }
    if (const GivenAnswer* given = walk.answered(walk.step())) {
        shared.open = false;
        for (const SharedQuestion::Choice& choice : shared.choices) {
            if (is_expected(*question, *given, choice.key)) {
                shared.right.push_back(choice.key);
            }
        }
        if (shared.choices.empty()) {
            shared.right = {answer_text(*question, given->expected)};
        }
    }
    if (shared.choices.empty()) {
        const auto right = shared.open ? std::nullopt : lesson.right_answer();
        shared.read = [asked = *question, right, &run, place = lesson.place().value_or(0)](std::string_view typed) {
            return read_answer(asked, right, run, place, typed);
        };
    }
    return shared;
}

// What the questions of the step's run veil that are not closed yet.
std::set<std::string> pending_veils(const LessonWalk& walk) {
    std::set<std::string> veils;
    const auto run = run_of_step(walk.lesson(), walk.step());
    for (std::size_t i = 0; i < walk.lesson().steps.size(); ++i) {
        const LessonStep& step = walk.lesson().steps[i];
        if (step.question && step.show && walk.answered(i) == nullptr && run_of_step(walk.lesson(), i) == run) {
            veils.insert(step.show->veils.begin(), step.show->veils.end());
        }
    }
    return veils;
}

SharedParts parts_of(const LessonWalk& walk, std::size_t processes) {
    SharedParts parts;
    const auto has = [](const auto& names, std::initializer_list<std::string_view> any) {
        return std::ranges::any_of(names, [&](const std::string& name) { return std::ranges::find(any, name) != any.end(); });
    };
    if (const LessonShow* show = walk.show()) {
        parts.tree = has(show->views, {"tree"});
        parts.memory = has(show->views, {"memory", "inside"});
        parts.timeline = has(show->views, {"timeline"});
    }
    const std::set<std::string> veils = pending_veils(walk);
    const bool no_names = has(veils, {"pids", "states"});
    parts.memory &=
        !no_names && !is_veiled("memory", veils, processes) && !has(veils, {"kinds", "addresses", "values", "pages"});
    parts.tree &= !no_names && !is_veiled("tree", veils, processes);
    parts.timeline &= !no_names && !is_veiled("timeline", veils, processes);
    parts.sentence = veils.empty() || veils == std::set<std::string>{"output"};
    return parts;
}

}  // namespace

void ClassStep::read(const LessonSession& lesson) {
    written_.clear();
    for (const PageLanguage& language : languages_) {
        auto loaded = load_lesson(lesson.entry().folder, language.code);
        written_.push_back(loaded ? std::optional(std::move(loaded->lesson)) : std::nullopt);
    }
}

void ClassStep::follow(LessonSession* lesson, const LiveRun& run) {
    if (lesson == nullptr) {
        key_.reset();
        step_.reset();
        question_.reset();
        until_.reset();
        parts_ = {};
        return;
    }
    const LessonWalk& walk = lesson->walk();
    const auto saved = lesson_written(lesson->entry().folder);
    Key key{lesson->entry().folder, walk.step(), lesson->phase(), walk.answered(walk.step()) != nullptr, lesson->moment(),
            run.generation(),       saved};
    if (key_ == key) {
        return;
    }
    if (!key_ || std::get<0>(*key_) != std::get<0>(key) || std::get<6>(*key_) != saved) {
        read(*lesson);
    }
    key_ = std::move(key);
    question_ = class_question(*lesson, run);
    bound(*lesson, run);
    SharedStep step{.number = walk.step(),
                    .count = walk.lesson().steps.size(),
                    .running = lesson->phase() == LessonPhase::running,
                    .problem = lesson->phase() == LessonPhase::failed ? lesson->problem() : std::string(),
                    .asks_names = asks_names_};
    for (std::size_t i = 0; i < languages_.size(); ++i) {
        step.words.push_back(words_of(i, *lesson, run));
    }
    if (const LessonShow* show = walk.show(); show && lesson->phase() == LessonPhase::ready) {
        std::set<std::string> veils(walk.veils().begin(), walk.veils().end());
        if (walk.open()) {
            veils.emplace(veiled_comments);
        }
        const std::size_t moment = lesson->moment().value_or(run.recording().last_moment());
        step.figure = step_figure(*show, *walk.run(), veils, run.recording().world_at(moment).processes.size());
        if (step.figure) {
            step.figure->theme = Theme::light;
            step.figure->pointed = show->points;
            step.figure->moment = moment;
            step.figure->memory_height = 480;
        }
    }
    step_ = std::make_shared<const SharedStep>(std::move(step));
}

void ClassStep::bound(const LessonSession& lesson, const LiveRun& run) {
    if (std::exchange(generation_, run.generation()) != run.generation()) {
        furthest_ = 0;
    }
    if (lesson.phase() == LessonPhase::ready) {
        furthest_ = std::max(furthest_, lesson.moment().value_or(run.recording().last_moment()));
    }
    const bool all = lesson.phase() == LessonPhase::none || (lesson.walk().at_last() && !lesson.walk().open());
    until_ = all ? std::nullopt : std::optional(furthest_);
    const std::size_t shown = std::min(furthest_, run.recording().last_moment());
    parts_ = all ? SharedParts() : parts_of(lesson.walk(), run.recording().world_at(shown).processes.size());
}

SharedStep::Words ClassStep::words_of(std::size_t language, LessonSession& lesson, const LiveRun& run) const {
    const LessonWalk& walk = lesson.walk();
    const std::optional<Lesson>& written = written_[language];
    const LessonStep& step = step_in(written, walk);
    SharedStep::Words words{.language = languages_[language].code,
                            .title = (written ? *written : walk.lesson()).title,
                            .heading = step.heading,
                            .text = step.text};
    if (walk.step() == 0) {
        const std::vector<Prose>& before = (written ? *written : walk.lesson()).text;
        words.text.insert(words.text.begin(), before.begin(), before.end());
    }
    if (!step.question) {
        return words;
    }
    const Question& question = *step.question;
    words.ask = question.ask.empty() ? step.heading : question.ask;
    for (const QuestionItem& item : question.items) {
        words.items.push_back(item.text);
    }
    if (question.kind != QuestionKind::choice && place_choices(question, lesson, run).empty()) {
        words.hint = languages_[language].words.text(fmt::format("lesson.type_{}", typed_name(question)));
    }
    if (const GivenAnswer* given = walk.answered(walk.step())) {
        words.right = answer_text(question, given->expected);
        words.said = lesson.said(question);
    }
    return words;
}

}  // namespace procatlas
