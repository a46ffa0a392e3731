// A figure as one HTML page that needs nothing else: no script, no server, no file beside it. The picture is there in each
// language, as text that can be selected; the reader chooses between them.
#pragma once

#include <span>
#include <string>

#include "core/base/result.h"
#include "core/export/page/html_export.h"
#include "core/export/picture/figure.h"

namespace procatlas {

// Opens in the first language. Errors: those of compose_figure.
[[nodiscard]] Result<std::string> picture_html(const Recording& recording, const FigureOptions& options,
                                               std::span<const PageLanguage> languages);

}  // namespace procatlas
