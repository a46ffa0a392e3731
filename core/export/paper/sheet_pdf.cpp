#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "core/export/paper/sheet.h"
#include "core/export/paper/sheet_strips.h"
#include "core/export/picture/paint_cairo.h"

namespace procatlas {
namespace {

constexpr float paper_margin = 68;  // 18 mm
constexpr float footer = 26;

// How high the strips are that must stand on one page with the one at `at`, as they stand one below the other.
float height_together(const std::vector<SheetStrip>& strips, std::size_t at) {
    float height = 0;
    for (std::size_t i = at; i < strips.size(); ++i) {
        height += (i == at ? 0 : strips[i].above) + strips[i].scene.height * strips[i].scale;
        if (!strips[i].with_next) {
            break;
        }
    }
    return height;
}

struct Paginated {
    std::vector<PaperPage> pages;
    float last_filled = 0;  // which part of the last page
};

// `zoom`: of all that stands on the pages.
Paginated paginated(const Sheet& sheet, float zoom, const TextMeasure& measure, const Messages& words) {
    const float width = (paper_width - 2 * paper_margin) / zoom;
    const float height = (paper_height - 2 * paper_margin - footer) / zoom;
    std::vector<SheetStrip> strips = sheet_strips(sheet, width, height, measure, words);
    Paginated made{std::vector<PaperPage>(1), 0};
    float y = 0;
    for (std::size_t i = 0; i < strips.size(); ++i) {
        SheetStrip& strip = strips[i];
        const float own = strip.scene.height * strip.scale;
        const float together = std::min(height_together(strips, i), height);
        const bool joined = i > 0 && strips[i - 1].with_next && y + strip.above + own <= height;
        if (y > 0 && !joined && y + strip.above + together > height) {
            made.pages.emplace_back();
            y = 0;
        }
        y += y > 0 ? strip.above : 0;
        made.pages.back().push_back({std::move(strip.scene), {paper_margin, paper_margin + y * zoom}, strip.scale * zoom});
        y += own;
    }
    made.last_filled = y / height;
    return made;
}

// Texts are some ten points high, or a little smaller if the last page would have only a few lines otherwise.
std::vector<PaperPage> well_filled(const Sheet& sheet, const TextMeasure& measure, const Messages& words) {
    constexpr float least_filled = 0.2F;
    constexpr float usual = 1.12F;
    Paginated first = paginated(sheet, usual, measure, words);
    for (const float zoom : {1.08F, 1.04F, 1.0F}) {
        if (first.pages.size() == 1 || first.last_filled >= least_filled) {
            break;
        }
        Paginated smaller = paginated(sheet, zoom, measure, words);
        if (smaller.pages.size() < first.pages.size()) {
            return std::move(smaller.pages);
        }
    }
    return std::move(first.pages);
}

void add_footers(std::vector<PaperPage>& pages, const std::string& title, const TextMeasure& measure) {
    for (std::size_t i = 0; i < pages.size(); ++i) {
        const std::string number = fmt::format("{} / {}", i + 1, pages.size());
        const float width = paper_width - 2 * paper_margin;
        Scene scene;
        scene.labels.push_back(
            {{0, 0}, fit_text(title, TextStyle::small, width * 0.8F, measure), TextStyle::small, Role::muted});
        scene.labels.push_back({{width - measure.width(number, TextStyle::small), 0}, number, TextStyle::small, Role::muted});
        pages[i].push_back({std::move(scene), {paper_margin, paper_height - paper_margin - 8}, 1});
    }
}

}  // namespace

Result<std::string> sheet_pdf(const Sheet& sheet, const Messages& words) {
    const PangoMeasure measure;
    std::vector<PaperPage> pages = well_filled(sheet, measure, words);
    add_footers(pages, sheet.title, measure);
    return pages_pdf(pages, palette(Theme::print), measure, {sheet.title, {}, sheet.language});
}

}  // namespace procatlas
