// The parts of the page that a shared run shows in each browser: assets/page, as `--as html` has them, and what only a live
// page has. Pure.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "core/export/page/html_export.h"

namespace procatlas {

struct ServedFile {
    std::string_view type;
    std::shared_ptr<const std::string> body;
};

// "/", "/page.css", "/page.js", "/live.css", "/live_controls.js", "/live.js", "/icon.svg"; null: there is no such file.
[[nodiscard]] const ServedFile* served_file(std::string_view path, std::span<const PageLanguage> languages);

}  // namespace procatlas
