// A figure: a picture of one moment of a recording, for a slide or a page. Needs no window and no display.
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
    Scene scene;      // heading, event and views with margins; its size fits its content
    FigureText text;  // the same content for viewers and screen readers
};

// Errors: the recording does not have the moment or a pid.
[[nodiscard]] Result<ComposedFigure> compose_figure(const Recording& recording, const FigureOptions& options,
                                                    const Messages& words, const TextMeasure& measure);

// Whether a figure of this view can be an exercise about these: bytes are the values, and a storyboard tells of ends.
[[nodiscard]] bool can_leave_out(FigureView view, const Veils& blank);

// Returns the bytes of a file. Errors: those of compose_figure, or the figure is too large for its format.
[[nodiscard]] Result<std::string> render_figure(const Recording& recording, const FigureOptions& options, FigureFormat format,
                                                const Messages& words);

}  // namespace procatlas
