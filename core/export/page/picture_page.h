// A figure as one self-contained HTML page: no script, no server, no other files. It contains the picture in each language,
// with selectable text, and the reader chooses the language.
#pragma once

#include <span>
#include <string>

#include "core/base/result.h"
#include "core/export/page/html_export.h"
#include "core/export/picture/figure.h"

namespace procatlas {

// Opens in the first language. Errors: as compose_figure.
[[nodiscard]] Result<std::string> picture_html(const Recording& recording, const FigureOptions& options,
                                               std::span<const PageLanguage> languages);

}  // namespace procatlas
