// The stage of real programs: what it shows must be what the processes hold.
#include "core/layout/stage/layout_stage.h"

#include <algorithm>
#include <array>
#include <fstream>
#include <map>

#include "core/layout/listing/source_rows.h"
#include "core/layout/stage/stage_bridge.h"
#include "core/model/inside_moment.h"
#include "core/narrate/headline.h"
#include "tests/core/layout_support.h"
#include "tests/live/cli_support.h"
#include "tests/scratch_folder.h"

using namespace procatlas;

namespace {

const std::string stage_programs = PROCATLAS_BUILD_DIR "/bin/programs/";

Recording recorded(const std::string& command) {
    const ScratchFolder folder;
    const std::string file = folder.path("run.procatlas");
    const Ran ran = run_procatlas("trace --report-exit --grain lines --pages -o " + file + " -- " + command + " </dev/null");
    REQUIRE(ran.status == 0);
    auto read = read_recording(file);
    REQUIRE(read);
    return std::move(read->recording);
}

// A moment of a recording, and the stage's columns there.
struct Seen {
    const Recording& recording;
    World world;
    std::size_t moment;
    Messages words = words_of("en");
    FixedMeasure measure;

    Seen(const Recording& of, std::size_t at) : recording(of), world(of.world_at(at)), moment(at) {}
    [[nodiscard]] LayoutContext context() const { return {recording, world, moment, words, measure}; }
    [[nodiscard]] StageColumn column(std::size_t process) const { return stage_column(context(), process); }
    [[nodiscard]] std::string said() const { return headline(context()).text; }
};

const StageArea* area_of(const StageColumn& column, std::string_view key) {
    const auto found =
        std::ranges::find_if(column.areas, [&](const StageArea& area) { return std::string_view(area.key).starts_with(key); });
    return found == column.areas.end() ? nullptr : &*found;
}

const std::vector<StageCard>& cards_of(const StageColumn& column, std::string_view key) {
    const StageArea* area = area_of(column, key);
    REQUIRE(area);
    return column.cards[static_cast<std::size_t>(area - column.areas.data())];
}

const StageRow* find_row(const std::vector<StageCard>& cards, std::string_view name) {
    for (const StageCard& card : cards) {
        const auto row = std::ranges::find(card.rows, name, &StageRow::name);
        if (row != card.rows.end()) {
            return &*row;
        }
    }
    return nullptr;
}

template <typename Wanted>
std::optional<std::size_t> first_moment(const Recording& recording, Wanted wanted) {
    for (std::size_t i = 0; i < recording.events().size(); ++i) {
        if (wanted(i, recording.events()[i])) {
            return i;
        }
    }
    return std::nullopt;
}

}  // namespace

TEST_CASE("when a child writes a global, the stage shows two values, the broken bridge, and says who copied what") {
    Recording recording;
    std::optional<std::size_t> moment;
    // Who copied the page is known where the parent was in wait(2) before, which is for the scheduler to say.
    for (int run = 0; run < 10; ++run) {
        recording = recorded(stage_programs + "fork_write");
        moment = first_moment(recording, [&](std::size_t i, const Event&) {
            return recording.process_of(i) == 1 && Seen(recording, i).said().starts_with("wrote number = 2");
        });
        REQUIRE(moment);
        if (recording.events()[*moment].copied.size() == 1) {
            break;
        }
    }
    const Seen seen(recording, *moment);
    CHECK(seen.said() == "wrote number = 2: the kernel copied that page for C1. P keeps number = 1.");
    const StageColumn parent = seen.column(0);
    const StageColumn child = seen.column(1);
    const StageRow* kept = find_row(cards_of(parent, "data"), "number");
    const StageRow* written = find_row(cards_of(child, "data"), "number");
    REQUIRE(kept);
    REQUIRE(written);
    CHECK(kept->value == "1");
    CHECK(!kept->changed);
    CHECK(written->value == "2");
    CHECK(written->was == "1");
    CHECK(kept->note == written->note);  // the same address
    const StageBridges bridges(seen.context(), 0, 1);
    REQUIRE(bridges.related());
    const StageBridge data = bridges.of(*area_of(parent, "data"), *area_of(child, "data"));
    CHECK(data.copied > 0);
    CHECK(data.is_writer(1));  // its parent was held
    const StageBridge code = bridges.of(*area_of(parent, "code"), *area_of(child, "code"));
    CHECK(code.same_file);  // procatlas's own breakpoints are not told as the program's copies
    CHECK(code.copied == 0);
}

TEST_CASE("before its declaration a variable of C has no value yet, whatever lies at its place; behind it, it has") {
    const ScratchFolder folder;
    const std::string source = folder.path("before.c");
    std::ofstream(source)
        << ("#include <sys/wait.h>\n"
            "#include <unistd.h>\n"
            "static int fill(void) {\n"
            "    volatile int dirt[8];\n"
            "    for (int i = 0; i < 8; ++i) { dirt[i] = 1000 + i; }\n"
            "    return dirt[3];\n"
            "}\n"
            "static int twice(int n) { return 2 * n; }\n"
            "int main(void) {\n"
            "    fill();\n"
            "    int sum = twice(fill() - 1);\n"  // 11
            "    for (int turn = 0;\n"            // 12
            "         turn < 3; ++turn) {\n"      // 13
            "        sum += turn;\n"              // 14
            "    }\n"
            "    int one = fill(), two = twice(one + 1);\n"                // 16
            "    for (int k = 0; k < twice(k + 1) - 2; ++k) { --sum; }\n"  // 17
            "    pid_t child = fork();\n"                                  // 18
            "    if (child == 0) { _exit(0); }\n"
            "    waitpid(child, NULL, 0);\n"
            "    return sum == two;\n"
            "}\n");
    const Recording recording = recorded(source);
    std::map<std::string_view, std::array<int, 2>> seen;  // how often with a value and without
    for (const Event& event : recording.events()) {
        if (!event.inside || !event.inside->stack) {
            continue;
        }
        const auto& frames = event.inside->stack->frames;
        const auto main = std::ranges::find(frames, "main", [](const auto& frame) { return frame->function; });
        if (main == frames.end()) {
            continue;
        }
        const std::uint32_t line = (*main)->line;
        const std::string& inner = frames.front()->function;
        const bool in_twice = inner == "twice";
        CAPTURE(line);
        CAPTURE(inner);
        for (const Variable& variable : (*main)->variables) {
            CAPTURE(variable.name);
            const bool unset = has_no_value_yet(variable);
            ++seen[variable.name][unset ? 1 : 0];
            if (variable.name == "sum") {
                CHECK(unset == (line <= 11));
            } else if (variable.name == "turn") {
                CHECK((!unset || line == 12));
                CHECK((unset || line == 12 || std::stoi(variable.value) <= 3));
            } else if (variable.name == "one") {
                CHECK((!unset || line < 16 || (line == 16 && !in_twice)));
                CHECK((unset || variable.value == "1003"));
            } else if (variable.name == "two") {
                CHECK(unset == (line <= 16));
            } else if (variable.name == "k") {
                CHECK((!unset || inner == "main"));
            } else if (variable.name == "child") {
                CHECK(unset == (line <= 18));
            }
        }
    }
    for (const std::string_view name : {"sum", "turn", "one", "two", "k", "child"}) {
        CAPTURE(name);
        CHECK(seen[name][0] > 0);
        CHECK(seen[name][1] > 0);
    }
    const auto told = first_moment(recording, [&](std::size_t i, const Event&) {
        return Seen(recording, i).said() == "wrote sum = 2004, its first value";
    });
    CHECK(told);
}

TEST_CASE("frames come and go on the stage with calls and returns, and the stack pointer is below the innermost one") {
    const Recording recording = recorded(stage_programs + "push_pop");
    std::size_t pushed = 0;
    std::size_t popped = 0;
    for (std::size_t i = 0; i < recording.events().size(); ++i) {
        const Event& event = recording.events()[i];
        const bool call = std::holds_alternative<CallEvent>(event.detail);
        const bool back = std::holds_alternative<ReturnEvent>(event.detail);
        if (!event.inside || !(call || back)) {
            continue;
        }
        const Seen seen(recording, i);
        const StageColumn column = seen.column(0);
        const auto& cards = cards_of(column, "stack");
        if (cards.empty()) {
            continue;  // behind main, where no frame is the program's own
        }
        const auto innermost =
            std::ranges::find_if(cards, [](const StageCard& card) { return card.stack_pointer.has_value(); });
        REQUIRE(innermost != cards.end());
        CHECK(*innermost->stack_pointer == event.stack_pointer);
        if (call) {
            const auto& name = std::get<CallEvent>(event.detail).name;
            CHECK(innermost->title == name + "()");
            CHECK((innermost->fresh || name == "main"));
            ++pushed;
        } else if (cards.back().ghost) {
            CHECK(cards.back().title == std::get<ReturnEvent>(event.detail).name + "()");
            ++popped;
        }
    }
    CHECK(pushed >= 4);
    CHECK(popped >= 3);
}

TEST_CASE("a block whose last pointer is lost stays on the stage: it is still in the heap") {
    const Recording recording = recorded(stage_programs + "leak");
    const auto returns = first_moment(recording, [](std::size_t, const Event& event) {
        const auto* back = std::get_if<ReturnEvent>(&event.detail);
        return back != nullptr && back->name == "main";
    });
    REQUIRE(returns);
    const Seen seen(recording, *returns);
    std::vector<std::string> shown;
    for (const StageCard& card : cards_of(seen.column(0), "heap")) {
        for (const StageRow& row : card.rows) {
            shown.push_back(row.value);
        }
    }
    CHECK(std::ranges::count(shown, "64 B · in use") == 1);  // the note
    CHECK(std::ranges::count(shown, "32 B · in use") == 1);  // node 2
    CHECK(std::ranges::count(shown, "32 B · free") == 1);    // node 1
}

TEST_CASE("blocks of the heap and globals stand with the high addresses on top, as the areas do") {
    const Recording recording = recorded(stage_programs + "heap_grow");
    for (const std::string_view area : {"heap", "data"}) {
        std::size_t compared = 0;
        for (std::size_t moment = 0; moment < recording.events().size(); ++moment) {
            const Seen seen(recording, moment);
            const bool has = !seen.world.processes.empty() && seen.world.processes[0].heap && seen.world.processes[0].alive();
            const StageColumn column = has ? seen.column(0) : StageColumn{};
            if (area_of(column, area)) {
                for (const StageCard& card : cards_of(column, area)) {
                    CHECK(std::ranges::is_sorted(card.rows, std::ranges::greater(), &StageRow::note));
                    compared += card.rows.size() > 1 ? 1 : 0;
                }
            }
        }
        CHECK(compared > 5);
    }
}

TEST_CASE("an object of Python stands in the area in which its address lies") {
    const Recording recording = recorded("/usr/bin/python3 " PROCATLAS_SOURCE_DIR "/assets/programs/py_global.py");
    bool parent = false;
    bool child = false;
    for (std::size_t i = 0; i < recording.events().size(); ++i) {
        if (!recording.events()[i].inside || !recording.events()[i].inside->objects) {
            continue;
        }
        const Seen seen(recording, i);
        const StageColumn column = seen.column(*recording.process_of(i));
        for (std::size_t a = 0; a < column.areas.size(); ++a) {
            const StageRow* row = find_row(column.cards[a], "numbers");
            if (!row) {
                continue;
            }
            CHECK(column.areas[a].contains(row->thing.address));
            CHECK(area_of(column, "data")->note == "the interpreter's");
            parent |= column.process == 0 && row->value == "[1, 2, 3]";
            child |= column.process == 1 && row->value == "[1, 2, 3, 4]";
        }
    }
    CHECK(parent);
    CHECK(child);
}

TEST_CASE("every headline is one sentence of at most ninety characters, in both languages") {
    for (const char* program : {"fork_exec", "three_different", "zombie", "threads", "heap_grow", "write_to_code"}) {
        const ScratchFolder folder;
        const std::string file = folder.path("run.procatlas");
        run_procatlas("trace --report-exit --grain lines --pages -o " + file + " -- " + stage_programs + program +
                      " </dev/null");
        const auto read = read_recording(file);
        REQUIRE(read);
        for (const char* language : {"en", "ko"}) {
            const Messages words = words_of(language);
            for (std::size_t i = 0; i < read->recording.events().size(); ++i) {
                const World world = read->recording.world_at(i);
                const Headline said = headline({read->recording, world, i, words});
                CAPTURE(said.text);
                CHECK(!said.text.empty());
                CHECK(std::ranges::count_if(said.text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }) <=
                      static_cast<std::ptrdiff_t>(headline_length));
            }
        }
    }
}

TEST_CASE("of threads, the headline names the one that acts, and what it wrote is on a small stage too") {
    const ScratchFolder folder;
    const std::string file = folder.path("run.procatlas");
    run_procatlas("trace --report-exit --grain lines --pages -o " + file + " -- " + stage_programs + "threads </dev/null");
    const auto read = read_recording(file);
    REQUIRE(read);
    int wrote = 0;
    for (std::size_t i = 0; i < read->recording.events().size(); ++i) {
        const Seen seen(read->recording, i);
        const Event& event = read->recording.events()[i];
        if (seen.said().find("wrote counter") == std::string::npos) {
            continue;
        }
        ++wrote;
        CHECK(event.thread != event.process.pid);
        CHECK(seen.said().starts_with("thread " + std::to_string(event.thread) + ": "));
        const std::vector<StageColumn> columns{seen.column(0)};
        REQUIRE(columns.front().acting_stack);
        const StageArea& acting = columns.front().areas[*columns.front().acting_stack];
        CHECK(acting.contains(event.stack_pointer));
        const Scene scene = layout_stage(seen.context(), columns, StageView{.width = 640, .height = 500, .selected = {}});
        CHECK(std::ranges::any_of(scene.labels, [&](const SceneLabel& label) { return label.text == "▶ " + acting.title; }));
        CHECK(std::ranges::any_of(scene.labels, [](const SceneLabel& label) { return label.text == "counter"; }));
        const Seen next(read->recording, i + 1);  // there it has not just changed any more
        const std::vector<StageColumn> then{next.column(0)};
        const auto& globals = cards_of(then.front(), "data");
        CHECK(find_row(globals, "counter")->rank < find_row(globals, "counter_lock")->rank);
        const auto is_dashed = [](const SceneBox& box) { return box.dashed && box.outline == Role::accent; };
        CHECK(std::ranges::none_of(scene.boxes, is_dashed));
        for (const char* what : {"region data", "region stack", "variable counter"}) {
            CAPTURE(what);
            const StageView pointing{.width = 640, .height = 500, .selected = {}, .pointed = {parse_pointed(what).value()}};
            const auto framed = std::ranges::count_if(layout_stage(seen.context(), columns, pointing).boxes, is_dashed);
            CHECK(framed == (std::string_view(what) == "variable counter" ? 0 : 1));  // it has just changed: that is its frame
        }
        const StageView hiding{.width = 900, .height = 2000, .selected = {}, .veils = {.addresses = true}};
        CHECK(std::ranges::none_of(layout_stage(seen.context(), columns, hiding).labels,
                                   [](const SceneLabel& label) { return label.text.find("0x") != std::string::npos; }));
        const SourceRows rows = source_rows(seen.context(), 0, {0}, 20);
        CHECK(!rows.rows.empty());
    }
    CHECK(wrote > 0);
}

TEST_CASE("siblings that each have their own copy of a page of their parent do not seem to share it") {
    const Recording recording = recorded(stage_programs + "three_different");
    const auto moment = first_moment(recording, [&](std::size_t i, const Event& event) {
        return recording.process_of(i) == 3 && std::holds_alternative<LineEvent>(event.detail) &&
               recording.world_at(i).processes[2].alive();
    });
    if (!moment) {
        return;  // the scheduler let the second child end before the third one came
    }
    const Seen seen(recording, *moment);
    const StageColumn second = seen.column(2);
    const StageColumn third = seen.column(3);
    const StageBridges bridges(seen.context(), 2, 3);
    REQUIRE(bridges.related());
    CHECK(bridges.of(*area_of(second, "stack"), *area_of(third, "stack")).apart > 0);
}

TEST_CASE("without the finer grains, every process says in its stack and in its code that they were not read") {
    const ScratchFolder folder;
    const std::string file = folder.path("run.procatlas");
    run_procatlas("trace --report-exit --grain memory --pages -o " + file +
                  " -- sh -c 'sleep 0.1 & sleep 0.1 & wait' </dev/null");
    const auto read = read_recording(file);
    REQUIRE(read);
    std::size_t seen_columns = 0;
    for (std::size_t i = 0; i < read->recording.events().size(); i += 3) {
        const Seen seen(read->recording, i);
        for (std::size_t process = 0; process < seen.world.processes.size(); ++process) {
            const StageColumn column = seen.column(process);
            for (std::size_t a = 0; a < column.areas.size(); ++a) {
                if (column.areas[a].role == Role::stack || column.areas[a].role == Role::code) {
                    CHECK(!column.cards[a].empty());
                    CHECK(std::ranges::all_of(column.cards[a], &StageCard::is_reason));
                    ++seen_columns;
                }
            }
        }
    }
    CHECK(seen_columns > 0);
}

TEST_CASE("a figure of the stage has the areas of each process and carries the recording") {
    const ScratchFolder folder;
    const std::string file = folder.path("run.procatlas");
    REQUIRE(run_procatlas("trace --report-exit --grain lines --pages -o " + file + " -- " + stage_programs +
                          "fork_write </dev/null")
                .status == 0);
    const Ran figure = run_procatlas("show --language en --as svg --view stage --moment 25 " + file);
    CHECK(figure.status == 0);
    for (const char* word : {"stack", "data", "code", "number", "child of P"}) {
        CHECK_MESSAGE(figure.output.find(word) != std::string::npos, word);
    }
}
