// The faces of figures, by pango and cairo: the window's (layout/text_face.h), and how wide texts are in them. One thread only.
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

    // Remembered: a page of many moments asks for the same texts again and again.
    [[nodiscard]] float width(std::string_view text, TextStyle style) const override;
    [[nodiscard]] float line_height(TextStyle style) const override;

    // From the top of a line down to its baseline.
    [[nodiscard]] float ascent(TextStyle style) const { return faces_[static_cast<std::size_t>(style)].ascent; }
    // Of the em square, as CSS and SVG count it.
    [[nodiscard]] float em_size(TextStyle style) const { return faces_[static_cast<std::size_t>(style)].em; }

    // `text` in one line, left to right. Owned by this measure, and valid until its next call.
    [[nodiscard]] PangoLayout* layout(std::string_view text, TextStyle style) const;

    // The families of a style, the first one that has a glyph draws it.
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
