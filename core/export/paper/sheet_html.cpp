#include "core/export/paper/sheet_html.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "core/export/paper/svg_data.h"
#include "core/export/picture/svg_export.h"

namespace procatlas {
namespace {

// Nothing is loaded or executed, whatever a lesson from a stranger says.
constexpr std::string_view page_head = R"(<!DOCTYPE html>
<html lang="{0}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
<title>{1}</title>
<style>
@page {{ size: A4; margin: 18mm; }}
body {{ font-family: Inter, "NanumGothic", sans-serif; line-height: 1.5; max-width: 46rem; margin: 2rem auto; padding: 0 1rem; color: #000; background: #fff; }}
h1 {{ font-size: 1.6rem; }}
h2 {{ font-size: 1.15rem; margin-top: 2rem; break-after: avoid; }}
pre {{ font-family: "JetBrains Mono", monospace; font-size: .85rem; border: 1px solid #888; padding: .6rem; white-space: pre-wrap; }}
code {{ font-family: "JetBrains Mono", monospace; font-size: .9em; }}
img {{ max-width: 100%; max-height: 15cm; display: block; margin: 1rem auto; break-inside: avoid; }}
.question {{ border: 2px solid #000; padding: .6rem 1rem; margin: 1rem 0; break-inside: avoid; }}
.line {{ display: inline-block; border-bottom: 1px solid #000; min-width: 9rem; }}
.space {{ height: 7rem; }}
ul.items {{ list-style: none; padding-left: 0; }}
.mark {{ display: inline-block; width: 1.6rem; }}
.right {{ font-weight: bold; }}
.caption {{ font-size: .9rem; color: #333; }}
.note {{ border-left: 4px solid #888; padding-left: .8rem; white-space: pre-line; }}
</style>
</head>
<body>
)";

std::string spans_html(const std::vector<SheetSpan>& spans) {
    std::string out;
    for (const SheetSpan& span : spans) {
        const std::string safe = xml_text(span.text);
        out += span.style == SheetStyle::strong ? "<strong>" + safe + "</strong>"
               : span.style == SheetStyle::code ? "<code>" + safe + "</code>"
                                                : safe;
    }
    return out;
}

std::string code_html(const std::vector<SheetSpan>& spans) {
    std::string out;
    for (const SheetSpan& span : spans) {
        out += xml_text(span.text);
    }
    return out;
}

class HtmlWriter {
public:
    HtmlWriter(std::string& out, const Messages& words) : out_(out), words_(words) {}

    void operator()(const SheetText& text) {
        const std::string inside = text.kind == SheetTextKind::code ? code_html(text.spans) : spans_html(text.spans);
        switch (text.kind) {
            case SheetTextKind::title:
                put("<h1>{}</h1>\n", inside);
                break;
            case SheetTextKind::heading:
                put("<h2>{}</h2>\n", inside);
                break;
            case SheetTextKind::subheading:
                put("<h3>{}</h3>\n", inside);
                break;
            case SheetTextKind::paragraph:
                put("<p>{}</p>\n", inside);
                break;
            case SheetTextKind::item:
                put("<p style=\"margin:.2rem 0 .2rem {}rem\">{} {}</p>\n", 1 + text.depth,
                    text.marker.empty() ? "•" : xml_text(text.marker), inside);
                break;
            case SheetTextKind::code:
                put("<pre>{}</pre>\n", inside);
                break;
            case SheetTextKind::note:
                put("<p class=\"note\"><strong>{}</strong> {}</p>\n", xml_text(words_.text("lesson.note")), inside);
                break;
            case SheetTextKind::caption:
                put("<p class=\"caption\">{}</p>\n", inside);
                break;
        }
    }

    void operator()(const SheetQuestion& question) {
        out_ += "<div class=\"question\">\n";
        if (!question.ask.empty()) {
            put("<p>{}</p>\n", xml_text(question.ask));
        }
        if (!question.items.empty()) {
            out_ += "<ul class=\"items\">\n";
            for (std::size_t i = 0; i < question.items.size(); ++i) {
                put_item(question.items[i], i + 1);
            }
            out_ += "</ul>\n";
        }
        if (!question.answer.empty()) {
            put("<p class=\"right\">{}</p>\n", xml_text(question.answer));
        } else if (question.room_to_draw) {
            out_ += "<div class=\"space\"></div>\n";
        } else if (question.lines > 0) {
            out_ += "<p>";
            for (std::size_t i = 0; i < question.lines; ++i) {
                put("{}<span class=\"line\"{}>&nbsp;</span>",
                    i > 0 && question.arrows ? " → "
                    : i > 0                  ? " "
                                             : "",
                    question.lines > 1 ? " style=\"min-width:3rem\"" : "");
            }
            out_ += "</p>\n";
        }
        if (!question.said.empty()) {
            put("<p>{}</p>\n", spans_html(question.said));
        }
        out_ += "</div>\n";
    }

    void operator()(const SheetFigure& figure) {
        put("<img alt=\"{}\" src=\"{}\">\n", xml_text(figure.name), svg_data(figure.scene, figure.name));
    }

    template <typename... Args>
    void put(fmt::format_string<Args...> text, Args&&... args) {
        fmt::format_to(std::back_inserter(out_), text, std::forward<Args>(args)...);
    }

private:
    void put_item(const SheetItem& item, std::size_t number) {
        const bool right = item.mark == SheetItem::Mark::checked;
        const std::string mark = item.mark == SheetItem::Mark::none     ? std::string()
                                 : item.mark == SheetItem::Mark::number ? fmt::format("{}.", number)
                                 : right                                ? std::string("☑")
                                                                        : std::string("☐");
        put("<li{}>", right ? " class=\"right\"" : "");
        if (!mark.empty()) {
            put("<span class=\"mark\">{}</span>", mark);
        }
        out_ += xml_text(item.text);
        if (item.line) {
            put(": <span class=\"line right\">{}</span>", item.line->empty() ? "&nbsp;" : xml_text(*item.line));
        }
        out_ += "</li>\n";
    }

    std::string& out_;
    const Messages& words_;
};

}  // namespace

std::string sheet_text_html(const SheetText& text, const Messages& words) {
    std::string out;
    HtmlWriter(out, words)(text);
    return out;
}

std::string sheet_html(const Sheet& sheet, const Messages& words) {
    std::string out = fmt::format(fmt::runtime(page_head), xml_text(sheet.language), xml_text(sheet.title));
    HtmlWriter writer(out, words);
    writer(SheetText{SheetTextKind::title, {{SheetStyle::plain, sheet.title}}, 0, {}});
    if (sheet.has_name) {
        writer.put("<p>{} <span class=\"line\">&nbsp;</span></p>\n", xml_text(words.text("lesson.name")));
    }
    for (const SheetPart& part : sheet.parts) {
        std::visit(writer, part);
    }
    return out + "</body>\n</html>\n";
}

}  // namespace procatlas
