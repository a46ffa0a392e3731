// A student's way through a lesson: which step, what is to run, what is veiled, what was answered. Pure: whoever shows it runs
// the program, asks the queries (judge.h) and draws.
//
//     LessonWalk walk(lesson);
//     if (walk.begins_run()) -> run *walk.run(); place_of_step(lesson, walk.step(), ...) -> show that moment
//     walk.show(), walk.veils(), walk.question() -> draw; judge(...) -> walk.answer(words, verdict, place); walk.next()
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/lesson/judge.h"
#include "core/lesson/lesson.h"

namespace procatlas {

struct GivenAnswer {
    AnswerWords given;  // empty: looked without answering
    AnswerWords expected;
    bool right = false;
    std::string feedback;
    std::optional<std::size_t> moment;
    std::size_t place = 0;      // the moment where the step stood
    std::uint64_t unix_ms = 0;  // when it was given, since 1970
};

class LessonWalk {
public:
    explicit LessonWalk(Lesson lesson) : lesson_(std::move(lesson)) {}

    // The same lesson after its file was saved: the step and the answers stay, as far as the lesson still has them.
    void reload(Lesson lesson);

    [[nodiscard]] const Lesson& lesson() const { return lesson_; }
    [[nodiscard]] std::size_t step() const { return step_; }
    [[nodiscard]] const LessonStep& now() const { return lesson_.steps[step_]; }
    [[nodiscard]] bool at_last() const { return step_ + 1 == lesson_.steps.size(); }
    // False: there is none.
    bool next();
    bool back();
    void go_to(std::size_t step);

    // The run that this step is about; nullptr: nothing has run yet.
    [[nodiscard]] const LessonRun* run() const;
    // Whether this step begins it. The run before it is then `previous` to its queries.
    [[nodiscard]] bool begins_run() const { return now().run.has_value(); }
    // What the stage shows: that of this step, else of the last one that said it; nullptr: as the student likes.
    [[nodiscard]] const LessonShow* show() const;
    // What would give the answer away; empty once it is given.
    [[nodiscard]] std::span<const std::string> veils() const;
    [[nodiscard]] const Question* question() const { return now().question ? &*now().question : nullptr; }
    [[nodiscard]] bool open() const { return question() && !answers_.contains(step_); }

    // Of an open question for an order: its items, in the order in which they were chosen so far.
    [[nodiscard]] std::span<const std::size_t> chosen() const { return chosen_; }
    // Puts an item behind those chosen so far, or takes it out again; where one is left, that follows by itself. Does nothing
    // where no order is asked.
    void choose(std::size_t item);
    // The keys of the items chosen; nullopt: not all of them are.
    [[nodiscard]] std::optional<AnswerWords> chosen_order() const;

    // Empty words: looks without answering. `place`: the moment where the step stands.
    void answer(AnswerWords given, const Verdict& verdict, std::size_t place);
    [[nodiscard]] std::size_t answer_count() const { return answers_.size(); }
    // The answer at a step; nullptr: none.
    [[nodiscard]] const GivenAnswer* answered(std::size_t step) const;

private:
    Lesson lesson_;
    std::size_t step_ = 0;
    std::map<std::size_t, GivenAnswer> answers_;
    std::vector<std::size_t> chosen_;
};

}  // namespace procatlas
