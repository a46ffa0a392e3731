// Writes a figure of the shown moment to a file or the clipboard.
#pragma once

#include <filesystem>

#include "app/control/actions.h"
#include "core/base/result.h"

namespace procatlas {

// `recording_file`: the recording that the figure may carry; empty: none. Errors are texts for the user.
[[nodiscard]] Result<void> write_figure(const FigureRequest& request, const LiveRun& run, const View& view, const World& shown,
                                        const std::filesystem::path& recording_file, const Messages& words);

}  // namespace procatlas
