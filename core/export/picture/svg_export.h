// Scene -> SVG 1.1 in one self-contained file. Its text can be selected, searched and edited.
#pragma once

#include <string>
#include <string_view>

#include "core/export/picture/paint_cairo.h"

namespace procatlas {

// Texts have the width that `measure` says, even if the reader's system lacks the faces.
[[nodiscard]] std::string scene_svg(const Scene& scene, const Palette& palette, const PangoMeasure& measure,
                                    const FigureText& text);

// The content of the <svg> element, one element per line.
[[nodiscard]] std::string scene_svg_content(const Scene& scene, const Palette& palette, const PangoMeasure& measure);

// `text` for XML 1.0, also in attributes: escapes markup and replaces what XML forbids by U+FFFD.
[[nodiscard]] std::string xml_text(std::string_view text);

}  // namespace procatlas
