// The step of a lesson as a class is shown it (core/serve/shared_step.h), in each language that the lesson has. One thread
// only.
#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "app/control/lesson_session.h"
#include "core/export/page/html_export.h"
#include "core/live/live_run.h"
#include "core/serve/shared_run.h"

namespace procatlas {

class ClassStep {
public:
    // `languages` must stay.
    ClassStep(std::vector<PageLanguage> languages, bool asks_names)
        : languages_(std::move(languages)), asks_names_(asks_names) {}

    // Looks where the lesson stands; null: there is none.
    void follow(LessonSession* lesson, const LiveRun& run);

    // The same object as long as nothing of it has changed. null: there is no lesson.
    [[nodiscard]] const std::shared_ptr<const SharedStep>& step() const { return step_; }
    // What the class is asked; nullopt: nothing.
    [[nodiscard]] const std::optional<SharedQuestion>& question() const { return question_; }
    // The moment until which the class may look: where a step of the run has stood. nullopt: there is no bound. What comes
    // later is what the lesson still asks for.
    [[nodiscard]] std::optional<std::size_t> until() const { return until_; }
    // What the step shows, without what the questions of its run, as far as they are not closed, veil.
    [[nodiscard]] const SharedParts& parts() const { return parts_; }

private:
    // Of all that is told.
    using Key = std::tuple<std::filesystem::path, std::size_t, LessonPhase, bool, std::optional<std::size_t>, std::size_t,
                           std::optional<std::filesystem::file_time_type>>;

    void read(const LessonSession& lesson);
    void bound(const LessonSession& lesson, const LiveRun& run);
    [[nodiscard]] SharedStep::Words words_of(std::size_t language, LessonSession& lesson, const LiveRun& run) const;

    std::vector<PageLanguage> languages_;
    bool asks_names_;
    std::optional<Key> key_;
    std::vector<std::optional<Lesson>> written_;  // in each language
    std::shared_ptr<const SharedStep> step_;
    std::optional<SharedQuestion> question_;
    std::optional<std::size_t> until_;
    SharedParts parts_;
    std::size_t generation_ = 0;  // of the run that `furthest_` is of
    std::size_t furthest_ = 0;
};

}  // namespace procatlas
