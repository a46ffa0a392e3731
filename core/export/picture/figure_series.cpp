#include "core/export/picture/figure_series.h"

#include <fmt/format.h>

#include <filesystem>
#include <system_error>
#include <utility>
#include <variant>

#include "core/base/text.h"
#include "core/base/whole_file.h"
#include "core/export/picture/paint_cairo.h"

namespace procatlas {
namespace {

bool is_step(const Event& event) {
    return static_cast<bool>(event.process) && !std::holds_alternative<StepEvent>(event.detail) &&
           !std::holds_alternative<WaitsEvent>(event.detail) && !std::holds_alternative<ResidentEvent>(event.detail) &&
           !std::holds_alternative<NoteEvent>(event.detail) && !std::holds_alternative<GapEvent>(event.detail);
}

Result<void> few_enough(std::size_t count, const Messages& words) {
    if (count > most_figures) {
        return fail(words.format("figure.too_many", count, most_figures));
    }
    return {};
}

Result<void> goes_on(const SeriesWatch& watch, std::size_t done, const Messages& words) {
    return !watch || watch(done) ? Result<void>() : fail(words.format("figure.stopped", done));
}

}  // namespace

std::vector<std::size_t> steps_of(const Recording& recording) {
    std::vector<std::size_t> steps;
    for (std::size_t at = recording.last_world().program_moment; at < recording.events().size(); ++at) {
        if (is_step(recording.events()[at])) {
            steps.push_back(at);
        }
    }
    return steps;
}

Result<void> render_series(const Recording& recording, const FigureOptions& options, FigureFormat format,
                           std::span<const std::size_t> moments, const Messages& words,
                           const std::function<Result<void>(std::size_t, std::string_view)>& give, const SeriesWatch& watch) {
    if (auto few = few_enough(moments.size(), words); !few) {
        return few;
    }
    FigureOptions one = options;
    one.moments.clear();
    one.recording_file = {};
    for (std::size_t i = 0; i < moments.size(); ++i) {
        if (auto on = goes_on(watch, i, words); !on) {
            return on;
        }
        one.moment = moments[i];
        const auto figure = render_figure(recording, one, format, words);
        if (!figure) {
            return std::unexpected(figure.error());
        }
        if (auto given = give(i + 1, *figure); !given) {
            return given;
        }
    }
    return {};
}

Result<std::string> render_pages(const Recording& recording, const FigureOptions& options, std::span<const std::size_t> moments,
                                 const Messages& words, const SeriesWatch& watch) {
    if (auto few = few_enough(moments.size(), words); !few) {
        return std::unexpected(few.error());
    }
    const PangoMeasure measure;
    PdfPages pages(palette(options.theme), measure);
    FigureOptions one = options;
    one.moments.clear();
    std::size_t done = 0;
    for (const std::size_t moment : moments) {
        if (auto on = goes_on(watch, done++, words); !on) {
            return std::unexpected(on.error());
        }
        one.moment = moment;
        const auto composed = compose_figure(recording, one, words, measure);
        if (!composed) {
            return std::unexpected(composed.error());
        }
        pages.add(composed->scene);
    }
    return pages.finish({.title = options.title, .description = {}, .language = options.language});
}

Result<void> write_series(const Recording& recording, const FigureOptions& options, FigureFormat format,
                          std::span<const std::size_t> moments, const std::string& file, const Messages& words,
                          const SeriesWatch& watch) {
    if (format == FigureFormat::pdf) {
        const auto pages = render_pages(recording, options, moments, words, watch);
        return pages ? write_whole_file(file, *pages) : std::unexpected(pages.error());
    }
    // Their names were not given by anybody: what is there already stays.
    for (std::size_t place = 1; place <= moments.size(); ++place) {
        std::error_code error;
        if (const std::string name = series_file(file, place, moments.size()); std::filesystem::exists(name, error)) {
            return fail(words.format("save.exists", display_text(name)));
        }
    }
    return render_series(
        recording, options, format, moments, words,
        [&](std::size_t place, std::string_view bytes) {
            return write_whole_file(series_file(file, place, moments.size()), bytes);
        },
        watch);
}

std::string series_file(const std::string& file, std::size_t place, std::size_t count) {
    const std::filesystem::path path(file);
    const std::size_t digits = std::to_string(count).size();
    const std::string name = path.stem().string() + fmt::format("-{:0{}}", place, digits) + path.extension().string();
    return (path.parent_path() / name).string();
}

}  // namespace procatlas
