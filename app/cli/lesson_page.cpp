#include "app/cli/lesson_page.h"

#include <fmt/format.h>

#include <array>
#include <iterator>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>

#include "app/cli/lesson_tour.h"
#include "app/cli/sheet_text.h"
#include "app/control/step_figure.h"
#include "core/base/text.h"
#include "core/export/page/page_parts.h"
#include "core/export/paper/sheet_html.h"
#include "core/export/paper/svg_data.h"
#include "core/export/picture/svg_export.h"
#include "core/lesson/lesson_places.h"

namespace procatlas {
namespace {

using nlohmann::ordered_json;

constexpr std::string_view lesson_head = R"(<!DOCTYPE html>
<html lang="{0}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'sha256-{1}'; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="procatlas {2}">
<title>{3}</title>
<style>
{4}</style>
</head>
<body>
<main>
<h1>{3}</h1>
)";

// What stands in a text for what the student answered: the script puts it there.
const AnswerWords given_mark{"{given}"};

// Addresses as texts: they are too large for a number of JavaScript.
ordered_json places_json(const KnownPlaces& known) {
    ordered_json mapped = ordered_json::array();
    for (const AddressRange& range : known.mapped) {
        mapped.push_back({hex_address(range.start), hex_address(range.end)});
    }
    return {{"of", place_name(known.of)},
            {"names", known.names},
            {"mapped", std::move(mapped)},
            {"page_size", known.page_size},
            {"last_line", known.last_line ? ordered_json(*known.last_line) : ordered_json()},
            {"processes", known.processes}};
}

class PageWriter {
public:
    PageWriter(const Lesson& lesson, std::string_view language, const Messages& words) : language_(language), words_(words) {
        const std::string title = xml_text(lesson.title);
        page_ = fmt::format(fmt::runtime(lesson_head), xml_text(language), lesson_page_script_hash, PROCATLAS_VERSION, title,
                            lesson_page_style);
        put("<noscript><p>{}</p></noscript>\n<div id=\"about\">\n", xml_text(words.text("lesson.needs_script")));
        put_prose(lesson.text);
        page_ += "</div>\n";
    }

    Result<void> put_step(const TourStop& stop) {
        const LessonStep& step = stop.walk.now();
        put("<section class=\"step\">\n<h2><span class=\"number\">{}</span> {}</h2>\n", stop.walk.step() + 1,
            xml_text(step.heading));
        put_prose(step.text);
        told_lines_ = step.run ? 0 : told_lines_;
        const bool asks = step.question && stop.has_run();
        std::set<std::string> veils;
        if (asks && step.show) {
            veils.insert(step.show->veils.begin(), step.show->veils.end());
        }
        if (asks) {
            veils.emplace(veiled_comments);
        }
        put_seen(stop, stop.moment, veils, asks ? "before" : "seen");
        if (asks) {
            if (auto asked = put_question(stop, *step.question); !asked) {
                return asked;
            }
        }
        page_ += "</section>\n";
        return {};
    }

    std::string take() {
        page_ += "</main>\n<nav hidden><button id=\"back\" type=\"button\">";
        page_ +=
            xml_text(words_.text("lesson.back")) + "</button><span id=\"place\"></span><button id=\"next\" type=\"button\">";
        page_ += xml_text(words_.text("lesson.next")) + "</button></nav>\n";
        ordered_json texts;
        for (const char* key : {"right", "wrong", "shown", "you_said", "not_an_answer"}) {
            texts[key] = words_.text(fmt::format("lesson.{}", key));
        }
        put_data("id=\"words\"", texts);
        put("<script>{}</script>\n</body>\n</html>\n", lesson_page_script);
        return std::move(page_);
    }

private:
    Result<void> put_question(const TourStop& stop, const Question& question) {
        const auto answer = tour_answer(stop, question);
        if (!answer) {
            return std::unexpected(answer.error());
        }
        const auto said = [&](const AnswerWords& given) {
            return judge(question, given, *stop.runs.recorded(), stop.moment, stop.walk.lesson().file);
        };
        ordered_json data{{"kind", question_kind_name(question.kind)},
                          {"answers", answer->right.any_of},
                          {"expected", answer_text(question, answer->verdict.expected)},
                          {"right", answer->verdict.feedback}};
        const auto wrong = said(question.kind == QuestionKind::choice ? AnswerWords() : given_mark);
        if (!wrong) {
            return std::unexpected(wrong.error());
        }
        data["wrong"] = wrong->feedback;
        for (const QuestionItem& item : question.items) {
            ordered_json row{{"key", item.key}, {"text", item.text}};
            if (question.kind == QuestionKind::choice) {
                const auto verdict = said({item.key});
                if (!verdict) {
                    return std::unexpected(verdict.error());
                }
                row["said"] = verdict->feedback;
            }
            data["items"].push_back(std::move(row));
        }
        if (question.kind == QuestionKind::place) {
            const Recording& recording = stop.runs.recording();
            const World world = recording.world_at(stop.moment);
            data["places"] = places_json(known_places(recording, world, question.place));
            data["no_place"] = no_place_text(recording, world, question.place, given_mark.front(), words_);
        }
        page_ += "<div class=\"question\">\n";
        if (!question.ask.empty()) {
            put("<p class=\"ask\">{}</p>\n", xml_text(question.ask));
        }
        put_fields(question);
        put_data("class=\"data\"", data);
        page_ += "<div class=\"verdict\" role=\"status\"></div>\n</div>\n";
        put_seen(stop, answer->verdict.moment.value_or(stop.moment), {}, "after");
        return {};
    }

    void put_fields(const Question& question) {
        page_ += "<div class=\"fields\">\n";
        const bool buttons = question.kind == QuestionKind::choice || question.kind == QuestionKind::order;
        for (std::size_t i = 0; i < question.items.size(); ++i) {
            const std::string text = xml_text(question.items[i].text);
            if (buttons) {
                put("<button type=\"button\" class=\"item\" value=\"{}\">{}</button>\n", i, text);
            } else {
                put("<label>{} <input autocomplete=\"off\" maxlength=\"200\"></label>\n", text);
            }
        }
        if (!buttons && question.items.empty()) {
            const std::string hint = xml_text(words_.text(fmt::format("lesson.type_{}", typed_name(question))));
            put("<input autocomplete=\"off\" maxlength=\"200\" placeholder=\"{0}\" aria-label=\"{0}\">\n", hint);
        }
        page_ += "</div>\n<p class=\"buttons\">";
        if (!buttons) {
            put("<button type=\"button\" class=\"answer\">{}</button> ", xml_text(words_.text("lesson.answer")));
        }
        put("<button type=\"button\" class=\"look\">{}</button></p>\n", xml_text(words_.text("lesson.look")));
    }

    // `when`: "before" an answer, "after" it, or "seen" where nothing is asked.
    void put_seen(const TourStop& stop, std::size_t moment, const std::set<std::string>& veils, std::string_view when) {
        put("<div class=\"{}\">\n", when);
        if (!veils.contains("output")) {
            if (const std::string printed = tour_output(stop, moment, told_lines_); !printed.empty()) {
                put("<p class=\"caption\">{}</p>\n<pre>{}</pre>\n", xml_text(words_.text("lesson.printed")), xml_text(printed));
            }
        }
        if (const auto figure = tour_figure(stop, moment, veils, language_, words_)) {
            if (veils.empty()) {
                put("<p class=\"caption\">{}</p>\n", xml_text(figure->description));
            }
            put("<img width=\"{:.0f}\" alt=\"{}\" src=\"{}\">\n", figure->scene.width, xml_text(figure->name),
                svg_data(figure->scene, figure->name));
        }
        page_ += "</div>\n";
    }

    void put_prose(const std::vector<Prose>& text) {
        for (const Prose& prose : text) {
            page_ += sheet_text_html(sheet_text(prose), words_);
        }
    }

    // Without "<", nothing in it can end the element.
    void put_data(std::string_view attribute, const ordered_json& data) {
        put("<script type=\"application/json\" {}>", attribute);
        for (const char c : data.dump(-1, ' ', false, ordered_json::error_handler_t::replace)) {
            page_ += c == '<' ? std::string_view("\\u003c") : std::string_view(&c, 1);
        }
        page_ += "</script>\n";
    }

    template <typename... Args>
    void put(fmt::format_string<Args...> text, Args&&... args) {
        fmt::format_to(std::back_inserter(page_), text, std::forward<Args>(args)...);
    }

    std::string language_;
    const Messages& words_;
    std::string page_;
    std::size_t told_lines_ = 0;  // of this run's output
};

}  // namespace

Result<std::string> lesson_page(const Lesson& lesson, const std::filesystem::path& folder, std::string_view language,
                                const Messages& words) {
    PageWriter writer(lesson, language, words);
    const auto toured = tour_lesson(lesson, folder, [&](const TourStop& stop) { return writer.put_step(stop); });
    return toured ? Result<std::string>(writer.take()) : std::unexpected(toured.error());
}

}  // namespace procatlas
