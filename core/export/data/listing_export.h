// Source, machine code and bytes of a process at a moment as plain text and as JSON.
#pragma once

#include <string>

#include "core/base/result.h"
#include "core/export/request/figure_options.h"
#include "core/model/recording.h"
#include "core/narrate/messages.h"

namespace procatlas {

// The views that are listings: source, code and bytes.
[[nodiscard]] bool is_listing(FigureView view);

// Of the processes in `options.pids`, else of the one whose event it is. Errors: a moment or a process that the recording does
// not have.
[[nodiscard]] Result<std::string> listing_text(const Recording& recording, const FigureOptions& options, const Messages& words);
[[nodiscard]] Result<std::string> listing_json(const Recording& recording, const FigureOptions& options, const Messages& words);

}  // namespace procatlas
