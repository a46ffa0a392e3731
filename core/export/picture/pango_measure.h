// Measures text for figures with pango and cairo, in the same faces as the window (scene/text_face.h). One thread only.
#pragma once

#include <array>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/scene/scene.h"

typedef struct _PangoFontDescription PangoFontDescription;
typedef struct _PangoContext PangoContext;
typedef struct _PangoLayout PangoLayout;

namespace procatlas {

class PangoMeasure final : public TextMeasure {
public:
    PangoMeasure();
    ~PangoMeasure() override;

    // Cached, because a page of many moments measures the same texts again and again.
    [[nodiscard]] float width(std::string_view text, TextStyle style) const override;
    [[nodiscard]] float line_height(TextStyle style) const override;

    // Distance from the top of a line to its baseline.
    [[nodiscard]] float ascent(TextStyle style) const { return faces_[static_cast<std::size_t>(style)].ascent; }
    // Size of the em square, the font size of CSS and SVG.
    [[nodiscard]] float em_size(TextStyle style) const { return faces_[static_cast<std::size_t>(style)].em; }

    // `text` in one line, left to right. This object owns the result, which is valid until the next call.
    [[nodiscard]] PangoLayout* layout(std::string_view text, TextStyle style) const;

    // The font families of a style. The first one that has a glyph draws it.
    [[nodiscard]] static std::string_view families(TextStyle style);

private:
    struct Face {
        PangoFontDescription* description = nullptr;
        float em = 0;
        float ascent = 0;
    };

    PangoContext* context_ = nullptr;
    PangoLayout* layout_ = nullptr;
    std::array<Face, text_style_count> faces_;
    mutable std::array<std::unordered_map<std::string, float>, text_style_count> widths_;
};

}  // namespace procatlas
