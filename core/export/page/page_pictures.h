// The pictures of an HTML page, without what they have in common: from one moment to the next few lines of an SVG change, so
// each line is kept once and a picture is told by runs of lines.
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

class PagePictures {
public:
    explicit PagePictures(const Palette& palette) : palette_(palette) {}

    // Its index in `pictures`; the same one for the same picture.
    std::size_t add(const Scene& scene, const PangoMeasure& measure);

    [[nodiscard]] const std::deque<std::string>& lines() const { return lines_; }
    // As JSON: [width, height, [first line, how many, first line, how many, ...]].
    [[nodiscard]] const std::vector<std::string>& pictures() const { return pictures_; }
    // What all of it takes in the page, about.
    [[nodiscard]] std::size_t bytes() const { return bytes_; }
    // How many lines were drawn, also those that were known: a measure of the time it took.
    [[nodiscard]] std::size_t drawn() const { return drawn_; }

private:
    std::size_t line(std::string_view text);

    const Palette& palette_;
    std::deque<std::string> lines_;  // never moved
    std::unordered_map<std::string_view, std::size_t> known_lines_;
    std::vector<std::string> pictures_;
    std::unordered_map<std::string, std::size_t> known_pictures_;
    std::size_t bytes_ = 0;
    std::size_t drawn_ = 0;
};

// Colours that both the light and the dark theme have are colours; the others are names, that `theme_style` gives a colour to.
[[nodiscard]] const Palette& named_palette();

// The names' colours in `theme`, as declarations of CSS.
[[nodiscard]] std::string theme_style(Theme theme);

}  // namespace procatlas
