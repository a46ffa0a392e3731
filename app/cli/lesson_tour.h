// A lesson from its first step to its last, without a student and without a window: for paper and pages.
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "app/cli/lesson_runs.h"
#include "core/base/result.h"
#include "core/export/request/figure_options.h"
#include "core/lesson/judge.h"
#include "core/lesson/walk.h"
#include "core/narrate/messages.h"
#include "core/scene/scene.h"

namespace procatlas {

// Where the tour stands: the step, its run, and the moment.
struct TourStop {
    const LessonWalk& walk;
    LessonRuns& runs;
    std::size_t moment = 0;  // 0 where nothing has run

    [[nodiscard]] bool has_run() const { return runs.recorded() != nullptr; }
};

// Runs the lesson's programs, and calls `at_stop` at each step. Error: that of `at_stop`, or it names the line of what failed.
[[nodiscard]] Result<void> tour_lesson(const Lesson& lesson, const std::filesystem::path& folder,
                                       const std::function<Result<void>(const TourStop&)>& at_stop);

// What is right at a step with a question, and what is said to whoever knew it.
struct TourAnswer {
    RightAnswer right;
    Verdict verdict;
};
[[nodiscard]] Result<TourAnswer> tour_answer(const TourStop& stop, const Question& question);

// What the step shows at a moment of its run; views and parts in `veils` are left out.
struct TourFigure {
    FigureView view = FigureView::stage;
    Veils blank;
    std::size_t moment = 0;
    Scene scene;
    std::string name;         // of the view
    std::string description;  // what happened at the moment
};
// nullopt: the step shows nothing that can be a picture.
[[nodiscard]] std::optional<TourFigure> tour_figure(const TourStop& stop, std::size_t moment,
                                                    const std::set<std::string>& veils, std::string_view language,
                                                    const Messages& words);
// The picture in which the place that the step's question asks for is to be marked; `right`: it is marked already. nullopt: it
// asks for none, or there can be no picture of it, or it is veiled.
[[nodiscard]] std::optional<TourFigure> place_figure(const TourStop& stop, const RightAnswer* right,
                                                     const std::set<std::string>& veils, std::string_view language,
                                                     const Messages& words);

// What a sheet that has all steps on it leaves out at this one, so that no picture answers a question that stands before or
// behind it: the parts that any question of this run veils, and the views that were veiled until here, or whose veiled moment
// the step has reached.
[[nodiscard]] std::set<std::string> sheet_veils(const TourStop& stop);

// The lines that the run had printed by `until`, from the one with the number `told` on, which becomes that of the next one.
[[nodiscard]] std::string tour_output(const TourStop& stop, std::size_t until, std::size_t& told);

}  // namespace procatlas
