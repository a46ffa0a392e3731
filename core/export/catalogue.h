// The catalogue of what can be exported: each view and each format is a row. The command line, its help, the window's dialogs
// and error messages read it. A new format is a file in `data`, `picture` or `page`, a row here, a test and a line in
// README.md.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/export/carry/carried_recording.h"
#include "core/export/page/html_export.h"
#include "core/export/request/figure_options.h"
#include "core/model/recording.h"

namespace procatlas {

struct ExportView {
    FigureView view = FigureView::all;
    std::string_view name;  // as typed behind --view
    std::string_view word;  // its key in the locale files
};

struct ExportRequest {
    const Recording& recording;
    FigureOptions options;
    bool theme_chosen = false;                // false: a page follows its reader's system
    bool with_pages = false;                  // text and JSON: also the pages of each region
    std::span<const PageLanguage> languages;  // that of `options` first; only pages show the others
};

struct ExportFormat {
    std::string_view name;              // as typed behind --as
    std::string_view extension;         // with its dot
    std::span<const FigureView> views;  // that it shows
    bool binary = false;                // not for a terminal
    bool carries = false;               // holds its recording inside (FigureOptions::recording_file)
    // The bytes of a file, of a view that it shows. Errors: a moment or a process that the recording does not have; too large.
    Result<std::string> (*render)(const ExportRequest& request) = nullptr;
    std::optional<FigureFormat> picture = {};  // where it is a picture of one moment

    [[nodiscard]] bool shows(FigureView view) const;
};

[[nodiscard]] std::span<const ExportView> export_views();
[[nodiscard]] std::span<const ExportFormat> export_formats();

// nullptr: there is none of that name.
[[nodiscard]] const ExportView* find_export_view(std::string_view name);
[[nodiscard]] const ExportFormat* find_export_format(std::string_view name);

// "svg, pdf, png, html, dot, mermaid": the formats that show `view`.
[[nodiscard]] std::string format_names(FigureView view);

}  // namespace procatlas
