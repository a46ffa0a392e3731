#include "app/control/write_figure.h"

#include <utility>

#include "app/control/clipboard.h"
#include "app/control/open_recording.h"
#include "core/base/whole_file.h"
#include "core/export/data/listing_export.h"

namespace procatlas {
namespace {

// The processes of the memory columns; for views of the inside, the selected process.
std::vector<std::int32_t> pids_of(const FigureRequest& request, const View& view, const World& shown) {
    const bool inside = request.view == FigureView::inside || request.view == FigureView::stack ||
                        request.view == FigureView::heap || is_listing(request.view);
    std::vector<std::int32_t> pids;
    for (const std::size_t process : inside ? std::vector{view.selected} : view.columns) {
        if (process < shown.processes.size()) {
            pids.push_back(shown.processes[process].key.pid);
        }
    }
    return pids;
}

}  // namespace

SeriesRequest series_request(const FigureRequest& request, const LiveRun& run, const View& view,
                             const std::filesystem::path& recording_file) {
    FigureOptions each;
    each.view = request.view;
    each.theme = request.theme;
    each.scale = request.scale;
    each.title = run.title();
    each.language = view.settings.language;
    return {recording_file, std::move(each), request.format, request.file};
}

Result<void> write_figure(const FigureRequest& request, const LiveRun& run, const View& view, const World& shown,
                          const std::filesystem::path& recording_file, const Messages& words) {
    std::string carried;
    if (request.carry && !recording_file.empty()) {
        auto bytes = recording_bytes(recording_file);
        if (!bytes) {
            return std::unexpected(bytes.error());
        }
        carried = std::move(*bytes);
    }
    FigureOptions options;
    options.view = request.view;
    options.theme = request.theme;
    options.scale = request.scale;
    options.moment = view.moment.value_or(run.recording().last_moment());
    options.title = run.title();
    options.language = view.settings.language;
    options.recording_file = carried;
    options.pids = pids_of(request, view, shown);
    const auto figure = render_figure(run.recording(), options, request.format, words);
    if (!figure) {
        return std::unexpected(figure.error());
    }
    return request.file.empty() ? copy_png(*figure) : write_whole_file(request.file, *figure);
}

}  // namespace procatlas
