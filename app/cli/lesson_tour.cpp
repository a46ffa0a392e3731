#include "app/cli/lesson_tour.h"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "core/export/catalogue.h"
#include "core/export/picture/figure.h"
#include "core/export/picture/pango_measure.h"
#include "core/lesson/printed_lines.h"

namespace procatlas {
namespace {

// The first view of the step that can be a picture and is not veiled as a whole.
std::optional<FigureOptions> wanted_figure(const LessonShow& show, const LessonRun& run, const std::set<std::string>& veils) {
    // What is known without looking inside the process.
    constexpr std::array<std::string_view, 5> always{"memory", "tree", "pages", "timeline", "compare"};
    for (const std::string& name : show.views) {
        const ExportView* const view = find_export_view(name);
        const bool inside = std::ranges::find(always, name) == always.end();
        if (!view || veils.contains(name) || (inside && run.grain < LessonGrain::calls)) {
            continue;
        }
        FigureOptions options;
        // As the window shows it: areas, and in them what lies there.
        options.view = view->view == FigureView::memory ? FigureView::stage : view->view;
        for (const std::string& veil : veils) {
            (void)put_veil(options.blank, veil);
        }
        options.theme = Theme::print;
        options.heading = false;
        return options;
    }
    return std::nullopt;
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
    auto options = wanted_figure(*show, *stop.walk.run(), veils);
    const Recording& recording = stop.runs.recording();
    if (!options || (options->view == FigureView::stage && recording.world_at(moment).alive_count() == 0)) {
        return std::nullopt;
    }
    options->moment = moment;
    // Side by side they are drawn smaller; two such steps then stand on one page.
    options->memory_height = recording.world_at(moment).processes.size() > 1 ? 360 : 480;
    options->title = stop.walk.lesson().title;
    options->language = language;
    const PangoMeasure measure;
    auto composed = compose_figure(recording, *options, words, measure);
    if (!composed) {
        return std::nullopt;
    }
    const auto views = export_views();
    const auto view = std::ranges::find(views, options->view, &ExportView::view);
    return TourFigure{options->view,
                      options->blank,
                      moment,
                      std::move(composed->scene),
                      std::string(view == views.end() ? std::string_view() : words.text(view->word)),
                      std::move(composed->text.description)};
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
