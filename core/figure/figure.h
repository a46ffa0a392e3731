// A figure: one moment of a recording as a picture for a slide or a page, made without a window and without a display.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/figure/carried_recording.h"
#include "core/figure/palette.h"
#include "core/layout/scene.h"
#include "core/layout/words.h"
#include "core/model/recording.h"

namespace procatlas {

enum class FigureView : std::uint8_t {
    memory,
    tree,
    timeline,
    all,
    inside,
    stack,
    heap,
    code,
    bytes,
    source,
    storyboard,
    pages,
    compare,
};

struct FigureOptions {
    FigureView view = FigureView::all;
    std::vector<std::int32_t> pids;  // whose memory, in this order; empty: the first process and the youngest others
    Theme theme = Theme::light;
    std::size_t moment = 0;
    std::vector<std::size_t> moments;  // of a storyboard, in this order; empty: those that tell the first fork
    float scale = 2;                   // PNG: pixels for each of the scene's units
    std::string title;                 // empty: the command of the first process
    std::string language = "en";       // of the words, told to screen readers
    std::string_view recording_file;   // bytes of the .procatlas file that the figure carries; empty: none
};

// The heading, what happened at that moment, and the views, with margins around: as large as what it shows. Errors: a moment or
// a pid that the recording does not have.
[[nodiscard]] Result<Scene> compose_figure(const Recording& recording, const FigureOptions& options, const Words& words,
                                           const TextMeasure& measure);

// The bytes of a file. Errors: those of compose_figure, and a figure too large for its format.
[[nodiscard]] Result<std::string> render_figure(const Recording& recording, const FigureOptions& options, FigureFormat format,
                                                const Words& words);

}  // namespace procatlas
