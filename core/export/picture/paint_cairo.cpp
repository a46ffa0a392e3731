#include "core/export/picture/paint_cairo.h"

#include <cairo-pdf.h>
#include <cairo.h>
#include <fmt/format.h>
#include <pango/pangocairo.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <numbers>
#include <utility>

#include "core/base/text.h"
#include "core/scene/draw_scene.h"
#include "core/scene/hatch.h"

namespace procatlas {

namespace {

struct SurfaceDeleter {
    void operator()(cairo_surface_t* surface) const { cairo_surface_destroy(surface); }
};
using Surface = std::unique_ptr<cairo_surface_t, SurfaceDeleter>;

struct ContextDeleter {
    void operator()(cairo_t* context) const { cairo_destroy(context); }
};
using Context = std::unique_ptr<cairo_t, ContextDeleter>;

cairo_status_t append_bytes(void* out, const unsigned char* data, unsigned int length) {
    static_cast<std::string*>(out)->append(reinterpret_cast<const char*>(data), length);
    return CAIRO_STATUS_SUCCESS;
}

class CairoCanvas final : public Canvas {
public:
    CairoCanvas(cairo_t* cairo, const PangoMeasure& measure) : cairo_(cairo), measure_(measure) {}

    void fill(const Box& box, float radius, Colour colour) override {
        path(box, radius);
        source(colour);
        cairo_fill(cairo_);
    }

    void hatch(const Box& box, float radius, Hatch hatch, Colour colour) override {
        const HatchShape shape = hatch_shape(hatch);
        cairo_save(cairo_);
        path(box, radius);
        cairo_clip(cairo_);
        source(colour);
        cairo_set_line_width(cairo_, hatch_width);
        for (const auto& [from, to] : hatch_lines(box, shape)) {
            cairo_move_to(cairo_, from.x, from.y);
            cairo_line_to(cairo_, to.x, to.y);
        }
        cairo_stroke(cairo_);
        for (const Point& dot : hatch_dots(box, shape)) {
            cairo_new_sub_path(cairo_);
            cairo_arc(cairo_, dot.x, dot.y, shape.dot, 0, 2 * std::numbers::pi);
        }
        cairo_fill(cairo_);
        cairo_restore(cairo_);
    }

    void outline(const Box& box, float radius, const Pen& pen) override {
        path(box, radius);
        stroke(pen);
    }

    void line(std::span<const Point> points, const Pen& pen) override {
        cairo_new_path(cairo_);
        for (const Point& p : points) {
            cairo_line_to(cairo_, p.x, p.y);
        }
        stroke(pen);
    }

    void disc(Point centre, float radius, Colour colour) override {
        cairo_new_path(cairo_);
        cairo_arc(cairo_, centre.x, centre.y, radius, 0, 2 * std::numbers::pi);
        source(colour);
        cairo_fill(cairo_);
    }

    void arc(Point centre, float radius, float from, float to, const Pen& pen) override {
        cairo_new_path(cairo_);
        cairo_arc(cairo_, centre.x, centre.y, radius, from, to);
        stroke(pen);
    }

    void text(const SceneLabel& label, Colour colour) override {
        source(colour);
        cairo_move_to(cairo_, label.at.x, std::round(label.at.y + measure_.ascent(label.style)));
        PangoLayoutLine* line = pango_layout_get_line_readonly(measure_.layout(label.text, label.style), 0);
        pango_cairo_show_layout_line(cairo_, line);
    }

private:
    void source(Colour c) { cairo_set_source_rgba(cairo_, c.red / 255.0, c.green / 255.0, c.blue / 255.0, c.alpha / 255.0); }

    void path(const Box& box, float wanted) {
        constexpr double quarter = std::numbers::pi / 2;
        const double radius = std::max(0.0F, std::min({wanted, box.width / 2, box.height / 2}));
        cairo_new_path(cairo_);
        if (radius < 0.25) {
            cairo_rectangle(cairo_, box.x, box.y, box.width, box.height);
            return;
        }
        cairo_arc(cairo_, box.right() - radius, box.y + radius, radius, -quarter, 0);
        cairo_arc(cairo_, box.right() - radius, box.bottom() - radius, radius, 0, quarter);
        cairo_arc(cairo_, box.x + radius, box.bottom() - radius, radius, quarter, 2 * quarter);
        cairo_arc(cairo_, box.x + radius, box.y + radius, radius, 2 * quarter, 3 * quarter);
        cairo_close_path(cairo_);
    }

    void stroke(const Pen& pen) {
        source(pen.colour);
        cairo_set_line_width(cairo_, pen.width);
        cairo_set_line_cap(cairo_, pen.stroke == Stroke::dotted ? CAIRO_LINE_CAP_ROUND : CAIRO_LINE_CAP_BUTT);
        if (pen.stroke == Stroke::solid) {
            cairo_set_dash(cairo_, nullptr, 0, 0);
        } else {
            const std::array<double, 2> dashes = pen.stroke == Stroke::dotted ? std::array<double, 2>{0, dot_step}
                                                                              : std::array<double, 2>{dash_length, dash_length};
            cairo_set_dash(cairo_, dashes.data(), dashes.size(), 0);
        }
        cairo_stroke(cairo_);
    }

    cairo_t* cairo_;
    const PangoMeasure& measure_;
};

Result<std::string> cairo_error(cairo_status_t status) {
    return fail(fmt::format("the figure could not be drawn: {}", cairo_status_to_string(status)));
}

// Draws `scene` on the whole `surface`.
cairo_status_t draw_on(cairo_surface_t* surface, double scale, const Scene& scene, const Palette& palette,
                       const PangoMeasure& measure) {
    const Context context(cairo_create(surface));
    cairo_scale(context.get(), scale, scale);
    CairoCanvas canvas(context.get(), measure);
    draw_picture(scene, {palette, measure}, canvas);
    return cairo_status(context.get());
}

}  // namespace

Result<std::string> scene_png(const Scene& scene, const Palette& palette, const PangoMeasure& measure, float scale) {
    constexpr double longest = 32'000;  // pixels: cairo's own limit is a little above
    constexpr double most = 200e6;
    const double width = std::ceil(static_cast<double>(scene.width) * scale);
    const double height = std::ceil(static_cast<double>(scene.height) * scale);
    if (!(width >= 1 && height >= 1 && width <= longest && height <= longest && width * height <= most)) {
        return fail(
            fmt::format("the figure would be {:.0f} x {:.0f} pixels, too large for a PNG: take a smaller scale, or SVG or PDF",
                        width, height));
    }
    const Surface surface(cairo_image_surface_create(CAIRO_FORMAT_RGB24, static_cast<int>(width), static_cast<int>(height)));
    cairo_status_t status = cairo_surface_status(surface.get());
    if (status == CAIRO_STATUS_SUCCESS) {
        status = draw_on(surface.get(), scale, scene, palette, measure);
    }
    std::string bytes;
    if (status == CAIRO_STATUS_SUCCESS) {
        status = cairo_surface_write_to_png_stream(surface.get(), append_bytes, &bytes);
    }
    return status == CAIRO_STATUS_SUCCESS ? bytes : cairo_error(status);
}

namespace {

constexpr double points_per_unit = 72.0 / 96.0;

// Later versions may compress the tables that the PDF update in carried_in_pdf.cpp extends.
void restrict_version(cairo_surface_t* surface) {
    cairo_pdf_surface_restrict_to_version(surface, CAIRO_PDF_VERSION_1_4);
}

void set_metadata(cairo_surface_t* surface, const FigureText& text) {
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_TITLE, valid_utf8(text.title).c_str());
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_SUBJECT, valid_utf8(text.description).c_str());
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATOR, "procatlas " PROCATLAS_VERSION);
}

// `status`: of what was drawn on it.
Result<std::string> finished(cairo_surface_t* surface, cairo_status_t status, std::string& bytes) {
    cairo_surface_finish(surface);
    if (status == CAIRO_STATUS_SUCCESS) {
        status = cairo_surface_status(surface);
    }
    return status == CAIRO_STATUS_SUCCESS ? std::move(bytes) : cairo_error(status);
}

}  // namespace

struct PdfPages::Parts {
    std::string bytes;
    Surface surface;
    cairo_status_t status = CAIRO_STATUS_SUCCESS;
};

PdfPages::PdfPages(const Palette& palette, const PangoMeasure& measure)
    : palette_(palette), measure_(measure), parts_(std::make_unique<Parts>()) {}

PdfPages::~PdfPages() = default;

void PdfPages::add(const Scene& scene) {
    constexpr double longest = 14'400;  // points: ISO 32000-1, annex C
    const double side = std::max(scene.width, scene.height);
    const double scale = std::min(points_per_unit, longest / std::max(side, 1.0));
    const double width = static_cast<double>(scene.width) * scale;
    const double height = static_cast<double>(scene.height) * scale;
    const bool first = !parts_->surface;
    if (first) {
        parts_->surface.reset(cairo_pdf_surface_create_for_stream(append_bytes, &parts_->bytes, width, height));
        restrict_version(parts_->surface.get());
    } else {
        cairo_surface_show_page(parts_->surface.get());
        cairo_pdf_surface_set_size(parts_->surface.get(), width, height);
    }
    if (parts_->status == CAIRO_STATUS_SUCCESS) {
        parts_->status = draw_on(parts_->surface.get(), scale, scene, palette_, measure_);
    }
}

Result<std::string> PdfPages::finish(const FigureText& text) {
    if (!parts_->surface) {
        return fail("there is no page");
    }
    cairo_surface_t* surface = parts_->surface.get();
    set_metadata(surface, text);
    return finished(surface, parts_->status, parts_->bytes);
}

Result<std::string> scene_pdf(const Scene& scene, const Palette& palette, const PangoMeasure& measure, const FigureText& text) {
    PdfPages pages(palette, measure);
    pages.add(scene);
    return pages.finish(text);
}

Result<std::string> pages_pdf(const std::vector<PaperPage>& pages, const Palette& palette, const PangoMeasure& measure,
                              const FigureText& text) {
    std::string bytes;
    const Surface surface(cairo_pdf_surface_create_for_stream(append_bytes, &bytes, paper_width * points_per_unit,
                                                              paper_height * points_per_unit));
    restrict_version(surface.get());
    set_metadata(surface.get(), text);
    const Context context(cairo_create(surface.get()));
    for (const PaperPage& page : pages) {
        for (const PlacedScene& placed : page) {
            cairo_save(context.get());
            cairo_scale(context.get(), points_per_unit, points_per_unit);
            cairo_translate(context.get(), placed.at.x, placed.at.y);
            cairo_scale(context.get(), placed.scale, placed.scale);
            CairoCanvas canvas(context.get(), measure);
            draw_scene(placed.scene, {palette, measure}, canvas);
            cairo_restore(context.get());
        }
        cairo_show_page(context.get());
    }
    return finished(surface.get(), cairo_status(context.get()), bytes);
}

}  // namespace procatlas
