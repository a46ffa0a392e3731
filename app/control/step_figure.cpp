#include "app/control/step_figure.h"

#include <algorithm>
#include <array>
#include <initializer_list>
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
    options.comments = !veils.contains(std::string(veiled_comments));
    options.compact = true;
    options.theme = Theme::print;
    options.heading = false;
    return options;
}

bool is_veiled(std::string_view view, const std::set<std::string>& veils, std::size_t processes) {
    const auto any = [&](std::initializer_list<std::string_view> names) {
        return std::ranges::any_of(names, [&](std::string_view name) { return veils.contains(std::string(name)); });
    };
    const bool family = any({"tree"}) && processes > 1;
    if (view == "memory" || view == "inside") {  // the stage has frames and blocks in it, and says what processes share
        return any({"memory", "stack", "heap"}) || family || (any({"pages"}) && processes > 1);
    }
    if (view == "stack" || view == "heap") {
        return any({view, "memory"});
    }
    if (view == "pages" || view == "compare") {
        return any({"pages"}) || family;
    }
    return any({view}) || (view == "timeline" && any({"tree"}));
}

std::optional<FigureOptions> step_figure(const LessonShow& show, const LessonRun& run, const std::set<std::string>& veils,
                                         std::size_t processes) {
    // What is known without looking inside the process.
    constexpr std::array<std::string_view, 5> seen_from_outside{"memory", "tree", "pages", "timeline", "compare"};
    for (const std::string& name : show.views) {
        const ExportView* const view = find_export_view(name);
        const bool inside = std::ranges::find(seen_from_outside, name) == seen_from_outside.end();
        if (!view || is_veiled(name, veils, processes) || (inside && run.grain < LessonGrain::calls)) {
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
