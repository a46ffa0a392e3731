#include "core/export/catalogue.h"

#include <algorithm>
#include <array>
#include <numeric>

#include "core/export/data/csv_export.h"
#include "core/export/data/dot_export.h"
#include "core/export/data/json_export.h"
#include "core/export/data/listing_export.h"
#include "core/export/data/mermaid_export.h"
#include "core/export/data/text_export.h"
#include "core/export/data/trace_event_export.h"
#include "core/export/page/picture_page.h"
#include "core/export/picture/figure.h"
#include "core/export/request/chosen_processes.h"

namespace procatlas {

namespace {

using enum FigureView;

constexpr std::array views{
    ExportView{all, "all", "export.all"},
    ExportView{stage, "stage", "stage.title"},
    ExportView{memory, "memory", "export.memory"},
    ExportView{tree, "tree", "tree.title"},
    ExportView{timeline, "timeline", "timeline.title"},
    ExportView{inside, "inside", "inside.title"},
    ExportView{stack, "stack", "region.stack"},
    ExportView{heap, "heap", "region.heap"},
    ExportView{code, "code", "inside.code"},
    ExportView{bytes, "bytes", "inside.bytes"},
    ExportView{source, "source", "inside.source"},
    ExportView{storyboard, "storyboard", "story.title"},
    ExportView{pages, "pages", "pages.title"},
    ExportView{compare, "compare", "compare.title"},
};

template <FigureFormat format>
Result<std::string> render_picture(const ExportRequest& request) {
    return render_figure(request.recording, request.options, format, request.languages.front().words);
}

// A page of all moments for the view `all`; otherwise only a picture of the chosen view.
Result<std::string> render_html(const ExportRequest& request) {
    const FigureOptions& options = request.options;
    if (options.view != all) {
        return picture_html(request.recording, options, request.languages);
    }
    PageOptions page{.moment = options.moment, .pids = options.pids, .theme = {}, .title = options.title};
    page.language = options.language;
    if (request.theme_chosen) {
        page.theme = options.theme;
    }
    return recording_html(request.recording, page, request.languages);
}

// The recording up to `moment`, because text, JSON and trace events describe a recording's last moment.
Recording recorded_until(const Recording& recording, std::size_t moment) {
    Recording part;
    for (const ElfImage& image : recording.images()) {
        part.add_image(image);
    }
    for (const SourceFile& source_file : recording.sources()) {
        part.add_source(source_file);
    }
    for (const FunctionCode& function : recording.functions()) {
        part.add_function(function);
    }
    if (const auto& how = recording.how_followed()) {
        part.set_how_followed(*how);
    }
    for (std::size_t i = 0; i <= moment && i < recording.events().size(); ++i) {
        part.append(recording.observed_event(i));
    }
    return part;
}

template <typename Render>
auto of_what_was_recorded(const ExportRequest& request, Render render) {
    const bool whole = request.options.moment == request.recording.last_moment();
    return whole ? render(request.recording) : render(recorded_until(request.recording, request.options.moment));
}

Result<void> give_text(const ExportRequest& request, const TakeText& take) {
    const Messages& words = request.languages.front().words;
    if (is_listing(request.options.view)) {
        const auto listing = listing_text(request.recording, request.options, words);
        if (!listing) {
            return std::unexpected(listing.error());
        }
        take(*listing);
        return {};
    }
    return of_what_was_recorded(request, [&](const Recording& shown) {
        give_recording_text(shown, words, request.with_pages, take);
        return Result<void>();
    });
}

Result<void> give_json(const ExportRequest& request, const TakeText& take) {
    if (is_listing(request.options.view)) {
        const auto listing = listing_json(request.recording, request.options, request.languages.front().words);
        if (!listing) {
            return std::unexpected(listing.error());
        }
        take(*listing);
        return {};
    }
    return of_what_was_recorded(request, [&](const Recording& shown) {
        give_recording_json(shown, request.with_pages, take);
        return Result<void>();
    });
}

template <auto give>
Result<std::string> render_whole(const ExportRequest& request) {
    Result<void> given;
    std::string text = gathered([&](const TakeText& take) { given = give(request, take); });
    return given ? Result<std::string>(std::move(text)) : std::unexpected(given.error());
}

// Writes the chosen processes, or all.
Result<std::string> render_csv(const ExportRequest& request) {
    const FigureOptions& options = request.options;
    const World world = request.recording.world_at(options.moment);
    auto processes = chosen_processes(world, options.pids, options.moment, request.languages.front().words);
    if (!processes) {
        return std::unexpected(processes.error());
    }
    if (options.pids.empty()) {
        processes->resize(world.processes.size());
        std::iota(processes->begin(), processes->end(), 0U);
    }
    return memory_csv(world, *processes, request.recording.images());
}

Result<std::string> render_dot(const ExportRequest& request) {
    const World world = request.recording.world_at(request.options.moment);
    return tree_dot({request.recording, world, request.options.moment, request.languages.front().words});
}

Result<std::string> render_mermaid(const ExportRequest& request) {
    const World world = request.recording.world_at(request.options.moment);
    return tree_mermaid({request.recording, world, request.options.moment, request.languages.front().words});
}

Result<std::string> render_trace_events(const ExportRequest& request) {
    return of_what_was_recorded(
        request, [&](const Recording& shown) { return recording_trace_events(shown, request.languages.front().words); });
}

constexpr std::array every_view = [] {
    std::array<FigureView, views.size()> result{};
    std::ranges::transform(views, result.begin(), &ExportView::view);
    return result;
}();
constexpr std::array events_and_listings{all, source, code, bytes};
constexpr std::array memory_alone{all, memory};
constexpr std::array tree_alone{all, tree};
constexpr std::array timeline_alone{all, timeline};

constexpr std::array formats{
    ExportFormat{"svg", ".svg", every_view, false, true, render_picture<FigureFormat::svg>, FigureFormat::svg},
    ExportFormat{"pdf", ".pdf", every_view, true, true, render_picture<FigureFormat::pdf>, FigureFormat::pdf},
    ExportFormat{"png", ".png", every_view, true, true, render_picture<FigureFormat::png>, FigureFormat::png},
    ExportFormat{"html", ".html", every_view, false, false, render_html},
    ExportFormat{"text", ".txt", events_and_listings, false, false, render_whole<give_text>, {}, give_text},
    ExportFormat{"json", ".json", events_and_listings, false, false, render_whole<give_json>, {}, give_json},
    ExportFormat{"csv", ".csv", memory_alone, false, false, render_csv},
    ExportFormat{"dot", ".dot", tree_alone, false, false, render_dot},
    ExportFormat{"mermaid", ".mmd", tree_alone, false, false, render_mermaid},
    ExportFormat{"trace-event", ".json", timeline_alone, false, false, render_trace_events},
};

template <typename Row, std::size_t Count>
const Row* find_row(const std::array<Row, Count>& rows, std::string_view name) {
    const auto found = std::ranges::find(rows, name, &Row::name);
    return found == rows.end() ? nullptr : &*found;
}

}  // namespace

bool ExportFormat::shows(FigureView view) const {
    return std::ranges::find(views, view) != views.end();
}

std::span<const ExportView> export_views() {
    return views;
}

std::span<const ExportFormat> export_formats() {
    return formats;
}

const ExportView* find_export_view(std::string_view name) {
    return find_row(views, name);
}

const ExportFormat* find_export_format(std::string_view name) {
    return find_row(formats, name);
}

std::string format_names(FigureView view) {
    std::string text;
    for (const ExportFormat& format : formats) {
        if (format.shows(view)) {
            text += (text.empty() ? "" : ", ") + std::string(format.name);
        }
    }
    return text;
}

}  // namespace procatlas
