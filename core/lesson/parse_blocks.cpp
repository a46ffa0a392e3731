#include "core/lesson/parse_blocks.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "core/base/text.h"
#include "core/lesson/block_fields.h"

namespace procatlas {
namespace {

constexpr std::size_t most_items = 20;

// "a, b" -> {"a", "b"}
std::vector<std::string> split_commas(std::string_view text) {
    std::vector<std::string> parts;
    while (!text.empty()) {
        const std::size_t comma = std::min(text.find(','), text.size());
        std::string part = display_text(text.substr(0, comma));
        text.remove_prefix(std::min(comma + 1, text.size()));
        part.erase(0, part.find_first_not_of(' '));
        part.erase(part.find_last_not_of(' ') + 1);
        if (!part.empty()) {
            parts.push_back(std::move(part));
        }
    }
    return parts;
}

// A file beside the lesson or an example: never a path.
bool is_plain_name(std::string_view name) {
    return !name.empty() && name.size() < 100 && !name.starts_with('.') && !name.starts_with('-') &&
           name.find_first_of("/\\\n") == std::string_view::npos;
}

constexpr std::array event_kinds{"start",       "fork", "vfork",       "clone_vm", "clone_vfork", "thread",
                                 "thread_exit", "exec", "exec_failed", "exit",     "reap",        "reparent",
                                 "signal",      "stop", "continue",    "output",   "memory",      "exception",
                                 "pages",       "note", "gap",         "suspend",  "resume"};

void parse_target(BlockFields& fields, LessonGo& go) {
    const BlockLine* const to = fields.find("to");
    const BlockLine* const moment = fields.find("moment");
    if ((to == nullptr) == (moment == nullptr)) {
        return fields.wrong(go.line, "a go block says where: either \"to:\" or \"moment:\" with a query");
    }
    if (moment) {
        go.to = GoTo::query;
        go.what = fields.query("moment");
        return;
    }
    const std::string_view all = to->value;
    const std::size_t blank = std::min(all.find(' '), all.size());
    const std::string_view verb = all.substr(0, blank);
    const std::string_view rest = blank == all.size() ? std::string_view() : all.substr(blank + 1);
    go.what = rest;
    const auto takes = [&](GoTo kind, std::string_view what) {
        go.to = kind;
        if (rest.empty()) {
            fields.wrong(to->line, fmt::format("\"to: {}\" needs {}", verb, what));
        }
    };
    if (verb == "start" || verb == "end") {
        if (!rest.empty() && verb == "end") {
            fields.wrong(to->line, "\"to: end\" takes nothing behind it");
        }
        go.to = verb == "end" ? GoTo::end : GoTo::start;
    } else if (verb == "line") {
        takes(GoTo::line, "a number");
        go.number = fields.number(rest, to->line);
    } else if (verb == "call") {
        takes(GoTo::call, "the name of a function");
    } else if (verb == "return") {
        takes(GoTo::return_from, "the name of a function");
    } else if (verb == "output") {
        go.to = GoTo::output;
    } else if (std::ranges::find(event_kinds, verb) != event_kinds.end()) {
        go.to = GoTo::event;
        go.what = verb;
    } else {
        fields.wrong(to->line, fmt::format("{} is no place to go to: it is start, end, line N, call NAME, return NAME, output "
                                           "TEXT, or a kind of event ({})",
                                           in_quotes(verb), one_of(event_kinds)));
    }
}

// "P", "C1", "C1.2"; empty: the block names none.
std::string process_field(BlockFields& fields) {
    const std::string_view name = fields.value("process");
    constexpr std::size_t longest = 12;
    const bool fits = name == "P" || (name.size() > 1 && name.size() <= longest && name.starts_with('C') &&
                                      name.find_first_not_of(".0123456789", 1) == std::string_view::npos);
    if (fields.find("process") && !fits) {
        fields.wrong(
            fields.line_of("process"),
            fmt::format("{} is no process: P is the first one, C1, C2, ... are its children in order of birth, C1.1 is the "
                        "first child of C1",
                        in_quotes(name)));
    }
    return std::string(name);
}

constexpr std::array question_kinds{
    std::pair{std::string_view("choice"), QuestionKind::choice}, std::pair{std::string_view("number"), QuestionKind::number},
    std::pair{std::string_view("text"), QuestionKind::text},     std::pair{std::string_view("place"), QuestionKind::place},
    std::pair{std::string_view("order"), QuestionKind::order},   std::pair{std::string_view("tree"), QuestionKind::tree},
    std::pair{std::string_view("fill"), QuestionKind::fill}};

constexpr std::array places{
    std::pair{std::string_view("region"), PlaceOf::region}, std::pair{std::string_view("page"), PlaceOf::page},
    std::pair{std::string_view("frame"), PlaceOf::frame}, std::pair{std::string_view("line"), PlaceOf::line},
    std::pair{std::string_view("process"), PlaceOf::process}};

constexpr std::array grains{std::pair{std::string_view("lifecycle"), LessonGrain::lifecycle},
                            std::pair{std::string_view("memory"), LessonGrain::memory},
                            std::pair{std::string_view("calls"), LessonGrain::calls},
                            std::pair{std::string_view("lines"), LessonGrain::lines},
                            std::pair{std::string_view("instructions"), LessonGrain::instructions}};

// "key | text | why"; without a "|", the key is the text.
QuestionItem item_of(BlockFields& fields, const BlockLine& line) {
    std::vector<std::string> parts(1);
    std::string text = fields.shown(line.value, line.line);
    for (std::size_t at = text.find(" | "); at != std::string::npos; at = text.find(" | ")) {
        parts.back() = text.substr(0, at);
        parts.emplace_back();
        text.erase(0, at + 3);
    }
    parts.back() = text;
    if (parts.size() > 3 || parts.front().empty()) {
        fields.wrong(line.line, "an item is \"- text\" or \"- key | text\" or \"- key | text | why it is wrong\"");
    }
    return {parts[0], parts.size() > 1 ? parts[1] : parts[0], parts.size() > 2 ? parts[2] : std::string(), line.line};
}

void take_items(BlockFields& fields, Question& question) {
    for (const BlockLine& line : fields.lines()) {
        if (!line.key.empty()) {
            continue;
        }
        QuestionItem item = item_of(fields, line);
        if (std::ranges::find(question.items, item.key, &QuestionItem::key) != question.items.end()) {
            fields.wrong(line.line, fmt::format("there are two items {}", in_quotes(item.key)));
        }
        question.items.push_back(std::move(item));
    }
    if (question.items.size() > most_items) {
        fields.wrong(question.line, fmt::format("a question has at most {} items", most_items));
    }
}

void check_items(BlockFields& fields, const Question& question) {
    const auto needs = [&](std::size_t least, std::string_view what) {
        if (question.items.size() < least) {
            fields.wrong(question.line, fmt::format("a question of the kind {} needs {}: lines that begin with \"- \"",
                                                    question_kind_name(question.kind), what));
        }
    };
    switch (question.kind) {
        case QuestionKind::choice:
            return needs(2, "two choices or more");
        case QuestionKind::order:
            return needs(2, "two things or more to put in order");
        case QuestionKind::fill:
            return needs(1, "the boxes");
        case QuestionKind::number:
        case QuestionKind::text:
        case QuestionKind::place:
        case QuestionKind::tree:
            if (!question.items.empty()) {
                fields.wrong(question.items.front().line,
                             fmt::format("a question of the kind {} has no items", question_kind_name(question.kind)));
            }
    }
}

}  // namespace

BlockResult<LessonRun> parse_run(std::string_view block, std::uint32_t line) {
    BlockFields fields(block, line);
    fields.only("run", {"program", "arguments", "grain", "pages", "libraries", "explore", "only"});
    LessonRun run;
    run.line = line;
    run.program = fields.value("program");
    if (run.program.empty()) {
        fields.wrong(line, "a run block needs \"program:\", an example or a file beside the lesson");
    } else if (!is_plain_name(run.program)) {
        fields.wrong(fields.line_of("program"),
                     fmt::format("{} is not the name of an example or of a file beside the lesson", in_quotes(run.program)));
    }
    run.arguments = fields.value("arguments");
    run.grain = fields.choice("grain", grains, LessonGrain::memory);
    run.pages = fields.yes("pages");
    run.libraries = fields.yes("libraries");
    run.explore = fields.yes("explore");
    run.only = fields.value("only");
    return fields.finished(std::move(run));
}

BlockResult<LessonGo> parse_go(std::string_view block, std::uint32_t line) {
    BlockFields fields(block, line);
    fields.only("go", {"to", "moment", "process", "count", "before", "from"});
    LessonGo go;
    go.line = line;
    parse_target(fields, go);
    go.process = process_field(fields);
    if (const BlockLine* count = fields.find("count")) {
        go.count = fields.number(count->value, count->line);
    }
    go.before = fields.yes("before");
    constexpr std::array froms{std::pair{std::string_view("start"), true}, std::pair{std::string_view("here"), false}};
    go.from_start = fields.choice("from", froms, false);
    return fields.finished(std::move(go));
}

BlockResult<LessonShow> parse_show(std::string_view block, std::uint32_t line) {
    BlockFields fields(block, line);
    fields.only("show", {"view", "point", "veil"});
    LessonShow show;
    show.line = line;
    show.point_line = fields.line_of("point");
    show.views = split_commas(fields.value("view"));
    show.veils = split_commas(fields.value("veil"));
    constexpr std::array views{"memory", "tree",   "pages",  "inside", "stack",    "heap",
                               "code",   "source", "output", "bytes",  "timeline", "compare"};
    constexpr std::array veils{"output", "memory",    "tree", "pages",  "stack", "heap",
                               "values", "addresses", "pids", "states", "kinds", "timeline"};
    for (const std::string& view : show.views) {
        if (std::ranges::find(views, view) == views.end()) {
            fields.wrong(fields.line_of("view"),
                         fmt::format("{} is no view; the views are {}", in_quotes(view), one_of(views)));
        }
    }
    for (const std::string& point : split_commas(fields.value("point"))) {
        if (auto pointed = parse_pointed(point)) {
            show.points.push_back(std::move(*pointed));
        } else {
            fields.wrong(fields.line_of("point"),
                         fmt::format("{} cannot be pointed at; these can: variable NAME, line NUMBER, and "
                                     "region stack, heap, data, code",
                                     in_quotes(point)));
        }
    }
    for (const std::string& veil : show.veils) {
        if (std::ranges::find(veils, veil) == veils.end()) {
            fields.wrong(fields.line_of("veil"),
                         fmt::format("{} cannot be veiled; these can: {}", in_quotes(veil), one_of(veils)));
        }
    }
    if (show.views.empty()) {
        fields.wrong(line, fmt::format("a show block needs \"view:\", some of {}", one_of(views)));
    }
    return fields.finished(std::move(show));
}

BlockResult<Question> parse_question(std::string_view block, std::uint32_t line) {
    BlockFields fields(block, line);
    fields.only("question", {"kind", "of", "ask", "answer", "facts", "moment", "right", "wrong"}, ", and items");
    Question question;
    question.line = line;
    if (!fields.find("kind")) {
        fields.wrong(line, "a question block needs \"kind:\": choice, number, text, place, order, tree or fill");
    }
    question.kind = fields.choice("kind", question_kinds, QuestionKind::choice);
    question.place = fields.choice("of", places, PlaceOf::region);
    if (const bool is_place = question.kind == QuestionKind::place; is_place != (fields.find("of") != nullptr)) {
        fields.wrong(fields.line_of("of"),
                     is_place ? "a question of the kind place needs \"of:\": region, page, frame, line or process"
                              : "only a question of the kind place has \"of:\"");
    }
    question.ask = fields.words("ask");
    question.answer = fields.query("answer");
    question.facts = fields.query("facts");
    question.moment = fields.query("moment");
    question.right = fields.words("right");
    question.wrong = fields.words("wrong");
    question.answer_line = fields.line_of("answer");
    question.facts_line = fields.line_of("facts");
    question.moment_line = fields.line_of("moment");
    if (question.answer.empty()) {
        fields.wrong(line, "a question block needs \"answer:\", a query over the recording (SELECT ...)");
    }
    take_items(fields, question);
    check_items(fields, question);
    return fields.finished(std::move(question));
}

BlockResult<Question> parse_question_words(std::string_view block, std::uint32_t line) {
    BlockFields fields(block, line);
    fields.only("translated question", {"ask", "right", "wrong"},
                ", and items; all else is taken from the other language's file");
    Question question;
    question.line = line;
    question.ask = fields.words("ask");
    question.right = fields.words("right");
    question.wrong = fields.words("wrong");
    take_items(fields, question);
    return fields.finished(std::move(question));
}

}  // namespace procatlas
