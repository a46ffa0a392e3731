// Exercises made of real runs: in each view that `--blank` takes, nothing of what is asked for is left, in words or in looks.
#include <algorithm>
#include <cctype>
#include <set>

#include "core/export/catalogue.h"
#include "core/export/picture/figure.h"
#include "core/export/picture/pango_measure.h"
#include "core/model/inside.h"
#include "tests/core/layout_support.h"
#include "tests/live/cli_support.h"
#include "tests/scratch_folder.h"

using namespace procatlas;

namespace {

Recording recorded_with_all(const std::string& example) {
    const ScratchFolder folder;
    const std::string file = folder.path("run.procatlas");
    const Ran ran =
        run_procatlas("trace --report-exit --grain lines --pages -o " + file + " --example " + example + " </dev/null");
    REQUIRE(ran.status == 0);
    auto read = read_recording(file);
    REQUIRE(read);
    return std::move(read->recording);
}

// The texts of a figure that are not source code, a line each.
std::string words_in_figure(const Recording& recording, FigureView view, std::size_t moment, const Veils& blank,
                            const Messages& words) {
    const PangoMeasure measure;
    FigureOptions options;
    options.view = view;
    options.moment = moment;
    options.blank = blank;
    const auto figure = compose_figure(recording, options, words, measure);
    REQUIRE(figure);
    std::string texts = figure->text.description + "\n";
    for (const SceneLabel& label : figure->scene.labels) {
        texts += label.quoted ? "" : label.text + "\n";
    }
    return texts;
}

bool is_of_word(char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
}

bool stands_in(const std::string& text, const std::string& word) {
    for (std::size_t at = text.find(word); at != std::string::npos; at = text.find(word, at + 1)) {
        const bool before = at > 0 && is_of_word(text[at - 1]) && is_of_word(word.front());
        const std::size_t end = at + word.size();
        if (!before && !(end < text.size() && is_of_word(text[end]) && is_of_word(word.back()))) {
            return true;
        }
    }
    return false;
}

std::string line_with(const std::string& text, const std::string& word) {
    const std::size_t at = text.find(word);
    const std::size_t begin = at == std::string::npos ? 0 : text.rfind('\n', at) + 1;
    return at == std::string::npos ? "" : text.substr(begin, text.find('\n', at) - begin);
}

std::set<std::string> numbers_of_all(const Recording& recording) {
    std::set<std::string> numbers;
    for (const Process& process : recording.last_world().processes) {
        numbers.insert(std::to_string(process.key.pid));
    }
    return numbers;
}

std::set<std::string> words_beginning(const Messages& words, std::initializer_list<std::string_view> keys) {
    std::set<std::string> found;
    for (const auto& [key, text] : words.all()) {
        const bool wanted = std::ranges::any_of(keys, [&](std::string_view begin) { return key.starts_with(begin); });
        if (wanted && text.find('{') == std::string::npos) {
            found.insert(text);
        }
    }
    return found;
}

// Of variables, as long as chance does not put them elsewhere.
std::set<std::string> values_at(const Recording& recording, std::size_t moment) {
    std::set<std::string> values;
    const auto add = [&](const std::vector<Variable>& variables) {
        for (const Variable& variable : variables) {
            if (variable.value.size() >= 4) {
                values.insert(variable.value);
            }
        }
    };
    const World world = recording.world_at(moment);
    for (const Process& process : world.processes) {
        for (const ThreadState& thread : process.threads) {
            for (std::size_t i = 0; thread.stack && i < thread.stack->frames.size(); ++i) {
                add(thread.stack->frames[i]->variables);
            }
        }
        if (process.globals) {
            add(*process.globals);
        }
    }
    return values;
}

bool has_long_address(const std::string& text) {
    std::size_t digits = 0;
    for (const char c : text) {
        digits = std::isxdigit(static_cast<unsigned char>(c)) != 0 ? digits + 1 : 0;
        if (digits >= 11) {  // an int has ten at most
            return true;
        }
    }
    return false;
}

}  // namespace

TEST_CASE("no view of an exercise tells what it asks for, at its moments, in either language") {
    std::size_t blanked = 0;
    for (const char* example : {"three_different", "zombie", "double_print"}) {
        const Recording recording = recorded_with_all(example);
        const std::size_t last = recording.last_moment();
        std::set<std::size_t> moments{last};
        for (std::size_t i = 0; i < recording.events().size() && moments.size() < 3; ++i) {
            if (std::holds_alternative<ForkEvent>(recording.events()[i].detail) ||
                std::holds_alternative<ExitEvent>(recording.events()[i].detail)) {
                moments.insert(i);
            }
        }
        for (const char* language : {"en", "ko"}) {
            const Messages words = words_of(language);
            for (const ExportView& view : export_views()) {
                for (const std::size_t moment : language == std::string("en") ? moments : std::set<std::size_t>{last}) {
                    CAPTURE(example);
                    CAPTURE(language);
                    CAPTURE(view.name);
                    CAPTURE(moment);
                    const auto texts = [&](const Veils& blank) {
                        return words_in_figure(recording, view.view, moment, blank, words);
                    };
                    const std::string whole = texts({});
                    const auto gone = [&](const std::string& text, const std::set<std::string>& all) {
                        for (const std::string& word : all) {
                            blanked += stands_in(whole, word) ? 1 : 0;
                            CHECK_MESSAGE(!stands_in(text, word), word << " in: " << line_with(text, word));
                        }
                    };
                    gone(texts({.pids = true}), numbers_of_all(recording));
                    gone(texts({.kinds = true}), words_beginning(words, {"region.", "part."}));
                    if (view.view != FigureView::bytes) {  // whose bytes may be digits
                        CHECK(!has_long_address(texts({.addresses = true})));
                    }
                    if (can_leave_out(view.view, {.values = true}) && view.view != FigureView::code) {
                        std::set<std::string> values = values_at(recording, moment);
                        for (const std::string& number : numbers_of_all(recording)) {
                            values.erase(number);  // of whom it is the number is not asked
                        }
                        gone(texts({.values = true}), values);
                    }
                    if (can_leave_out(view.view, {.states = true})) {
                        std::set<std::string> states =
                            words_beginning(words, {"state.", "memory.zombie", "memory.was", "tree.orphan"});
                        states.insert({std::string(words.text("timeline.reparent")), words.format("timeline.exit", 0),
                                       words.format("state.exited", 0)});
                        states.erase(example);  // a program is called as it is
                        gone(texts({.states = true}), states);
                    }
                }
            }
        }
    }
    CHECK(blanked > 300);  // of the words that stand there otherwise
}

TEST_CASE("an exercise about states looks the same whoever has ended") {
    const Recording recording = recorded_with_all("zombie");
    const Messages words = words_of("en");
    const PangoMeasure measure;
    for (const FigureView view : {FigureView::tree, FigureView::timeline, FigureView::memory}) {
        FigureOptions options;
        options.view = view;
        options.moment = recording.last_moment();
        const auto dashed = [&] {
            const auto figure = compose_figure(recording, options, words, measure);
            REQUIRE(figure);
            return std::ranges::count_if(figure->scene.boxes, &SceneBox::dashed);
        };
        CHECK((view == FigureView::memory || dashed() > 0));
        options.blank.states = true;
        CHECK(dashed() == 0);
    }
}

TEST_CASE("where values or addresses are asked for, no bytes of the stack and of instructions are left to read them from") {
    const Recording recording = recorded_with_all("recursion");
    const Messages words = words_of("en");
    const std::string stale(words.text("stack.stale"));
    std::size_t shown = 0;
    for (std::size_t moment = 0; moment <= recording.last_moment(); ++moment) {
        if (!std::holds_alternative<ReturnEvent>(recording.events()[moment].detail)) {
            continue;
        }
        shown += stands_in(words_in_figure(recording, FigureView::stack, moment, {}, words), stale) ? 1 : 0;
        for (const FigureView view : {FigureView::stack, FigureView::inside}) {
            CHECK(!stands_in(words_in_figure(recording, view, moment, {.values = true}, words), stale));
            CHECK(!stands_in(words_in_figure(recording, view, moment, {.addresses = true}, words), stale));
        }
        const std::string code = words_in_figure(recording, FigureView::code, moment, {.addresses = true}, words);
        CHECK_MESSAGE(code.find("0x") == std::string::npos, line_with(code, "0x"));
    }
    CHECK(shown > 0);
}

TEST_CASE("an exercise about kinds has no marks that point at stack, heap and code, and one about states no events") {
    const Recording recording = recorded_with_all("zombie");
    const Messages words = words_of("en");
    const std::size_t moment = recording.last_moment() / 2;
    const auto texts = [&](FigureView view, const Veils& blank) {
        return words_in_figure(recording, view, moment, blank, words);
    };
    CHECK(stands_in(texts(FigureView::memory, {}), "brk"));
    for (const char* pin : {"SP", "PC", "brk", "entry"}) {
        CHECK_MESSAGE(!stands_in(texts(FigureView::memory, {.kinds = true}), pin), pin);
    }
    const auto marks = [&](const Veils& blank) {
        FigureOptions options;
        options.view = FigureView::timeline;
        options.moment = moment;
        options.blank = blank;
        const auto figure = compose_figure(recording, options, words, PangoMeasure());
        REQUIRE(figure);
        return figure->scene.marks.size();
    };
    CHECK(marks({}) > 0);
    CHECK(marks({.states = true}) == 0);
    for (const char* word : {"fork", "exec zombie", "main()", "main returned", "exit 7"}) {
        CHECK_MESSAGE(!stands_in(texts(FigureView::timeline, {.states = true}), word), word);
    }
}
