#include "core/lesson/walk.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "core/lesson/arrive.h"

namespace procatlas {

void LessonWalk::reload(Lesson lesson) {
    std::erase_if(answers_, [&](const auto& row) {
        const bool there = row.first < lesson.steps.size() && row.first < lesson_.steps.size();
        const auto same = [](const Question& a, const Question& b) {
            return a.kind == b.kind && a.items.size() == b.items.size();
        };
        return !there || !lesson.steps[row.first].question || !lesson_.steps[row.first].question ||
               !same(*lesson.steps[row.first].question, *lesson_.steps[row.first].question);
    });
    lesson_ = std::move(lesson);
    step_ = std::min(step_, lesson_.steps.size() - 1);
    chosen_.clear();
}

bool LessonWalk::next() {
    if (at_last()) {
        return false;
    }
    go_to(step_ + 1);
    return true;
}

bool LessonWalk::back() {
    if (step_ == 0) {
        return false;
    }
    go_to(step_ - 1);
    return true;
}

void LessonWalk::go_to(std::size_t step) {
    step_ = std::min(step, lesson_.steps.size() - 1);
    chosen_.clear();
}

const LessonRun* LessonWalk::run() const {
    const auto step = run_of_step(lesson_, step_);
    return step ? &*lesson_.steps[*step].run : nullptr;
}

const LessonShow* LessonWalk::show() const {
    for (std::size_t at = step_ + 1; at-- > 0;) {
        if (lesson_.steps[at].show) {
            return &*lesson_.steps[at].show;
        }
    }
    return nullptr;
}

std::span<const std::string> LessonWalk::veils() const {
    return open() && now().show ? std::span<const std::string>(now().show->veils) : std::span<const std::string>();
}

void LessonWalk::choose(std::size_t item) {
    if (!open() || question()->kind != QuestionKind::order || item >= question()->items.size()) {
        return;
    }
    if (std::erase(chosen_, item) != 0) {
        return;
    }
    chosen_.push_back(item);
    const std::size_t all = question()->items.size();
    for (std::size_t last = 0; chosen_.size() + 1 == all && last < all; ++last) {
        if (std::ranges::find(chosen_, last) == chosen_.end()) {
            chosen_.push_back(last);
        }
    }
}

std::optional<AnswerWords> LessonWalk::chosen_order() const {
    if (!open() || question()->kind != QuestionKind::order || chosen_.size() != question()->items.size()) {
        return std::nullopt;
    }
    AnswerWords keys;
    for (const std::size_t item : chosen_) {
        keys.push_back(question()->items[item].key);
    }
    return keys;
}

void LessonWalk::answer(AnswerWords given, const Verdict& verdict, std::size_t place) {
    if (question() && question()->kind == QuestionKind::place && given.size() > verdict.expected.size()) {
        given.resize(verdict.expected.size());  // of which process was not asked
    }
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    const auto unix_ms = std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
    answers_.insert_or_assign(step_, GivenAnswer{std::move(given), verdict.expected, verdict.right, verdict.feedback,
                                                 verdict.moment, place, static_cast<std::uint64_t>(unix_ms)});
}

const GivenAnswer* LessonWalk::answered(std::size_t step) const {
    const auto found = answers_.find(step);
    return found == answers_.end() ? nullptr : &found->second;
}

}  // namespace procatlas
