// Texts of a sheet as HTML, for pages of another kind.
#pragma once

#include <string>

#include "core/export/paper/sheet.h"

namespace procatlas {

[[nodiscard]] std::string sheet_text_html(const SheetText& text, const Messages& words);

}  // namespace procatlas
