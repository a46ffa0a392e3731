// The styles of text, and how wide a text is. Units: logical pixels at 100 % zoom.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace procatlas {

enum class TextStyle : std::uint8_t { body, strong, small, title, headline, mono, mono_small };
inline constexpr std::size_t text_style_count = static_cast<std::size_t>(TextStyle::mono_small) + 1;

// Measures the width of text in the scene's units. The window and figures each have their own.
class TextMeasure {
public:
    TextMeasure() = default;
    TextMeasure(const TextMeasure&) = delete;
    TextMeasure& operator=(const TextMeasure&) = delete;
    virtual ~TextMeasure() = default;
    [[nodiscard]] virtual float width(std::string_view text, TextStyle style) const = 0;
    [[nodiscard]] virtual float line_height(TextStyle style) const = 0;
};

// How many bytes of `text` fit into `width`: whole characters only, and at most `most_characters_of_a_line` of them. Measures
// only a little more than what fits, so the time does not depend on the length of `text`, which may come from a stranger.
inline constexpr std::size_t most_characters_of_a_line = 4096;
[[nodiscard]] std::size_t fitting_bytes(std::string_view text, TextStyle style, float width, const TextMeasure& measure);

// Shortens `text` with "…" until it is at most `width` wide. Empty if not even "…" fits.
[[nodiscard]] std::string fit_text(std::string_view text, TextStyle style, float width, const TextMeasure& measure);

}  // namespace procatlas
