// Source, machine code and bytes as rows and as pictures: which parts are marked, named, folded, or reported as missing.
#include "core/layout/listing/layout_listing.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "core/export/data/dot_export.h"
#include "core/export/data/listing_export.h"
#include "core/export/data/mermaid_export.h"
#include "core/export/data/where_text.h"
#include "core/layout/inside/layout_inside.h"
#include "core/model/inside_moment.h"
#include "core/narrate/missing_inside.h"
#include "core/narrate/process_state.h"
#include "core/stream/proc_maps.h"
#include "tests/core/layout_support.h"

namespace procatlas {
namespace {

constexpr Address code_start = 0x5555'0000'1100;
constexpr Address stack_top = 0x7ffc'0000'1000;
constexpr Address data_start = 0x5555'0000'4000;

constexpr std::string_view program_maps =
    "555500001000-555500002000 r-xp 00001000 08:01 131 /bin/shop\n"
    "555500004000-555500005000 rw-p 00003000 08:01 131 /bin/shop\n"
    "7ffc00000000-7ffc00002000 rw-p 00000000 00:00 0 [stack]\n";

std::shared_ptr<const StackFrame> shop_frame(const std::string& function, Address start, std::uint32_t line) {
    StackFrame frame;
    frame.function = function;
    frame.file = "/src/shop.c";
    frame.line = line;
    frame.own = true;
    frame.program_counter = code_start + 1;
    frame.extent = {start, start + 32};
    frame.return_address = code_start + 5;
    frame.variables = {{"price", "int", start + 8, 4, "1000", "", {}, true}};
    return std::make_shared<const StackFrame>(std::move(frame));
}

Learnt shop_learnt() {
    Learnt learnt;
    learnt.sources.push_back({"/src/shop.c", "int main(void) {\n\tint price = 1000;\n\tsell(price);\n}\n", false, ""});
    FunctionCode code{"/bin/shop", 131, "sell", code_start, std::string("\x55\xe8\x00\x00\x00\x00\xc3", 7), {}, ""};
    code.instructions = {{code_start, 1, "push   rbp", "", 0, "/src/shop.c", 2, 0, ""},
                         {code_start + 1, 5, "call   0x555500001106", "", 0, "/src/shop.c", 3, code_start + 6, "printf@plt"},
                         {code_start + 6, 1, "ret", "", 0, "", 0, 0, ""}};
    learnt.functions.push_back(std::move(code));
    return learnt;
}

// One inspection: `line` is the current line of sell(), `byte` the first byte of the data.
ObservedEvent look(std::uint32_t line, Address stack_pointer, char byte, EventDetail detail = LineEvent{}) {
    ObservedEvent event = event_of(10, std::move(detail));
    event.program_counter = code_start + 1;
    event.stack_pointer = stack_pointer;
    Inside inside;
    Stack stack;
    stack.frames = {shop_frame("sell", stack_pointer, line)};
    stack.bytes_start = stack_pointer - 32;
    stack.bytes = std::string(32, 'S') + std::string(64, '\x01');
    inside.stack = std::make_shared<const Stack>(std::move(stack));
    inside.globals = std::make_shared<const std::vector<Variable>>(
        std::vector<Variable>{{"total", "int", data_start + 4, 4, "1", "", {}, false}});
    MemoryPieces pieces;
    std::string bytes(MemoryPieces::piece_size, '\0');
    bytes[4] = byte;
    pieces.pieces = {std::make_shared<const MemoryBytes>(MemoryBytes{data_start, bytes, {}})};
    inside.pieces = std::make_shared<const MemoryPieces>(std::move(pieces));
    event.inside = std::make_shared<const Inside>(std::move(inside));
    event.learnt = std::make_shared<const Learnt>(shop_learnt());
    return event;
}

Recording shop_recording() {
    Recording recording;
    recording.append(event_of(10, StartEvent{1, {"shop"}, "/"}));
    ObservedEvent exec = event_of(10, ExecEvent{"/bin/shop", {"shop"}, false, 0, 3, 0});
    auto space = parse_proc_maps(program_maps);
    REQUIRE(space);
    exec.memory = std::make_shared<const AddressSpace>(std::move(*space));
    recording.append(std::move(exec));
    recording.append(look(2, stack_top, 'a'));
    recording.append(look(3, stack_top - 8, 'b', InstructionEvent{code_start, stack_top}));
    return recording;
}

bool shows(const Scene& scene, const std::string& text) {
    return std::ranges::any_of(scene.labels, [&](const SceneLabel& l) { return l.text.find(text) != l.text.npos; });
}

const ByteRun* run_at(const ByteRows& rows, Address address) {
    const auto found = std::ranges::find_if(rows.runs, [&](const ByteRun& run) { return run.range.contains(address); });
    return found == rows.runs.end() ? nullptr : &*found;
}

}  // namespace

TEST_CASE("a process that is looked back at is at its line, where every line is an event") {
    const Messages words = words_of("en");
    Recording recording = shop_recording();
    const auto states = [&](std::size_t moment) {
        const World world = recording.world_at(moment);
        std::vector<std::string> told;
        for (const Process& process : world.processes) {
            told.push_back(state_at_moment({recording, world, moment, words}, process, {}));
        }
        return told;
    };
    CHECK(states(2) == std::vector<std::string>{"running"});
    recording.set_how_followed({Grain::calls, true, FollowedCode::own});
    CHECK(states(2) == std::vector<std::string>{"running"});  // it may be lines further on
    recording.set_how_followed({Grain::lines, true, FollowedCode::own});
    CHECK(states(1) == std::vector<std::string>{"running"});  // before it was looked into
    CHECK(states(2) == std::vector<std::string>{"at line 2"});
    CHECK(states(3) == std::vector<std::string>{"running"});  // the present
    recording.append(event_of(10, WaitsEvent{WaitingFor::child, 11}));
    CHECK(states(3) == std::vector<std::string>{"running"});  // still the present: no news since
    recording.append(event_of(11, StartEvent{1, {"other"}, "/"}));
    CHECK(states(3) == std::vector<std::string>{"at line 3"});  // that is what the event at this moment tells
    CHECK(states(2) == std::vector<std::string>{"at line 2"});
    recording.append(event_of(10, LineEvent{}));
    CHECK(states(3) == std::vector<std::string>{"at line 3"});
    CHECK(states(4) == std::vector<std::string>{"waits for 11"});
    const World world = recording.world_at(3);
    const MomentContext context{recording, world, 3, words};
    CHECK(tree_dot(context).find("P 10") != std::string::npos);  // diagrams are as the tree
    CHECK(tree_dot(context).find("at line 3") != std::string::npos);
    CHECK(tree_mermaid(context).find("at line 3") != std::string::npos);
}

TEST_CASE("the source in its panel is whole rows, also where the process is in a call: scrolled to its end, no row is cut") {
    const Messages words = words_of("en");
    const FixedMeasure measure;
    const Recording recording = shop_recording();
    SourceRows rows = source_rows({recording, recording.world_at(3), 3, words}, 0, {0}, 20);
    for (const bool in_call : {false, true}) {
        rows.rows[2].marks.front().in_call = in_call;
        const ListingScene listing = layout_source(rows, 300, words, measure, ListingHeading::left_out);
        REQUIRE(listing.row > 0);
        const float count = listing.scene.height / listing.row;
        CHECK(count == doctest::Approx(in_call ? 5 : 4));
    }
    rows.line = 0;  // none is current: the rows are as high
    CHECK(layout_source(rows, 300, words, measure, ListingHeading::left_out).row > 0);
}

TEST_CASE("the source marks the current line, with its number and the processes there") {
    const Messages words = words_of("en");
    const Recording recording = shop_recording();
    const SourceRows rows = source_rows({recording, recording.world_at(3), 3, words}, 0, {0}, 20);
    REQUIRE(rows.rows.size() == 4);
    CHECK(rows.line == 3);
    CHECK(rows.rows[2].text == "\tsell(price);");
    CHECK(mark_text(rows.rows[2]) == "▶ 10");
    CHECK(rows.rows[1].marks.empty());
    CHECK(source_rows({recording, recording.world_at(2), 2, words}, 0, {0}, 20).line == 2);  // one moment before

    const FixedMeasure measure;
    const ListingScene made = layout_source(rows, 700, words, measure);
    CHECK(made.current.height > 0);
    CHECK(shows(made.scene, "        sell(price);"));  // a tab becomes spaces
    CHECK(shows(made.scene, "P ▶"));
}

TEST_CASE("a Python program that has done something since it came to a line is in what that line calls") {
    Recording recording = shop_recording();
    ObservedEvent line = look(3, stack_top, 'c', LineEvent{});
    Inside inside = *line.inside;
    Stack stack = *inside.stack;
    StackFrame frame = *stack.frames.front();
    frame.language = FrameLanguage::python;
    stack.frames = {std::make_shared<const StackFrame>(std::move(frame))};
    inside.stack = std::make_shared<const Stack>(std::move(stack));
    line.inside = std::make_shared<const Inside>(std::move(inside));
    recording.append(std::move(line));
    recording.append(event_of(10, OutputEvent{}));
    const Messages words = words_of("en");
    const auto mark_at = [&](std::size_t moment) {
        const SourceRows rows = source_rows({recording, recording.world_at(moment), moment, words}, 0, {0}, 20);
        return rows.rows.size() == 4 ? mark_text(rows.rows[2]) : std::string();
    };
    CHECK(mark_at(4) == "▶ 10");
    CHECK(mark_at(5) == "↳ 10");
}

TEST_CASE("a process that waits is in what its line calls") {
    Recording recording = shop_recording();
    recording.append(event_of(10, WaitsEvent{WaitingFor::child, 11}));
    const Messages words = words_of("en");
    const SourceRows rows = source_rows({recording, recording.world_at(4), 4, words}, 0, {0}, 20);
    REQUIRE(rows.rows.size() == 4);
    CHECK(mark_text(rows.rows[2]) == "↳ 10");
}

TEST_CASE("three processes at one line leave most of a narrow panel to the source, and each is named") {
    SourceRows rows;
    rows.path = "/src/shop.c";
    rows.line = 1;
    rows.rows = {{1, "int child = fork();", {{10, 0, "P", true}, {11, 1, "C1", false}, {12, 2, "C2", false}}}};
    const ListingScene made = layout_source(rows, 440, words_of("en"), FixedMeasure());
    const auto code = std::ranges::find(made.scene.labels, "int child = fork();", &SceneLabel::text);
    REQUIRE(code != made.scene.labels.end());
    CHECK(code->at.x < 440 * 0.45F);
    CHECK(shows(made.scene, "C2 ▶"));
    CHECK(shows(made.scene, "P ↳"));
    CHECK(std::ranges::find(made.scene.labels, "C1", &SceneLabel::text) != made.scene.labels.end());
}

TEST_CASE("the rows at which somebody is are known from the first to the last, so that a panel can show them all") {
    SourceRows rows;
    rows.path = "/src/shop.c";
    rows.line = 2;
    for (std::uint32_t line = 1; line <= 9; ++line) {
        rows.rows.push_back({line, "x();", {}});
    }
    rows.rows[1].marks = {{11, 1, "C1", false}};
    rows.rows[6].marks = {{10, 0, "P", false}};
    const ListingScene made = layout_source(rows, 318, words_of("en"), FixedMeasure());
    CHECK(made.inhabited.y == made.current.y);
    CHECK(made.inhabited.height == 6 * made.current.height);
}

TEST_CASE("a line that is cut where there is no room keeps its whole text for who copies it") {
    const Messages words = words_of("en");
    const Recording recording = shop_recording();
    const SourceRows rows = source_rows({recording, recording.world_at(3), 3, words}, 0, {0}, 20);
    const ListingScene made = layout_source(rows, 190, words, FixedMeasure());
    const auto cut = std::ranges::find(made.scene.labels, "        sell(price);", &SceneLabel::whole);
    REQUIRE(cut != made.scene.labels.end());
    CHECK(cut->text.ends_with("…"));
    CHECK(cut->text.size() < cut->whole.size());
}

TEST_CASE("when nothing runs any more the program's source stays, without a current line") {
    const SourceRows rows = source_of_ended(shop_recording(), 20);
    REQUIRE(rows.rows.size() == 4);
    CHECK(rows.path == "/src/shop.c");
    CHECK(rows.line == 0);
    const ListingScene made = layout_source(rows, 700, words_of("en"), FixedMeasure());
    CHECK(made.current.height == 0);
    CHECK(shows(made.scene, "        sell(price);"));
}

TEST_CASE("only the lines around the current one are shown, with the number of lines in the file") {
    const Messages words = words_of("en");
    const Recording recording = shop_recording();
    const SourceRows rows = source_rows({recording, recording.world_at(3), 3, words}, 0, {0}, 1);
    REQUIRE(rows.rows.size() == 3);
    CHECK(rows.rows.front().number == 2);
    CHECK(rows.lines == 4);
}

TEST_CASE("an unreadable source is reported as missing, with the reason") {
    const Messages words = words_of("en");
    Recording recording;
    const Recording whole = shop_recording();
    for (std::size_t i = 0; i <= whole.last_moment(); ++i) {
        recording.append(whole.observed_event(i));
    }
    const auto without = source_rows({recording, recording.world_at(3), 3, words}, 0, {0}, 20);
    REQUIRE(without.none.size() == 1);
    CHECK(without.none[0].find("it is not in the recording") != std::string::npos);
    recording.add_source({"/src/shop.c", "", false, "Permission denied"});
    CHECK(source_of_ended(recording, 20).rows.empty());
    const auto refused = source_rows({recording, recording.world_at(3), 3, words}, 0, {0}, 20);
    REQUIRE(refused.none.size() == 1);
    CHECK(refused.none[0].find("Permission denied") != std::string::npos);
    CHECK(code_rows({recording, recording.world_at(3), 3, words}, 0, 20).none.size() == 1);
}

TEST_CASE("the code shows bytes, offsets, call targets and the next instruction") {
    const Messages words = words_of("en");
    const Recording recording = shop_recording();
    const CodeRows rows = code_rows({recording, recording.world_at(3), 3, words}, 0, 20);
    REQUIRE(rows.rows.size() == 3);
    CHECK(rows.function == "sell");
    CHECK(rows.rows[1].current);
    CHECK(!rows.rows[0].current);
    CHECK(rows.rows[1].offset == 1);
    CHECK(hex_text(rows.rows[1].bytes) == "e8 00 00 00 00");
    CHECK(rows.rows[1].source_line == "\tsell(price);");
    const FixedMeasure measure;
    const ListingScene made = layout_code(rows, 1200, words, measure);
    CHECK(made.current.height > 0);
    CHECK(shows(made.scene, "→ printf@plt"));
    CHECK(shows(made.scene, "e8 00 00 00 00"));

    const CodeRows narrow = code_rows({recording, recording.world_at(3), 3, words}, 0, 0);
    CHECK(narrow.rows.size() == 1);
    CHECK(narrow.left_out_above == 1);
    CHECK(narrow.left_out_below == 1);
}

TEST_CASE("code is not shown for another program that has the same addresses") {
    const Messages words = words_of("en");
    Recording recording = shop_recording();
    ObservedEvent exec = event_of(10, ExecEvent{"/bin/other", {"other"}, false, 3, 3, 0});
    std::string maps(program_maps);
    for (std::size_t at = maps.find("131 /bin/shop"); at != maps.npos; at = maps.find("131 /bin/shop")) {
        maps.replace(at, 13, "132 /bin/other");
    }
    auto space = parse_proc_maps(maps);
    REQUIRE(space);
    exec.memory = std::make_shared<const AddressSpace>(std::move(*space));
    recording.append(std::move(exec));
    const World world = recording.world_at(4);
    CHECK(where_text(recording, 3, 10, code_start + 1, words)->find("symbol: sell(), +1") != std::string::npos);
    CHECK(where_text(recording, 4, 10, code_start + 1, words)->find("sell") == std::string::npos);
}

TEST_CASE("bytes: the view marks changed and stale bytes and SP, and names what is there") {
    const Messages words = words_of("en");
    const Recording recording = shop_recording();
    const ByteRows rows = byte_rows({recording, recording.world_at(3), 3, words}, 0, ByteView{});
    const Address sp = stack_top - 8;

    const ByteRun* data = run_at(rows, data_start);
    REQUIRE(data);
    CHECK(data->kind == RegionKind::data);
    CHECK(data->rows.front().changed == 1U << 4);  // the one byte
    CHECK(data->rows.front().what == "total");
    REQUIRE(data->rows.size() == 2);
    CHECK(data->rows.back().folded == MemoryPieces::piece_size / ByteRow::width - 1);

    const ByteRun* stack = run_at(rows, sp);
    REQUIRE(stack);
    CHECK(stack->kind == RegionKind::stack);
    const auto row = std::ranges::find_if(stack->rows, [](const ByteRow& r) { return r.stack_pointer.has_value(); });
    REQUIRE(row != stack->rows.end());
    CHECK(row->start + *row->stack_pointer == sp);
    CHECK(row->stale == 0x00FF);  // the half of the row below SP
    CHECK(std::ranges::any_of(stack->rows, [](const ByteRow& r) { return r.what.find("price (sell)") != r.what.npos; }));
    CHECK(std::ranges::any_of(stack->rows,
                              [](const ByteRow& r) { return r.what.find("return address of sell") != r.what.npos; }));
    for (const ByteRow& one : stack->rows) {
        CHECK(one.bytes.size() + one.first <= ByteRow::width);
    }

    const FixedMeasure measure;
    const ListingScene made = layout_bytes(rows, 1100, words, measure);
    const auto boxes = std::ranges::count_if(made.scene.boxes, [](const SceneBox& b) { return b.outlined && !b.selected; });
    CHECK(boxes > 0);  // around what changed
    CHECK(shows(made.scene, "SP"));
    CHECK(shows(made.scene, "stale"));
}

TEST_CASE("a pushed value is shown with SP before and after, and its bytes") {
    const Messages words = words_of("en");
    const Recording recording = shop_recording();
    const FixedMeasure measure;
    const Scene pushed = layout_inside({recording, recording.world_at(3), 3, words, measure}, 0, InsideView{});
    CHECK(shows(pushed, "push: SP 7ffc 0000 1000 → 7ffc 0000 0ff8, 8 bytes"));
    CHECK(shows(pushed, "01 01 01 01 01 01 01 01"));
    CHECK(!shows(layout_inside({recording, recording.world_at(2), 2, words, measure}, 0, InsideView{}), "push:"));
}

TEST_CASE("before a program has started, nothing is said of how it would have to be followed") {
    const Messages words = words_of("en");
    Recording recording;
    recording.append(event_of(10, StartEvent{1, {"python3"}, "/"}));
    const auto before = nothing_inside(recording, recording.last_world().processes[0], words);
    REQUIRE(before.size() == 1);
    CHECK(before[0].find("not started yet") != std::string::npos);
    recording.append(event_of(10, ExecEvent{"/usr/bin/python3.11", {"python3"}, false, 0, 3, 0}));
    const auto after = nothing_inside(recording, recording.last_world().processes[0], words);
    REQUIRE(after.size() == 1);
    CHECK(after[0].find("“calls”") != std::string::npos);
    CHECK(after[0].find("choose") == std::string::npos);  // nobody can, in a recording that was opened
    recording.set_how_followed({Grain::calls, true, FollowedCode::own});
    CHECK(nothing_inside(recording, recording.last_world().processes[0], words)[0].find("“calls”") == std::string::npos);
}

TEST_CASE("a program without debug information reports fewer grains") {
    const Messages words = words_of("en");
    Recording recording;
    recording.append(event_of(10, StartEvent{1, {"python3"}, "/"}));
    ObservedEvent exec = event_of(10, ExecEvent{"/usr/bin/python3.11", {"python3"}, false, 0, 3, 0});
    Inside inside;
    inside.error = no_debug_information;
    exec.inside = std::make_shared<const Inside>(std::move(inside));
    recording.append(std::move(exec));
    const auto sentences = nothing_inside(recording, recording.last_world().processes[0], words);
    REQUIRE(sentences.size() == 1);
    CHECK(sentences[0].find("python3.11 has no debug information") != std::string::npos);
    const FixedMeasure measure;
    CHECK(shows(layout_inside({recording, recording.world_at(1), 1, words, measure}, 0, InsideView{}), "no debug information"));
}

TEST_CASE("the source shown is the student's, and a library's only at the library's own calls and lines") {
    const auto student = shop_frame("sell", stack_top - 64, 3);
    StackFrame inner = *shop_frame("std::sort", stack_top - 128, 1);
    inner.library = true;
    Stack stack;
    stack.frames = {std::make_shared<const StackFrame>(inner), student};
    ThreadState thread;
    thread.thread = 10;
    thread.stack = std::make_shared<const Stack>(stack);
    Event event;
    event.thread = 10;
    event.detail = LineEvent{};
    CHECK(own_frame(thread, event)->function == "std::sort");
    event.detail = ReturnEvent{};
    CHECK(own_frame(thread, event)->function == "sell");
    event.detail = LineEvent{};
    event.thread = 11;
    CHECK(own_frame(thread, event)->function == "sell");
    stack.frames.pop_back();
    thread.stack = std::make_shared<const Stack>(stack);
    CHECK(own_frame(thread, event)->function == "std::sort");
}

TEST_CASE("a program that is nothing but a library says so, and how to see it") {
    Recording recording;
    recording.append(event_of(10, StartEvent{1, {"program"}, "/"}));
    ObservedEvent exec = event_of(10, ExecEvent{"/bin/shop", {"shop"}, false, 0, 3, 0});
    Inside inside;
    inside.error = only_library_functions;
    exec.inside = std::make_shared<const Inside>(std::move(inside));
    recording.append(std::move(exec));
    const auto sentences = missing_grains(recording.last_world().processes[0], words_of("en"));
    REQUIRE(sentences.size() == 1);
    CHECK(sentences[0].find("shop has no code of yours") == 0);
}

TEST_CASE("an inside that could not be read is said to be of an earlier moment until it is read again") {
    const Messages words = words_of("en");
    Recording recording;
    recording.append(event_of(10, StartEvent{1, {"program"}, "/"}));
    const auto append_call = [&](std::shared_ptr<const Stack> stack, const std::string& error) {
        ObservedEvent call = event_of(10, CallEvent{});
        call.stack_pointer = 0x7000;
        Inside inside;
        inside.stack = std::move(stack);
        inside.error = error;
        call.inside = std::make_shared<const Inside>(std::move(inside));
        recording.append(std::move(call));
    };
    append_call(std::make_shared<const Stack>(), "");
    append_call(nullptr, "not read in time");
    append_call(std::make_shared<const Stack>(), "");
    const FixedMeasure measure;
    const auto says_so = [&](std::size_t moment) {
        return shows(layout_inside({recording, recording.world_at(moment), moment, words, measure}, 0, InsideView{}),
                     "not read in time");
    };
    CHECK_FALSE(says_so(1));
    CHECK(says_so(2));
    CHECK_FALSE(says_so(3));
}

TEST_CASE("the text and JSON of listings agree, and an unknown process is an error") {
    const Messages words = words_of("en");
    const Recording recording = shop_recording();
    FigureOptions options;
    options.moment = 3;
    options.view = FigureView::source;
    CHECK(listing_text(recording, options, words)->find("    3> \tsell(price);    ▶ 10") != std::string::npos);
    options.view = FigureView::code;
    CHECK(listing_text(recording, options, words)->find("-> printf@plt") != std::string::npos);
    CHECK(listing_json(recording, options, words)->find("\"current\": true") != std::string::npos);
    options.view = FigureView::bytes;
    CHECK(listing_text(recording, options, words)->find("62*") != std::string::npos);  // b instead of a
    options.pids = {99};
    CHECK(!listing_text(recording, options, words));
    CHECK(!listing_json(recording, options, words));
}

TEST_CASE("an address may be typed as hexadecimal, with spaces, or as a decimal number") {
    CHECK(parse_address("0x7ffc00001000", true) == stack_top);
    CHECK(parse_address("7ffc 0000 1000") == stack_top);
    CHECK(parse_address("140720308490240", true) == Address{140720308490240});
    CHECK(parse_address("10") == Address{16});
    CHECK(!parse_address("", true));
    CHECK(!parse_address("0x", true));
    CHECK(!parse_address("main", true));
    CHECK(!parse_address("0x10000000000000000", true));
}

}  // namespace procatlas
