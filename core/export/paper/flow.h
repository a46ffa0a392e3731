// Text in several styles that flows into lines, as scenes. Pure.
#pragma once

#include <vector>

#include "core/export/paper/sheet.h"
#include "core/scene/scene.h"
#include "core/scene/text_measure.h"

namespace procatlas {

// Which styles of the scene the spans of a text have.
struct FlowStyles {
    TextStyle plain = TextStyle::body;
    TextStyle strong = TextStyle::strong;
    TextStyle code = TextStyle::mono;
};

// The lines of the text, each a scene as wide as `width` and as high as its line; at least one. Lines break at blanks, and
// inside a word only if that is wider than a line.
[[nodiscard]] std::vector<Scene> flow_text(const std::vector<SheetSpan>& spans, float width, const TextMeasure& measure,
                                           const FlowStyles& styles = {});

}  // namespace procatlas
