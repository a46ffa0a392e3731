// A figure: one moment of a recording as a picture for a slide or a page, made without a window and without a display.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/export/carry/carried_recording.h"
#include "core/export/request/figure_options.h"
#include "core/model/recording.h"
#include "core/narrate/messages.h"
#include "core/scene/palette.h"
#include "core/scene/scene.h"

namespace procatlas {

struct ComposedFigure {
    Scene scene;  // the heading, what happened at that moment, and the views, with margins around: as large as what it shows
    FigureText text;  // the same for viewers and screen readers
};

// Errors: a moment or a pid that the recording does not have.
[[nodiscard]] Result<ComposedFigure> compose_figure(const Recording& recording, const FigureOptions& options,
                                                    const Messages& words, const TextMeasure& measure);

// The bytes of a file. Errors: those of compose_figure, and a figure too large for its format.
[[nodiscard]] Result<std::string> render_figure(const Recording& recording, const FigureOptions& options, FigureFormat format,
                                                const Messages& words);

}  // namespace procatlas
