// Scene -> PNG and PDF, by cairo and pango. Texts in a PDF are texts that can be selected and searched.
#pragma once

#include <string>

#include "core/base/result.h"
#include "core/export/picture/pango_measure.h"
#include "core/export/request/figure_options.h"
#include "core/scene/palette.h"
#include "core/scene/scene.h"

namespace procatlas {

// `scale`: pixels for each of the scene's units. Error: the picture would be too large.
[[nodiscard]] Result<std::string> scene_png(const Scene& scene, const Palette& palette, const PangoMeasure& measure,
                                            float scale);

// One page as large as the scene, at 96 units an inch; smaller where a page cannot be that large.
[[nodiscard]] Result<std::string> scene_pdf(const Scene& scene, const Palette& palette, const PangoMeasure& measure,
                                            const FigureText& text);

}  // namespace procatlas
