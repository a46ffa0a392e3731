#include "core/export/page/picture_page.h"

#include <fmt/format.h>

#include "core/export/picture/svg_export.h"
#include "core/export/request/figure_title.h"

namespace procatlas {
namespace {

std::string colour_text(Colour colour) {
    return fmt::format("#{:02x}{:02x}{:02x}", colour.red, colour.green, colour.blue);
}

// The chosen button decides which picture is visible. The others are not `display: none`, because a hidden element would lose
// its definitions, such as hatches.
std::string page_rules(std::span<const PageLanguage> languages, const Palette& colours) {
    std::string rules = fmt::format(
        "body{{margin:16px;background:{};color:{};font-family:sans-serif}}\n"
        "input{{margin:0 4px 0 12px}}\nfigure{{margin:8px "
        "0;visibility:hidden;position:absolute;width:0;height:0;overflow:hidden}}\n"
        "svg{{max-width:100%;height:auto}}\n@media print{{input,label{{display:none}}}}\n",
        colour_text(colours.panel), colour_text(colours.roles[static_cast<std::size_t>(Role::text)]));
    for (const PageLanguage& language : languages) {
        rules += fmt::format(
            "#choose-{0}:checked~#picture-{0}{{visibility:visible;position:static;width:auto;height:auto;overflow:visible}}\n",
            language.code);
    }
    return rules;
}

}  // namespace

Result<std::string> picture_html(const Recording& recording, const FigureOptions& options,
                                 std::span<const PageLanguage> languages) {
    std::string choices;
    std::string pictures;
    for (const PageLanguage& language : languages) {
        FigureOptions one = options;
        one.language = language.code;
        one.recording_file = {};
        auto svg = render_figure(recording, one, FigureFormat::svg, language.words);
        if (!svg) {
            return svg;
        }
        choices +=
            fmt::format("<input type=\"radio\" name=\"language\" id=\"choose-{0}\"{1}><label for=\"choose-{0}\">{2}</label>\n",
                        language.code, choices.empty() ? " checked" : "", xml_text(language.words.text("language.name")));
        pictures += fmt::format("<figure id=\"picture-{}\">\n{}</figure>\n", language.code,
                                svg->substr(svg->find('\n') + 1));  // without the XML declaration in the first line
    }
    return fmt::format(
        "<!DOCTYPE html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n"
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; base-uri "
        "'none'; "
        "form-action 'none'\">\n<meta name=\"generator\" content=\"procatlas "
        "{}\">\n<title>{}</title>\n<style>\n{}</style>\n</head>\n"
        "<body>\n{}{}</body>\n</html>\n",
        xml_text(languages.front().code), PROCATLAS_VERSION,
        xml_text(figure_title(recording.world_at(options.moment), options.title)),
        page_rules(languages, palette(options.theme)), choices, pictures);
}

}  // namespace procatlas
