#include "app/cli/lesson_tour.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "app/control/step_figure.h"
#include "core/export/catalogue.h"
#include "core/export/picture/figure.h"
#include "core/export/picture/pango_measure.h"
#include "core/lesson/arrive.h"
#include "core/lesson/lesson_places.h"
#include "core/lesson/printed_lines.h"

namespace procatlas {
namespace {

FigureView view_of_place(PlaceOf place) {
    switch (place) {
        case PlaceOf::page:
            return FigureView::pages;
        case PlaceOf::line:
            return FigureView::source;
        case PlaceOf::process:
            return FigureView::tree;
        case PlaceOf::region:
        case PlaceOf::frame:
            break;
    }
    return FigureView::stage;
}

// The view as lessons name it, in which the place is to be found.
std::string_view shown_in(PlaceOf place) {
    switch (place) {
        case PlaceOf::region:
            return "memory";
        case PlaceOf::page:
            return "pages";
        case PlaceOf::frame:
            return "stack";
        case PlaceOf::line:
            return "source";
        case PlaceOf::process:
            return "tree";
    }
    return {};
}

HitKind hit_of_place(PlaceOf place) {
    switch (place) {
        case PlaceOf::frame:
            return HitKind::frame;
        case PlaceOf::line:
            return HitKind::line;
        case PlaceOf::process:
            return HitKind::process;
        case PlaceOf::region:
        case PlaceOf::page:
            break;
    }
    return HitKind::region;
}

std::optional<TourFigure> composed_figure(const TourStop& stop, FigureOptions options, std::string_view language,
                                          const Messages& words) {
    const Recording& recording = stop.runs.recording();
    const World world = recording.world_at(options.moment);
    if (options.view == FigureView::stage && world.alive_count() == 0) {
        return std::nullopt;
    }
    // Side by side they are drawn smaller; two such steps then stand on one page.
    options.memory_height = world.processes.size() > 1 ? 360 : 480;
    options.title = stop.walk.lesson().title;
    options.language = language;
    const PangoMeasure measure;
    auto composed = compose_figure(recording, options, words, measure);
    if (!composed) {
        return std::nullopt;
    }
    const auto views = export_views();
    const auto view = std::ranges::find(views, options.view, &ExportView::view);
    return TourFigure{options.view,
                      options.blank,
                      options.moment,
                      std::move(composed->scene),
                      std::string(view == views.end() ? std::string_view() : words.text(view->word)),
                      std::move(composed->text.description)};
}

// Whoever clicks there is right.
void mark_right(Scene& scene, const Recording& recording, const World& world, const Question& question,
                const RightAnswer& right) {
    std::vector<Box> marked;
    for (const SceneBox& box : scene.boxes) {
        if (box.hit.kind != hit_of_place(question.place)) {
            continue;
        }
        const auto words = place_words(recording, world, {question.place, box.hit.process, box.hit.address});
        if (words && is_right(question, right, *words) && std::ranges::find(marked, box.box) == marked.end()) {
            marked.push_back(box.box);
        }
    }
    constexpr float around = 3;
    for (const Box& box : marked) {
        const auto is_around = [&](const Box& other) {
            return other != box && other.x <= box.x && other.y <= box.y && other.right() >= box.right() &&
                   other.bottom() >= box.bottom();
        };
        if (std::ranges::any_of(marked, is_around)) {
            continue;  // a badge on a card that is marked
        }
        scene.boxes.push_back({.box = {box.x - around, box.y - around, box.width + 2 * around, box.height + 2 * around},
                               .radius = 8,
                               .filled = false,
                               .selected = true,
                               .hit = {}});
    }
}

}  // namespace

Result<void> tour_lesson(const Lesson& lesson, const std::filesystem::path& folder,
                         const std::function<Result<void>(const TourStop&)>& at_stop) {
    LessonWalk walk(lesson);
    LessonRuns runs(walk.lesson(), folder);
    do {
        if (walk.begins_run()) {
            if (auto begun = runs.begin(*walk.run()); !begun) {
                return begun;
            }
        }
        const auto place = runs.place(walk.step());
        if (!place) {
            return std::unexpected(place.error());
        }
        if (auto done = at_stop({walk, runs, place->value_or(0)}); !done) {
            return done;
        }
    } while (walk.next());
    return {};
}

Result<TourAnswer> tour_answer(const TourStop& stop, const Question& question) {
    const std::string& file = stop.walk.lesson().file;
    auto right = ask_answer(question, *stop.runs.recorded(), stop.moment, file);
    if (!right) {
        return std::unexpected(right.error());
    }
    auto verdict = judge(question, right->any_of.front(), *stop.runs.recorded(), stop.moment, file);
    if (!verdict) {
        return std::unexpected(verdict.error());
    }
    return TourAnswer{std::move(*right), std::move(*verdict)};
}

std::optional<TourFigure> tour_figure(const TourStop& stop, std::size_t moment, const std::set<std::string>& veils,
                                      std::string_view language, const Messages& words) {
    const LessonStep& step = stop.walk.now();
    const LessonShow* const show = stop.walk.show();
    if (!show || !stop.has_run() || (!step.run && !step.go && !step.show && !step.question)) {
        return std::nullopt;
    }
    const std::size_t processes = stop.runs.recording().world_at(moment).processes.size();
    auto options = step_figure(*show, *stop.walk.run(), veils, processes);
    if (!options) {
        return std::nullopt;
    }
    if (options->view == FigureView::stage && processes < 2 && options->blank.kinds && options->blank.addresses &&
        stop.walk.run()->grain < LessonGrain::calls) {
        return std::nullopt;  // boxes without a name, with nothing in them
    }
    options->pointed = show->points;
    options->moment = moment;
    return composed_figure(stop, std::move(*options), language, words);
}

std::optional<TourFigure> place_figure(const TourStop& stop, const RightAnswer* right, const std::set<std::string>& veils,
                                       std::string_view language, const Messages& words) {
    const Question* const question = stop.walk.question();
    if (!question || question->kind != QuestionKind::place || !stop.has_run() ||
        is_veiled(shown_in(question->place), veils, 0)) {
        return std::nullopt;
    }
    FigureOptions options = lesson_figure(veils);
    options.view = view_of_place(question->place);
    options.picks = question->place != PlaceOf::region;
    options.moment = stop.moment;
    auto figure = composed_figure(stop, std::move(options), language, words);
    if (figure && right) {
        mark_right(figure->scene, stop.runs.recording(), stop.runs.recording().world_at(stop.moment), *question, *right);
    }
    return figure;
}

std::set<std::string> sheet_veils(const TourStop& stop) {
    const Lesson& lesson = stop.walk.lesson();
    const std::size_t here = stop.walk.step();
    const auto run = run_of_step(lesson, here);
    std::set<std::string> all;
    for (std::size_t i = run.value_or(lesson.steps.size()); i < lesson.steps.size(); ++i) {
        const LessonStep& step = lesson.steps[i];
        if (!step.question || run_of_step(lesson, i) != run) {
            continue;
        }
        if (i < here) {
            all.insert("output");  // from there on it would answer what was asked
        }
        all.emplace(veiled_comments);
        const auto place = i <= here ? Result<std::optional<std::size_t>>(std::nullopt) : stop.runs.place(i);
        const bool reached = i <= here || (place && *place && **place <= stop.moment);
        for (const std::string& veil : step.show ? step.show->veils : std::vector<std::string>()) {
            Veils part;
            if (reached || put_veil(part, veil)) {
                all.insert(veil);
            }
        }
    }
    return all;
}

std::string tour_output(const TourStop& stop, std::size_t until, std::size_t& told) {
    std::string text;
    if (!stop.has_run()) {
        return text;
    }
    constexpr std::size_t most = 40;
    const std::vector<PrintedLine> lines = printed_lines(stop.runs.recording());
    const std::size_t from = told;
    for (; told < lines.size() && lines[told].moment <= until; ++told) {
        if (told - from < most) {
            text += (text.empty() ? "" : "\n") + lines[told].text;
        }
    }
    return text + (told - from > most ? "\n…" : "");
}

}  // namespace procatlas
