#include "app/cli/lesson_sheet.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <set>
#include <tuple>
#include <utility>

#include "app/cli/lesson_tour.h"
#include "app/cli/sheet_text.h"
#include "core/scene/scene.h"

namespace procatlas {
namespace {

SheetText plain_part(SheetTextKind kind, std::string text) {
    return {kind, {{SheetStyle::plain, std::move(text)}}, 0, {}};
}

// Two moments may look alike, most of all with lines to write on.
bool looks_same(const Scene& one, const Scene& other) {
    const auto same_label = [](const SceneLabel& a, const SceneLabel& b) {
        return a.text == b.text && a.at.x == b.at.x && a.at.y == b.at.y && a.role == b.role;
    };
    const auto same_box = [](const SceneBox& a, const SceneBox& b) {
        return a.box == b.box && a.role == b.role && a.filled == b.filled && a.dashed == b.dashed;
    };
    return std::ranges::equal(one.labels, other.labels, same_label) && std::ranges::equal(one.boxes, other.boxes, same_box) &&
           one.links.size() == other.links.size() && one.marks.size() == other.marks.size();
}

class SheetWriter {
public:
    SheetWriter(const Lesson& lesson, SheetKind kind, std::string_view language, const Messages& words)
        : solved_(kind == SheetKind::solution), words_(words), steps_(lesson.steps.size()) {
        sheet_.title = lesson.title;
        sheet_.language = language;
        sheet_.has_name = !solved_;
        put_prose(lesson.text);
    }

    Result<void> put_step(const TourStop& stop) {
        const LessonStep& step = stop.walk.now();
        if (!solved_ && !step.question && stop.walk.step() + 1 == steps_) {
            return {};  // the summary holds the answers
        }
        put(plain_part(SheetTextKind::heading, fmt::format("{}. {}", stop.walk.step() + 1, step.heading)));
        put_prose(step.text);
        if (step.run) {
            told_lines_ = 0;
        }
        const bool asks = step.question && stop.has_run();
        if (!solved_) {
            veils_ = sheet_veils(stop);
        }
        const bool marks = asks && step.question->kind == QuestionKind::place;
        if (marks) {
            put_printed(stop, stop.moment);  // the picture belongs to the question
        } else if (!solved_ || !asks) {
            put_run(stop, stop.moment);
        }
        if (asks) {
            const auto answer = tour_answer(stop, *step.question);
            if (!answer) {
                return std::unexpected(answer.error());
            }
            const bool in_picture = put_question(stop, *step.question, *answer);
            if (solved_ && !(in_picture && answer->verdict.moment.value_or(stop.moment) == stop.moment)) {
                put_run(stop, answer->verdict.moment.value_or(stop.moment));
            }
        }
        if (solved_ && !step.note.empty()) {
            put(plain_part(SheetTextKind::note, step.note));
        }
        return {};
    }

    Sheet take() { return std::move(sheet_); }

private:
    void put_printed(const TourStop& stop, std::size_t until) {
        if (veils_.contains("output")) {
            return;
        }
        if (std::string printed = tour_output(stop, until, told_lines_); !printed.empty()) {
            put(plain_part(SheetTextKind::caption, std::string(words_.text("lesson.printed"))));
            put(SheetText{SheetTextKind::code, {{SheetStyle::code, std::move(printed)}}, 0, {}});
        }
    }

    // What is to be seen at a moment: what was printed until then, and the figure.
    void put_run(const TourStop& stop, std::size_t moment) {
        put_printed(stop, moment);
        auto figure = tour_figure(stop, moment, veils_, sheet_.language, words_);
        if (!figure) {
            return;
        }
        auto shown = std::tuple(stop.runs.file().string(), figure->view, figure->blank, moment);
        if (shown == last_figure_ || (!solved_ && looks_same(figure->scene, last_scene_))) {
            return;
        }
        last_figure_ = std::move(shown);
        last_scene_ = figure->scene;
        if (veils_.empty()) {
            put(plain_part(SheetTextKind::caption, figure->description));
        }
        put(SheetFigure{std::move(figure->scene), std::move(figure->name)});
    }

    // Of a place: the picture in which it is to be marked, or is. True: there is one.
    bool put_question(const TourStop& stop, const Question& question, const TourAnswer& answer) {
        auto figure = place_figure(stop, solved_ ? &answer.right : nullptr, veils_, sheet_.language, words_);
        SheetQuestion asked;
        asked.ask = question.ask;
        for (std::size_t i = 0; i < question.items.size(); ++i) {
            asked.items.push_back(item_of(question, i, answer.right));
        }
        const bool in_items = question.kind == QuestionKind::choice || question.kind == QuestionKind::fill;
        if (solved_) {
            asked.answer = in_items ? std::string() : answer_text(question, answer.verdict.expected);
            asked.said = said_spans(answer.verdict.feedback);
        } else if (!in_items && (!figure || question.place == PlaceOf::page)) {  // a cell may be several pages
            asked.arrows = question.kind == QuestionKind::order;
            asked.lines = asked.arrows ? question.items.size() : 1;
            asked.room_to_draw = question.kind == QuestionKind::tree;
        }
        if (figure) {  // above the question: the two stay on one page
            if (!solved_) {
                asked.said = said_spans(words_.text("lesson.mark_place"));
            }
            put(SheetFigure{std::move(figure->scene), std::move(figure->name)});
        }
        put(std::move(asked));
        return figure.has_value();
    }

    SheetItem item_of(const Question& question, std::size_t i, const RightAnswer& right) const {
        const QuestionItem& item = question.items[i];
        const AnswerWords& first = right.any_of.front();
        SheetItem out;
        out.text = item.text;
        if (question.kind == QuestionKind::choice) {
            const bool is = std::ranges::find(right.any_of, AnswerWords{item.key}) != right.any_of.end();
            out.mark = solved_ && is ? SheetItem::Mark::checked : SheetItem::Mark::box;
        } else if (question.kind == QuestionKind::fill) {
            out.line = solved_ && i < first.size() ? first[i] : std::string();
        } else {
            out.mark = SheetItem::Mark::number;
        }
        return out;
    }

    void put_prose(const std::vector<Prose>& text) {
        for (const Prose& prose : text) {
            put(sheet_text(prose));
        }
    }

    void put(SheetPart part) { sheet_.parts.push_back(std::move(part)); }

    bool solved_;
    const Messages& words_;
    std::size_t steps_;
    Sheet sheet_;
    std::size_t told_lines_ = 0;   // of this run's output
    std::set<std::string> veils_;  // at this step
    Scene last_scene_;
    std::tuple<std::string, FigureView, Veils, std::size_t> last_figure_{};  // of the run in this file
};

}  // namespace

Result<Sheet> lesson_sheet(const Lesson& lesson, const std::filesystem::path& folder, SheetKind kind, std::string_view language,
                           const Messages& words) {
    SheetWriter writer(lesson, kind, language, words);
    const auto toured = tour_lesson(lesson, folder, [&](const TourStop& stop) { return writer.put_step(stop); });
    return toured ? Result<Sheet>(writer.take()) : std::unexpected(toured.error());
}

}  // namespace procatlas
