#include "core/scene/text_measure.h"

#include <tuple>
#include <vector>

#include "core/base/text.h"

namespace procatlas {

std::string fit_text(std::string_view text, TextStyle style, float width, const TextMeasure& measure) {
    if (measure.width(text, style) <= width) {
        return std::string(text);
    }
    std::vector<std::size_t> ends;  // byte offset of the end of each code point
    for (std::size_t at = 0; at < text.size();) {
        std::ignore = next_code_point(text, at);
        ends.push_back(at);
    }
    std::size_t low = 0;
    std::size_t high = ends.size();
    const auto shortened = [&](std::size_t count) {
        return std::string(text.substr(0, count == 0 ? 0 : ends[count - 1])) + "…";
    };
    while (low < high) {
        const std::size_t middle = (low + high) / 2;
        if (measure.width(shortened(middle), style) <= width) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < 2 ? std::string() : shortened(low - 1);
}

}  // namespace procatlas
