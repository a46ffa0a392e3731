#include "app/control/step_figure.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "core/export/catalogue.h"
#include "core/scene/veils.h"

namespace procatlas {

FigureOptions lesson_figure(const std::set<std::string>& veils) {
    FigureOptions options;
    for (const std::string& veil : veils) {
        (void)put_veil(options.blank, veil);
    }
    options.timeline_ends = true;
    options.compact = true;
    options.theme = Theme::print;
    options.heading = false;
    return options;
}

std::optional<FigureOptions> step_figure(const LessonShow& show, const LessonRun& run, const std::set<std::string>& veils) {
    // What is known without looking inside the process.
    constexpr std::array<std::string_view, 5> seen_from_outside{"memory", "tree", "pages", "timeline", "compare"};
    for (const std::string& name : show.views) {
        const ExportView* const view = find_export_view(name);
        const bool inside = std::ranges::find(seen_from_outside, name) == seen_from_outside.end();
        if (!view || veils.contains(name) || (inside && run.grain < LessonGrain::calls)) {
            continue;
        }
        FigureOptions options = lesson_figure(veils);
        // As the window shows it: areas, and in them what lies there.
        options.view = view->view == FigureView::memory ? FigureView::stage : view->view;
        return options;
    }
    return std::nullopt;
}

}  // namespace procatlas
