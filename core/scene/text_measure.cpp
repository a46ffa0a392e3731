#include "core/scene/text_measure.h"

#include <algorithm>
#include <tuple>
#include <vector>

#include "core/base/text.h"

namespace procatlas {

std::size_t fitting_bytes(std::string_view text, TextStyle style, float width, const TextMeasure& measure) {
    std::vector<std::size_t> ends;  // byte offset of the end of each character looked at
    const auto fits = [&](std::size_t end) { return measure.width(text.substr(0, end), style) <= width; };
    std::size_t at = 0;
    for (std::size_t most = 16; at < text.size() && most <= most_characters_of_a_line; most *= 2) {
        while (at < text.size() && ends.size() < most) {
            std::ignore = next_code_point(text, at);
            ends.push_back(at);
        }
        if (!fits(at)) {
            const auto first_too_wide = std::ranges::partition_point(ends, fits);
            return first_too_wide == ends.begin() ? 0 : *std::prev(first_too_wide);
        }
    }
    return at;
}

std::string fit_text(std::string_view text, TextStyle style, float width, const TextMeasure& measure) {
    constexpr std::string_view ellipsis = "…";
    std::size_t end = fitting_bytes(text, style, width, measure);
    if (end == text.size()) {
        return std::string(text);
    }
    end = std::min(end, fitting_bytes(text.substr(0, end), style, width - measure.width(ellipsis, style), measure));
    return end == 0 ? std::string() : std::string(text.substr(0, end)).append(ellipsis);
}

}  // namespace procatlas
