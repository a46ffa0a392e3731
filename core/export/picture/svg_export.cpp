#include "core/export/picture/svg_export.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>
#include <numbers>

#include "core/base/text.h"
#include "core/scene/draw_scene.h"
#include "core/scene/text_face.h"

namespace procatlas {

namespace {

// At most two decimals, without trailing zeros.
std::string number(float value) {
    std::string text = fmt::format("{:.2f}", value);
    text.erase(text.find_last_not_of('0') + 1);
    if (text.ends_with('.')) {
        text.pop_back();
    }
    return text == "-0" ? "0" : text;
}

std::string hex_colour(Colour c) {
    return fmt::format("#{:02x}{:02x}{:02x}", c.red, c.green, c.blue);
}

// ` fill="#0072b2" fill-opacity="0.13"`.
std::string paint(std::string_view attribute, Colour colour) {
    std::string text = fmt::format(" {}=\"{}\"", attribute, hex_colour(colour));
    if (colour.alpha != 255) {
        text += fmt::format(" {}-opacity=\"{}\"", attribute, number(static_cast<float>(colour.alpha) / 255));
    }
    return text;
}

std::string pen_attributes(const Pen& pen) {
    std::string text = " fill=\"none\"" + paint("stroke", pen.colour);
    if (pen.width != 1) {
        text += fmt::format(" stroke-width=\"{}\"", number(pen.width));
    }
    if (pen.stroke == Stroke::dashed) {
        text += fmt::format(" stroke-dasharray=\"{} {}\"", number(dash_length), number(dash_length));
    } else if (pen.stroke == Stroke::dotted) {
        text += fmt::format(" stroke-linecap=\"round\" stroke-dasharray=\"0 {}\"", number(dot_step));
    }
    return text;
}

std::string rectangle(const Box& box, float radius) {
    std::string text = fmt::format("<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\"", number(box.x), number(box.y),
                                   number(std::max(box.width, 0.0F)), number(std::max(box.height, 0.0F)));
    const float fitting = std::min({radius, box.width / 2, box.height / 2});
    if (fitting >= 0.25F) {
        text += fmt::format(" rx=\"{}\"", number(fitting));
    }
    return text;
}

// One tile of a hatch. Lines that cross a corner continue in the neighbouring tiles.
std::string pattern(Hatch hatch, Colour colour) {
    const HatchShape shape = hatch_shape(hatch);
    const std::string s = number(shape.spacing);
    const std::string half = number(shape.spacing / 2);
    const std::string before = number(shape.spacing - 1);
    const std::string after = number(shape.spacing + 1);
    std::string lines;
    if (shape.horizontal) {
        lines += fmt::format("M0 {0}H{1}", half, s);
    }
    if (shape.vertical) {
        lines += fmt::format("M{0} 0V{1}", half, s);
    }
    if (shape.rising) {
        lines += fmt::format("M0 {0}L{0} 0M-1 1L1 -1M{1} {2}L{2} {1}", s, before, after);
    }
    if (shape.falling) {
        lines += fmt::format("M0 0L{0} {0}M-1 {1}L1 {2}M{1} -1L{2} 1", s, before, after);
    }
    std::string text = fmt::format("<pattern id=\"hatch{}\" width=\"{}\" height=\"{}\" patternUnits=\"userSpaceOnUse\">",
                                   static_cast<int>(hatch), s, s);
    if (!lines.empty()) {
        text += fmt::format("<path d=\"{}\"{}/>", lines, pen_attributes({colour, hatch_width}));
    }
    if (shape.dot > 0) {
        text += fmt::format("<circle cx=\"{0}\" cy=\"{0}\" r=\"{1}\"{2}/>", half, number(shape.dot), paint("fill", colour));
    }
    return text + "</pattern>\n";
}

class SvgCanvas final : public Canvas {
public:
    explicit SvgCanvas(const PangoMeasure& measure) : measure_(measure) {}

    void fill(const Box& box, float radius, Colour colour) override {
        body_ += rectangle(box, radius) + paint("fill", colour) + "/>\n";
    }

    void hatch(const Box& box, float radius, Hatch hatch, Colour colour) override {
        std::string& known = patterns_[static_cast<std::size_t>(hatch)];
        if (known.empty()) {
            known = pattern(hatch, colour);
        }
        body_ += rectangle(box, radius) + fmt::format(" fill=\"url(#hatch{})\"/>\n", static_cast<int>(hatch));
    }

    void outline(const Box& box, float radius, const Pen& pen) override {
        body_ += rectangle(box, radius) + pen_attributes(pen) + "/>\n";
    }

    void line(std::span<const Point> points, const Pen& pen) override {
        body_ += "<path d=\"";
        for (std::size_t i = 0; i < points.size(); ++i) {
            body_ += fmt::format("{}{} {}", i == 0 ? 'M' : 'L', number(points[i].x), number(points[i].y));
        }
        body_ += "\"" + pen_attributes(pen) + "/>\n";
    }

    void disc(Point centre, float radius, Colour colour) override {
        body_ += circle(centre, radius) + paint("fill", colour) + "/>\n";
    }

    void arc(Point centre, float radius, float from, float to, const Pen& pen) override {
        if (to - from > 6.28F) {
            body_ += circle(centre, radius) + pen_attributes(pen) + "/>\n";
            return;
        }
        body_ += fmt::format("<path d=\"M{} {}A{} {} 0 {} 1 {} {}\"", number(centre.x + radius * std::cos(from)),
                             number(centre.y + radius * std::sin(from)), number(radius), number(radius),
                             to - from > std::numbers::pi_v<float> ? 1 : 0, number(centre.x + radius * std::cos(to)),
                             number(centre.y + radius * std::sin(to))) +
                 pen_attributes(pen) + "/>\n";
    }

    void text(const SceneLabel& label, Colour colour) override {
        const TextFace face = face_of(label.style);
        body_ +=
            fmt::format("<text x=\"{}\" y=\"{}\" font-size=\"{}\"", number(label.at.x),
                        number(std::round(label.at.y + measure_.ascent(label.style))), number(measure_.em_size(label.style)));
        if (face.mono) {
            body_ += fmt::format(" font-family=\"{}\"", PangoMeasure::families(label.style));
        }
        if (face.strong) {
            body_ += " font-weight=\"600\"";
        }
        body_ += paint("fill", colour) + fmt::format(" textLength=\"{}\" lengthAdjust=\"spacingAndGlyphs\">{}</text>\n",
                                                     number(measure_.width(label.text, label.style)), xml_text(label.text));
    }

    [[nodiscard]] std::string definitions() const {
        std::string text;
        for (const std::string& one : patterns_) {
            text += one;
        }
        return text.empty() ? text : "<defs>\n" + text + "</defs>\n";
    }
    [[nodiscard]] const std::string& body() const { return body_; }

private:
    static std::string circle(Point centre, float radius) {
        return fmt::format("<circle cx=\"{}\" cy=\"{}\" r=\"{}\"", number(centre.x), number(centre.y), number(radius));
    }

    const PangoMeasure& measure_;
    std::string body_;
    std::array<std::string, hatch_count> patterns_;
};

}  // namespace

std::string xml_text(std::string_view text) {
    std::string out;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t start = at;
        const char32_t c = next_code_point(text, at);
        const bool forbidden = (c < 0x20 && c != '\t' && c != '\n' && c != '\r') || c == 0xFFFD || c == 0xFFFE || c == 0xFFFF;
        if (forbidden) {
            out += "\xEF\xBF\xBD";
        } else if (c == '<') {
            out += "&lt;";
        } else if (c == '>') {
            out += "&gt;";
        } else if (c == '&') {
            out += "&amp;";
        } else if (c == '"') {
            out += "&quot;";
        } else if (c == '\'') {
            out += "&#39;";
        } else if (c < 0x20 || c == 0x7F) {  // in attributes, XML would turn these into spaces
            fmt::format_to(std::back_inserter(out), "&#{};", static_cast<unsigned>(c));
        } else {
            out.append(text.substr(start, at - start));
        }
    }
    return out;
}

std::string scene_svg_content(const Scene& scene, const Palette& palette, const PangoMeasure& measure) {
    SvgCanvas canvas(measure);
    draw_picture(scene, {palette, measure}, canvas);
    return canvas.definitions() + canvas.body();
}

std::string scene_svg(const Scene& scene, const Palette& palette, const PangoMeasure& measure, const FigureText& text) {
    return fmt::format(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
        "<svg xmlns=\"http://www.w3.org/2000/svg\" version=\"1.1\" width=\"{0}\" height=\"{1}\" viewBox=\"0 0 {0} {1}\" "
        "xml:lang=\"{2}\" role=\"img\" xml:space=\"preserve\" font-family=\"{3}\" font-variant-ligatures=\"none\">\n"
        "<title>{4}</title>\n<desc>{5}</desc>\n{6}</svg>\n",
        number(scene.width), number(scene.height), xml_text(text.language), PangoMeasure::families(TextStyle::body),
        xml_text(text.title), xml_text(text.description), scene_svg_content(scene, palette, measure));
}

}  // namespace procatlas
