// Scene -> SVG 1.1 with real texts, which can be selected, searched and edited. One file without anything outside it.
#pragma once

#include <string>
#include <string_view>

#include "core/export/picture/paint_cairo.h"

namespace procatlas {

// Texts are as wide as `measure` says also where the reader lacks the faces.
[[nodiscard]] std::string scene_svg(const Scene& scene, const Palette& palette, const PangoMeasure& measure,
                                    const FigureText& text);

// What stands inside the <svg> element, an element a line.
[[nodiscard]] std::string scene_svg_content(const Scene& scene, const Palette& palette, const PangoMeasure& measure);

// `text` as characters of XML 1.0, also inside an attribute: markup escaped, what XML forbids as U+FFFD.
[[nodiscard]] std::string xml_text(std::string_view text);

}  // namespace procatlas
