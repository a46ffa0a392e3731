// A figure of the moment on show, to a file or to the clipboard.
#pragma once

#include <filesystem>

#include "app/control/actions.h"
#include "core/base/result.h"

namespace procatlas {

// `recording_file`: what the figure may carry; empty: nothing. Errors are in a person's words.
[[nodiscard]] Result<void> write_figure(const FigureRequest& request, const LiveRun& run, const View& view, const World& shown,
                                        const std::filesystem::path& recording_file, const Messages& words);

}  // namespace procatlas
