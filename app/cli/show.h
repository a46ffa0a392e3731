// `procatlas show`: a recording from a file, one moment of it, as text, JSON or a figure. No window and no display.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "core/figure/figure.h"
#include "core/layout/words.h"

namespace procatlas {

enum class ShowFormat { text, json, svg, pdf, png };

struct ShowOptions {
    std::filesystem::path recording;
    std::optional<std::size_t> moment;  // none: the last one
    ShowFormat format = ShowFormat::text;
    FigureOptions figure;                         // its moment, title and recording are filled in
    bool carry_recording = true;                  // a figure has its recording inside
    std::optional<std::filesystem::path> output;  // none: standard output
};

// "text", "svg", ...; nullopt for another word.
[[nodiscard]] std::optional<ShowFormat> parse_show_format(std::string_view name);
[[nodiscard]] std::optional<FigureView> parse_figure_view(std::string_view name);
[[nodiscard]] std::optional<Theme> parse_theme(std::string_view name);
// A whole number, or nothing for "last". Error: something else.
[[nodiscard]] Result<std::optional<std::size_t>> parse_moment(std::string_view text);
// "2417,2418".
[[nodiscard]] Result<std::vector<std::int32_t>> parse_pids(std::string_view text);

// Returns the exit status: 1 where the file cannot be read or the result not be written, 2 for a moment or a PID that the
// recording does not have, and for bytes that would go to a terminal.
[[nodiscard]] int show(const ShowOptions& options, const Words& words);

}  // namespace procatlas
