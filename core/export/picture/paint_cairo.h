// Scene -> PNG and PDF, with cairo and pango. Text in a PDF can be selected and searched.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/export/picture/pango_measure.h"
#include "core/export/request/figure_options.h"
#include "core/scene/palette.h"
#include "core/scene/scene.h"

namespace procatlas {

// `scale`: pixels per unit of the scene. Error: the picture would be too large.
[[nodiscard]] Result<std::string> scene_png(const Scene& scene, const Palette& palette, const PangoMeasure& measure,
                                            float scale);

// A PDF of several pages, each of its scene's size, at 96 units per inch. Scales a scene down if its page would be too large.
class PdfPages {
public:
    // Both must outlive this.
    PdfPages(const Palette& palette, const PangoMeasure& measure);
    PdfPages(const PdfPages&) = delete;
    PdfPages& operator=(const PdfPages&) = delete;
    ~PdfPages();

    void add(const Scene& scene);
    // Once, after the last page.
    [[nodiscard]] Result<std::string> finish(const FigureText& text);

private:
    struct Parts;

    const Palette& palette_;
    const PangoMeasure& measure_;
    std::unique_ptr<Parts> parts_;
};

// One page of the scene's size, at 96 units per inch. Scales the scene down if the page would be too large.
[[nodiscard]] Result<std::string> scene_pdf(const Scene& scene, const Palette& palette, const PangoMeasure& measure,
                                            const FigureText& text);

// A scene on a page, drawn larger or smaller.
struct PlacedScene {
    Scene scene;
    Point at;  // its top left, in the page's units
    float scale = 1;
};
using PaperPage = std::vector<PlacedScene>;

// A4, upright, at 96 units per inch.
inline constexpr float paper_width = 793.7F;
inline constexpr float paper_height = 1122.5F;

// One page after the other, at least one.
[[nodiscard]] Result<std::string> pages_pdf(const std::vector<PaperPage>& pages, const Palette& palette,
                                            const PangoMeasure& measure, const FigureText& text);

}  // namespace procatlas
