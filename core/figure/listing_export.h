// Source, machine code and bytes of a process at a moment as plain text and as JSON.
#pragma once

#include <string>

#include "core/base/result.h"
#include "core/figure/figure.h"
#include "core/layout/words.h"
#include "core/model/recording.h"

namespace procatlas {

// The views that are listings: source, code and bytes.
[[nodiscard]] bool is_listing(FigureView view);

// Of the processes in `options.pids`, else of the one whose event it is. Errors: a moment or a process that the recording does
// not have.
[[nodiscard]] Result<std::string> listing_text(const Recording& recording, const FigureOptions& options, const Words& words);
[[nodiscard]] Result<std::string> listing_json(const Recording& recording, const FigureOptions& options, const Words& words);

}  // namespace procatlas
