// Figures of many moments: a file for each, or the pages of one PDF. For slides and handouts. Needs no window and no display.
#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "core/export/picture/figure.h"

namespace procatlas {

// The moments at which something happened to a process, from the named program's first own event on: what a launcher did
// before, what a person asked for, and what processes wait for are no steps of the program.
[[nodiscard]] std::vector<std::size_t> steps_of(const Recording& recording);

inline constexpr std::size_t most_figures = 999;  // of a series

// Asked before each figure of a series, with how many are done. False: no more are made, which is an error of the series.
// Empty: all are made.
using SeriesWatch = std::function<bool(std::size_t)>;

// Renders a figure of each moment in turn. `options.moment` and `options.recording_file` are not looked at: no figure of a
// series carries the recording. `give` gets the figure's place in the series, from 1, and the bytes of a file; what it returns
// ends the series if it is an error. Errors: more than `most_figures`, or those of render_figure.
[[nodiscard]] Result<void> render_series(const Recording& recording, const FigureOptions& options, FigureFormat format,
                                         std::span<const std::size_t> moments, const Messages& words,
                                         const std::function<Result<void>(std::size_t, std::string_view)>& give,
                                         const SeriesWatch& watch = {});

// The same as the pages of one PDF.
[[nodiscard]] Result<std::string> render_pages(const Recording& recording, const FigureOptions& options,
                                               std::span<const std::size_t> moments, const Messages& words,
                                               const SeriesWatch& watch = {});

// Both, into files: numbered ones beside `file`, or `file` itself where it is a PDF. Errors: also those of writing.
[[nodiscard]] Result<void> write_series(const Recording& recording, const FigureOptions& options, FigureFormat format,
                                        std::span<const std::size_t> moments, const std::string& file, const Messages& words,
                                        const SeriesWatch& watch = {});

// The file of the figure at `place` of a series of `count`: "fork.svg" becomes "fork-07.svg".
[[nodiscard]] std::string series_file(const std::string& file, std::size_t place, std::size_t count);

}  // namespace procatlas
