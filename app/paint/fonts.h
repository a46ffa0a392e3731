// The faces of the window: found by fontconfig, baked into one atlas with only the glyphs in use. Window thread only.
#pragma once

#include <array>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/scene/scene.h"

struct ImFont;

namespace procatlas {

class Fonts final : public TextMeasure {
public:
    // Glyphs of `text` will be in the atlas from the next `prepare` on; cheap for what is there already.
    void need(std::string_view text) const;

    // Builds the atlas again where the scale or the glyphs changed. Call between frames, with an ImGui context and an OpenGL
    // context. `scale`: pixels for each logical pixel.
    void prepare(float scale);

    [[nodiscard]] ImFont* font(TextStyle style) const { return fonts_[static_cast<std::size_t>(style)]; }
    [[nodiscard]] float scale() const { return scale_; }
    // How often the atlas was built: widths measured before may be others now.
    [[nodiscard]] std::size_t builds() const { return builds_; }
    // Glyphs came up that the atlas lacks: another frame is wanted.
    [[nodiscard]] bool stale() const { return stale_; }

    [[nodiscard]] float width(std::string_view text, TextStyle style) const override;
    [[nodiscard]] float line_height(TextStyle style) const override;

private:
    struct Face {
        std::vector<char> data;
        int index = 0;  // in a collection
    };
    const Face& face(const std::string& pattern);
    void add(TextStyle style, const std::vector<std::string>& patterns, float size);

    std::map<std::string, Face> faces_;  // by fontconfig pattern
    mutable std::set<char32_t> glyphs_;
    mutable bool stale_ = true;
    float scale_ = 0;
    std::size_t builds_ = 0;
    std::vector<unsigned short> ranges_;  // pairs, 0 at the end; ImGui reads them while it builds
    std::array<ImFont*, text_style_count> fonts_{};
};

}  // namespace procatlas
