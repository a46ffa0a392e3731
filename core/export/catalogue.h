// The catalogue of exports: each view and each format is a row. The command line, its help, the window's dialogs and error
// messages read it. A new format is a file in `data`, `picture` or `page`, a row here, a test and a line in README.md.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/export/carry/carried_recording.h"
#include "core/export/data/json_export.h"
#include "core/export/page/html_export.h"
#include "core/export/request/figure_options.h"
#include "core/model/recording.h"

namespace procatlas {

struct ExportView {
    FigureView view = FigureView::all;
    std::string_view name;  // as typed after --view
    std::string_view word;  // the key of its name in the locale files
};

struct ExportRequest {
    const Recording& recording;
    FigureOptions options;
    bool theme_chosen = false;                // false: a page follows the reader's system setting
    bool with_pages = false;                  // text and JSON: include the pages of each region
    std::span<const PageLanguage> languages;  // the language of `options` comes first; only pages contain the others
};

struct ExportFormat {
    std::string_view name;              // as typed after --as
    std::string_view extension;         // with the dot
    std::span<const FigureView> views;  // the views that it can show
    bool binary = false;                // must not be written to a terminal
    bool carries = false;               // can contain its recording (FigureOptions::recording_file)
    // Returns the bytes of a file. Takes only a view from `views`. Errors: the recording lacks the moment or a process, or the
    // file would be too large.
    Result<std::string> (*render)(const ExportRequest& request) = nullptr;
    std::optional<FigureFormat> picture = {};  // set if the format is a picture of one moment
    // The same bytes in pieces, for a format that may be too large to be held as a whole; null: it is not.
    Result<void> (*give)(const ExportRequest& request, const TakeText& take) = nullptr;

    [[nodiscard]] bool shows(FigureView view) const;
};

[[nodiscard]] std::span<const ExportView> export_views();
[[nodiscard]] std::span<const ExportFormat> export_formats();

// nullptr: no view has this name.
[[nodiscard]] const ExportView* find_export_view(std::string_view name);
[[nodiscard]] const ExportFormat* find_export_format(std::string_view name);

// "svg, pdf, png, html, dot, mermaid": the formats that show `view`.
[[nodiscard]] std::string format_names(FigureView view);

}  // namespace procatlas
