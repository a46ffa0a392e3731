// The fonts of the window. Found with fontconfig and baked into one atlas that holds only the glyphs in use. Window thread
// only.
#pragma once

#include <array>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "app/paint/drawn_texts.h"
#include "app/paint/font_bytes.h"
#include "core/scene/scene.h"

struct ImFont;

namespace procatlas {

class Fonts final : public TextMeasure {
public:
    // The next `prepare` puts the glyphs of `text` into the atlas. Cheap if they are already there.
    void need(std::string_view text) const;

    // Rebuilds the atlas if the scale or the glyphs have changed. Call it between frames, with an ImGui context and an OpenGL
    // context. `scale`: screen pixels per logical pixel.
    void prepare(float scale);

    [[nodiscard]] ImFont* font(TextStyle style) const { return fonts_[static_cast<std::size_t>(style)]; }
    [[nodiscard]] float scale() const { return scale_; }
    // How often the atlas was built. A rebuild may change widths.
    [[nodiscard]] std::size_t builds() const { return builds_; }
    // The atlas lacks needed glyphs, so another frame must be drawn.
    [[nodiscard]] bool stale() const { return stale_; }

    // What is written with them in this draw.
    [[nodiscard]] DrawnTexts& drawn() const { return drawn_; }

    [[nodiscard]] float width(std::string_view text, TextStyle style) const override;
    [[nodiscard]] float line_height(TextStyle style) const override;

private:
    struct Face {
        FontBytes data;
        int index = 0;  // in a font collection
        float lines_an_em = 1;
    };
    const Face& face(const std::string& pattern);
    void add(TextStyle style, const std::vector<std::string>& patterns, float size);

    std::map<std::string, Face> faces_;  // by fontconfig pattern
    mutable std::set<char32_t> glyphs_;
    mutable bool stale_ = true;
    mutable DrawnTexts drawn_;
    float scale_ = 0;
    std::size_t builds_ = 0;
    std::vector<unsigned short> ranges_;  // pairs, ending with 0; ImGui reads them during the build
    std::array<ImFont*, text_style_count> fonts_{};
};

// Whether a frame is shown. One that lacks glyphs would have question marks in their places, for as long as it takes to build
// the atlas: it is drawn again instead. But what brings other characters in each frame, as output may, must be seen.
class GlyphGaps {
public:
    [[nodiscard]] bool lets_show(bool lacks_glyphs) {
        dropped_ = lacks_glyphs && !dropped_;
        return !dropped_;
    }

private:
    bool dropped_ = false;
};

}  // namespace procatlas
