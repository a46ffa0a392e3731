// The pictures of an HTML page, without repetition. From one moment to the next, few lines of an SVG change. So each line is
// stored once, and a picture is a list of runs of lines.
#pragma once

#include <cstddef>
#include <deque>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/export/picture/pango_measure.h"
#include "core/scene/palette.h"

namespace procatlas {

// The content of an SVG in the form a page needs: single quotes only, and with `named_palette()` the colours' names.
[[nodiscard]] std::string page_svg(const Scene& scene, const Palette& palette, const PangoMeasure& measure);

class PagePictures {
public:
    explicit PagePictures(const Palette& palette) : palette_(palette) {}

    // Returns the index in `pictures`. Equal pictures have the same index.
    std::size_t add(const Scene& scene, const PangoMeasure& measure);

    [[nodiscard]] const std::deque<std::string>& lines() const { return lines_; }
    // As JSON: [width, height, [first line, how many, first line, how many, ...]].
    [[nodiscard]] const std::vector<std::string>& pictures() const { return pictures_; }
    // The size of all lines and pictures in the page, approximately.
    [[nodiscard]] std::size_t bytes() const { return bytes_; }
    // How many lines were drawn, including those already stored: a measure of the time spent.
    [[nodiscard]] std::size_t drawn() const { return drawn_; }

private:
    std::size_t line(std::string_view text);

    const Palette& palette_;
    std::deque<std::string> lines_;  // a deque, because its elements never move
    std::unordered_map<std::string_view, std::size_t> known_lines_;
    std::vector<std::string> pictures_;
    std::unordered_map<std::string, std::size_t> known_pictures_;
    std::size_t bytes_ = 0;
    std::size_t drawn_ = 0;
};

// Colours that the light and dark themes share are fixed. The others are names, which `theme_style` defines.
[[nodiscard]] const Palette& named_palette();

// CSS declarations that define the named colours for `theme`.
[[nodiscard]] std::string theme_style(Theme theme);

// All of a page's style: assets/page/page.css, and the colours of each theme.
[[nodiscard]] std::string page_style_sheet();

}  // namespace procatlas
