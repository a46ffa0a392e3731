// Writes a figure of the shown moment to a file or the clipboard.
#pragma once

#include <filesystem>

#include "app/control/actions.h"
#include "app/control/series_export.h"
#include "core/base/result.h"

namespace procatlas {

// `recording_file`: the recording that the figure may carry; empty: none. Errors are texts for the user.
// A figure of every step is made by SeriesExport.
[[nodiscard]] Result<void> write_figure(const FigureRequest& request, const LiveRun& run, const View& view, const World& shown,
                                        const std::filesystem::path& recording_file, const Messages& words);

[[nodiscard]] SeriesRequest series_request(const FigureRequest& request, const LiveRun& run, const View& view,
                                           const std::filesystem::path& recording_file);

}  // namespace procatlas
