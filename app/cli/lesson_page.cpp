#include "app/cli/lesson_page.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <optional>
#include <utility>
#include <vector>

#include "app/cli/lesson_check.h"
#include "core/export/catalogue.h"
#include "core/export/picture/figure.h"
#include "core/export/picture/svg_export.h"
#include "core/lesson/arrive.h"
#include "core/lesson/judge.h"
#include "core/lesson/walk.h"

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
body {{ font-family: Inter, "NanumGothic", sans-serif; line-height: 1.5; max-width: 46rem; margin: 2rem auto; color: #000; background: #fff; }}
h1 {{ font-size: 1.6rem; }}
h2 {{ font-size: 1.15rem; margin-top: 2rem; break-after: avoid; }}
pre {{ font-family: "JetBrains Mono", monospace; font-size: .85rem; border: 1px solid #888; padding: .6rem; white-space: pre-wrap; }}
code {{ font-family: "JetBrains Mono", monospace; font-size: .9em; }}
img {{ max-width: 100%; max-height: 20cm; display: block; margin: 1rem auto; break-inside: avoid; }}
.question {{ border: 2px solid #000; padding: .6rem 1rem; margin: 1rem 0; break-inside: avoid; }}
.line {{ display: inline-block; border-bottom: 1px solid #000; min-width: 9rem; }}
.space {{ height: 5rem; }}
ul.items {{ list-style: none; padding-left: 0; }}
.mark {{ display: inline-block; width: 1.6rem; }}
.right {{ font-weight: bold; }}
.note {{ border-left: 4px solid #888; padding-left: .8rem; white-space: pre-line; }}
</style>
</head>
<body>
)";

std::string as_data(std::string_view svg) {
    std::string out = "data:image/svg+xml,";
    for (const char c : svg) {
        const auto byte = static_cast<unsigned char>(c);
        const bool plain = (byte >= '0' && byte <= '9') || (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z') ||
                           std::string_view("-_.!~*()/:;=, ").find(c) != std::string_view::npos;
        out += plain ? std::string(1, c) : fmt::format("%{:02X}", byte);
    }
    return out;
}

class SheetWriter {
public:
    SheetWriter(const Lesson& lesson, const std::filesystem::path& folder, SheetKind kind, std::string_view language,
                const Messages& words)
        : walk_(lesson), runs_(walk_.lesson(), folder), kind_(kind), language_(language), words_(words) {}

    Result<std::string> run() {
        const std::string title = xml_text(walk_.lesson().title);
        page_ += fmt::format(fmt::runtime(page_head), language_, title);
        page_ += fmt::format("<h1>{}</h1>\n", title);
        if (kind_ == SheetKind::worksheet) {
            page_ += fmt::format("<p>{} <span class=\"line\"></span></p>\n", xml_text(words_.text("lesson.name")));
        }
        put_prose(walk_.lesson().text);
        do {
            if (auto put = put_step(); !put) {
                return std::unexpected(put.error());
            }
        } while (walk_.next());
        page_ += "</body>\n</html>\n";
        return std::move(page_);
    }

private:
    Result<void> put_step() {
        const LessonStep& step = walk_.now();
        page_ += fmt::format("<h2>{}. {}</h2>\n", walk_.step() + 1, xml_text(step.heading));
        put_prose(step.text);
        if (step.run) {
            if (auto begun = runs_.begin(*step.run); !begun) {
                return begun;
            }
        }
        const auto place = runs_.place(walk_.step());
        if (!place) {
            return std::unexpected(place.error());
        }
        std::size_t moment = place->value_or(0);
        if (step.question && runs_.recorded()) {
            const auto shown = put_question(*step.question, moment);
            if (!shown) {
                return std::unexpected(shown.error());
            }
            moment = *shown;
        }
        asked_ = (asked_ && !step.run) || step.question.has_value();
        if (runs_.recorded() && (kind_ == SheetKind::solution || !asked_)) {
            put_figure(moment);
        }
        if (kind_ == SheetKind::solution && !step.note.empty()) {
            page_ += fmt::format("<p class=\"note\">{}</p>\n", xml_text(step.note));
        }
        return {};
    }

    // Returns the moment that shows the answer.
    Result<std::size_t> put_question(const Question& question, std::size_t moment) {
        const auto right = ask_answer(question, *runs_.recorded(), moment, walk_.lesson().file);
        if (!right) {
            return std::unexpected(right.error());
        }
        const auto verdict = judge(question, right->any_of.front(), *runs_.recorded(), moment, walk_.lesson().file);
        if (!verdict) {
            return std::unexpected(verdict.error());
        }
        page_ += "<div class=\"question\">\n";
        if (!question.ask.empty()) {
            page_ += fmt::format("<p>{}</p>\n", xml_text(question.ask));
        }
        const bool solved = kind_ == SheetKind::solution;
        put_items(question, verdict->expected);
        if (question.items.empty() || question.kind == QuestionKind::order) {
            put_answer_line(question, verdict->expected);
        }
        if (solved && !verdict->feedback.empty()) {
            page_ += fmt::format("<p>{}</p>\n", xml_text(verdict->feedback));
        }
        page_ += "</div>\n";
        return verdict->moment.value_or(moment);
    }

    void put_items(const Question& question, const AnswerWords& expected) {
        if (question.items.empty()) {
            return;
        }
        const bool solved = kind_ == SheetKind::solution;
        page_ += "<ul class=\"items\">\n";
        for (std::size_t i = 0; i < question.items.size(); ++i) {
            const QuestionItem& item = question.items[i];
            const std::string text = xml_text(item.text);
            if (question.kind == QuestionKind::choice) {
                const bool right = solved && item.key == expected.front();
                page_ += fmt::format("<li{}><span class=\"mark\">{}</span>{}</li>\n", right ? " class=\"right\"" : "",
                                     right ? "☑" : "☐", text);
            } else if (question.kind == QuestionKind::fill) {
                page_ += fmt::format("<li>{}: <span class=\"line right\">{}</span></li>\n", text,
                                     solved && i < expected.size() ? xml_text(expected[i]) : "&nbsp;");
            } else {
                page_ += fmt::format("<li><span class=\"mark\">{}.</span>{}</li>\n", i + 1, text);
            }
        }
        page_ += "</ul>\n";
    }

    void put_answer_line(const Question& question, const AnswerWords& expected) {
        if (kind_ == SheetKind::solution) {
            page_ += fmt::format("<p class=\"right\">{}</p>\n", xml_text(answer_text(question, expected)));
        } else if (question.kind == QuestionKind::tree) {
            page_ += "<div class=\"space\"></div>\n";
        } else {
            page_ += "<p><span class=\"line\">&nbsp;</span></p>\n";
        }
    }

    // The first view of the step that can be a picture, unless the page has shown the same one just before.
    void put_figure(std::size_t moment) {
        const LessonShow* const show = walk_.show();
        if (!show) {
            return;
        }
        for (const std::string& name : show->views) {
            const ExportView* const view = find_export_view(name);
            const auto shown = std::pair(run_of_step(walk_.lesson(), walk_.step()), std::pair(name, moment));
            const bool inside =
                name != "memory" && name != "tree" && name != "pages" && name != "timeline" && name != "compare";
            if (!view || (inside && walk_.run() && walk_.run()->grain < LessonGrain::calls)) {
                continue;
            }
            if (last_figure_ == shown) {
                return;
            }
            FigureOptions options;
            options.view = view->view;
            options.theme = Theme::print;
            options.moment = moment;
            options.title = walk_.lesson().title;
            options.language = language_;
            if (const auto svg = render_figure(runs_.recording(), options, FigureFormat::svg, words_)) {
                page_ += fmt::format("<img alt=\"{}\" src=\"{}\">\n", xml_text(words_.text(view->word)), as_data(*svg));
                last_figure_ = shown;
                return;
            }
        }
    }

    void put_prose(const std::vector<Prose>& text) {
        for (const Prose& prose : text) {
            std::string inside;
            for (const Span& span : prose.spans) {
                const std::string safe = xml_text(span.text);
                inside += span.style == SpanStyle::strong ? "<strong>" + safe + "</strong>"
                          : span.style == SpanStyle::code ? "<code>" + safe + "</code>"
                                                          : safe;
            }
            switch (prose.kind) {
                case ProseKind::paragraph:
                    page_ += "<p>" + inside + "</p>\n";
                    break;
                case ProseKind::heading:
                    page_ += "<h3>" + inside + "</h3>\n";
                    break;
                case ProseKind::item:
                    page_ += fmt::format("<p style=\"margin:.2rem 0 .2rem {}rem\">{} {}</p>\n", 1 + prose.depth,
                                         prose.marker.empty() ? "•" : prose.marker, inside);
                    break;
                case ProseKind::code:
                    page_ += "<pre>" + inside + "</pre>\n";
                    break;
            }
        }
    }

    LessonWalk walk_;
    LessonRuns runs_;
    SheetKind kind_;
    std::string language_;
    const Messages& words_;
    std::string page_;
    bool asked_ = false;  // this run was asked about: a figure of a later moment may give the answer away
    // The run, the view and the moment of the last figure.
    std::pair<std::optional<std::size_t>, std::pair<std::string, std::size_t>> last_figure_;
};

}  // namespace

Result<std::string> lesson_page(const Lesson& lesson, const std::filesystem::path& folder, SheetKind kind,
                                std::string_view language, const Messages& words) {
    return SheetWriter(lesson, folder, kind, language, words).run();
}

}  // namespace procatlas
