#include "core/export/picture/pango_measure.h"

#include <pango/pangocairo.h>

#include <algorithm>
#include <cmath>

#include "core/base/text.h"
#include "core/scene/text_face.h"

namespace procatlas {

namespace {

PangoFontDescription* describe(TextStyle style) {
    PangoFontDescription* description = pango_font_description_new();
    pango_font_description_set_family(description, std::string(PangoMeasure::families(style)).c_str());
    pango_font_description_set_weight(description, face_of(style).strong ? PANGO_WEIGHT_SEMIBOLD : PANGO_WEIGHT_NORMAL);
    return description;
}

// Our sizes are from ascender to descender, as the window measures them with FreeType. Pango needs the size of the em square.
float em_of(PangoContext* context, PangoFontDescription* description, float size, float& ascent) {
    constexpr double em = 1000;
    pango_font_description_set_absolute_size(description, em * PANGO_SCALE);
    PangoFontMetrics* metrics = pango_context_get_metrics(context, description, pango_language_from_string("en"));
    const double above = static_cast<double>(pango_font_metrics_get_ascent(metrics)) / PANGO_SCALE;
    const double below = static_cast<double>(pango_font_metrics_get_descent(metrics)) / PANGO_SCALE;
    pango_font_metrics_unref(metrics);
    const double whole = above + below;
    ascent = whole > 0 ? static_cast<float>(size * above / whole) : size * 0.8F;
    return whole > 0 ? static_cast<float>(size * em / whole) : size * 0.8F;
}

}  // namespace

std::string_view PangoMeasure::families(TextStyle style) {
    return face_of(style).mono ? "JetBrains Mono, NanumGothicCoding, NanumGothic, DejaVu Sans Mono, monospace"
                               : "Inter, NanumGothic, DejaVu Sans, sans-serif";
}

PangoMeasure::PangoMeasure() {
    PangoFontMap* map = pango_cairo_font_map_new();
    context_ = pango_font_map_create_context(map);
    g_object_unref(map);  // the context holds a reference
    // Makes widths independent of the scale, so that a figure has the same layout at every size and in every format.
    cairo_font_options_t* options = cairo_font_options_create();
    cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
    cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_GRAY);
    pango_cairo_context_set_font_options(context_, options);
    cairo_font_options_destroy(options);
    pango_context_set_round_glyph_positions(context_, FALSE);
    pango_context_set_base_dir(context_, PANGO_DIRECTION_LTR);
    layout_ = pango_layout_new(context_);
    pango_layout_set_auto_dir(layout_, FALSE);
    pango_layout_set_single_paragraph_mode(layout_, TRUE);
    // No ligatures, so that addresses and output keep their letters ("0x0" not as "0×0", "->" not as an arrow).
    PangoAttrList* attributes = pango_attr_list_new();
    pango_attr_list_insert(attributes, pango_attr_font_features_new("liga=0, clig=0, calt=0"));
    pango_layout_set_attributes(layout_, attributes);
    pango_attr_list_unref(attributes);
    for (std::size_t i = 0; i < text_style_count; ++i) {
        const auto style = static_cast<TextStyle>(i);
        Face& face = faces_[i];
        face.description = describe(style);
        face.em = em_of(context_, face.description, face_of(style).size, face.ascent);
        pango_font_description_set_absolute_size(face.description, static_cast<double>(face.em) * PANGO_SCALE);
    }
}

PangoMeasure::~PangoMeasure() {
    for (const Face& face : faces_) {
        pango_font_description_free(face.description);
    }
    g_object_unref(layout_);
    g_object_unref(context_);
}

PangoLayout* PangoMeasure::layout(std::string_view text, TextStyle style) const {
    const std::string valid = valid_utf8(text);  // pango rejects invalid UTF-8
    pango_layout_set_font_description(layout_, faces_[static_cast<std::size_t>(style)].description);
    pango_layout_set_text(layout_, valid.data(), static_cast<int>(valid.size()));
    return layout_;
}

float PangoMeasure::width(std::string_view text, TextStyle style) const {
    constexpr std::size_t most_remembered = 20'000;
    auto& known = widths_[static_cast<std::size_t>(style)];
    if (known.size() >= most_remembered) {
        known.clear();
    }
    const auto [found, fresh] = known.try_emplace(std::string(text), 0.0F);
    if (fresh) {
        int width = 0;
        pango_layout_get_size(layout(text, style), &width, nullptr);
        found->second = static_cast<float>(width) / PANGO_SCALE;
    }
    return found->second;
}

float PangoMeasure::line_height(TextStyle style) const {
    return face_of(style).size;
}

}  // namespace procatlas
