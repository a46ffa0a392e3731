#include "core/scene/wrap_text.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "core/base/text.h"

namespace procatlas {

std::vector<std::string> wrap_text(std::string_view text, TextStyle style, float width, const TextMeasure& measure,
                                   std::size_t most_lines) {
    std::vector<std::string> lines;
    while (!text.empty()) {
        if (lines.size() == most_lines) {
            lines.back() += "…";
            break;
        }
        std::size_t end = fitting_bytes(text, style, width, measure);
        if (end == 0) {
            std::ignore = next_code_point(text, end);  // even one character is too wide
        }
        if (end < text.size() && text[end] != ' ') {
            const std::size_t space = text.rfind(' ', end);
            if (space != std::string_view::npos && text.find_first_not_of(' ') < space) {
                end = space;
            }
        }
        lines.emplace_back(text.substr(0, end));
        text.remove_prefix(end);
        text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
    }
    return lines;
}

bool words_fit(std::string_view text, TextStyle style, float width, const TextMeasure& measure) {
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = std::min(text.find(' ', at), text.size());
        if (measure.width(text.substr(at, end - at), style) > width) {
            return false;
        }
        at = end + 1;
    }
    return true;
}

Scene layout_sentences(const std::vector<std::string>& sentences, float width, const TextMeasure& measure) {
    Scene scene;
    for (const std::string& sentence : sentences) {
        for (std::string& line : wrap_text(sentence, TextStyle::body, width, measure)) {
            scene.labels.push_back({{0, scene.height}, std::move(line), TextStyle::body, Role::muted});
            scene.height += measure.line_height(TextStyle::body) + 4;
        }
    }
    scene.width = sentences.empty() ? 0 : width;
    return scene;
}

}  // namespace procatlas
