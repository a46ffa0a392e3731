// Source, machine code and bytes of a process at a moment, as plain text and JSON.
#pragma once

#include <string>

#include "core/base/result.h"
#include "core/export/request/figure_options.h"
#include "core/model/recording.h"
#include "core/narrate/messages.h"

namespace procatlas {

// Whether `view` is source, code or bytes.
[[nodiscard]] bool is_listing(FigureView view);

// Lists the processes in `options.pids`, or else the process of the moment's event. Errors: the recording does not have the
// moment or a process.
[[nodiscard]] Result<std::string> listing_text(const Recording& recording, const FigureOptions& options, const Messages& words);
[[nodiscard]] Result<std::string> listing_json(const Recording& recording, const FigureOptions& options, const Messages& words);

}  // namespace procatlas
