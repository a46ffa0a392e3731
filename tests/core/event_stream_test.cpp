#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <random>

#include "core/base/whole_file.h"
#include "core/model/recording.h"
#include "core/model/turns.h"
#include "core/stream/command_stream.h"
#include "core/stream/event_stream.h"
#include "core/stream/proc_maps.h"

using namespace procatlas;

namespace {

const std::string small_map = "1000-2000 r-xp 00000000 08:01 5     /bin/x\n3000-4000 rw-p 00000000 00:00 0      [heap]\n";
const std::string grown_map = "1000-2000 r-xp 00000000 08:01 5     /bin/x\n3000-9000 rw-p 00000000 00:00 0      [heap]\n";

ObservedEvent event(std::int32_t pid, EventDetail detail) {
    ObservedEvent e;
    e.time_ns = 12345;
    e.process = {pid, 77};
    e.thread = pid;
    e.program_counter = 0x1234;
    e.stack_pointer = 0x7fff'0000'0000;
    e.detail = std::move(detail);
    return e;
}

std::vector<ObservedEvent> read_all(const std::string& bytes, std::size_t piece) {
    EventReader reader;
    std::vector<ObservedEvent> events;
    for (std::size_t at = 0; at < bytes.size(); at += piece) {
        reader.append(std::string_view(bytes).substr(at, piece));
        while (true) {
            auto next = reader.next();
            REQUIRE(next);
            if (!*next) {
                break;
            }
            events.push_back(std::move(**next));
        }
    }
    return events;
}

}  // namespace

TEST_CASE("every kind of event is decoded unchanged, however the bytes are split") {
    std::string bytes;
    write_greeting(bytes);
    EventWriter writer;
    const std::vector<EventDetail> details{
        StartEvent{1, {"a", "", "b\n"}, "/tmp"},
        ForkEvent{ForkKind::vfork, {43, 9}, 42, true},
        ThreadEvent{99},
        ThreadExitEvent{99},
        ExecEvent{"/bin/sh", {"sh", "-c"}, true, 5, 6, 7},
        ExecFailedEvent{"/x", 2},
        ExitEvent{std::nullopt, 11, true},
        ReapEvent{{43, 9}, Reaper::kernel},
        ReparentEvent{42, 1, true},
        SignalEvent{11, 0, 0xdeadbeef},
        StopEvent{19},
        ContinueEvent{},
        OutputEvent{OutputStream::standard_error, std::string("\0\xff", 2), 9},
        MemoryEvent{MemoryCall::mremap, 1, 2, 3, 4, 5},
        ResidentEvent{{{4096, 8192}}, {}, ""},
        StepEvent{false},
        NoteEvent{NoteCode::cap_reached, "t", 256},
        GapEvent{GapCode::recording_failed, "why", 1},
        CallEvent{0x1000, "f"},
        ReturnEvent{0x1000, "f", 7},
        LineEvent{},
        InstructionEvent{0x1000, 0x2000},
        PagesEvent{},
        ExceptionEvent{"ValueError: no"},
        WaitsEvent{WaitingFor::terminal, 0},
        SuspendEvent{"numbers"},
        ResumeEvent{"numbers"},
        FoundEvent{},
        GoneEvent{7},
        WriteEvent{{0x4000, 0x4004}, "number"},
    };
    CHECK(details.size() == std::variant_size_v<EventDetail>);
    for (const EventDetail& detail : details) {
        writer.write(bytes, event(42, detail), nullptr, nullptr);
    }
    for (const std::size_t piece : {std::size_t{1}, std::size_t{7}, bytes.size()}) {
        const auto events = read_all(bytes, piece);
        REQUIRE(events.size() == details.size());
        for (std::size_t i = 0; i < details.size(); ++i) {
            CHECK(events[i].detail.index() == i);
            CHECK(events[i].process == ProcessKey{42, 77});
            CHECK(events[i].stack_pointer == 0x7fff'0000'0000);
        }
        CHECK(std::get<ExitEvent>(events[6].detail).signal == 11);
        CHECK(!std::get<ExitEvent>(events[6].detail).code);
        CHECK(std::get<OutputEvent>(events[12].detail).text == std::string("\0\xff", 2));
        CHECK(std::get<StartEvent>(events[0].detail).arguments == std::vector<std::string>{"a", "", "b\n"});
    }
}

TEST_CASE("maps are decoded in full although only differences are sent, and equal maps are one object") {
    std::string bytes;
    write_greeting(bytes);
    EventWriter writer;
    const MemoryText small{small_map, {}, false};
    const MemoryText grown{grown_map, {}, false};
    writer.write(bytes, event(42, StepEvent{}), &small, nullptr);
    const std::size_t first = bytes.size();
    writer.write(bytes, event(42, ForkEvent{ForkKind::fork, {43, 1}, 42, false}), &small, &small);
    writer.write(bytes, event(43, StepEvent{}), &grown, nullptr);
    writer.write(bytes, event(42, ExitEvent{0, std::nullopt, false}), &small, nullptr);
    CHECK(bytes.size() - first < small_map.size() * 3);

    const auto events = read_all(bytes, bytes.size());
    REQUIRE(events.size() == 4);
    CHECK(*events[0].memory == *parse_proc_maps(small_map));
    CHECK(events[1].memory == events[0].memory);
    CHECK(events[1].child_memory == events[0].memory);
    CHECK(*events[2].memory == *parse_proc_maps(grown_map));
    CHECK(events[3].memory == events[0].memory);
}

TEST_CASE("pages are decoded in full, and equal ones are one object that is sent once") {
    std::string bytes;
    write_greeting(bytes);
    EventWriter writer;
    const auto pages = std::make_shared<const Pages>(
        Pages{4096,
              {{0x1000, 3, PageState::exclusive, false}, {0x20'0000, 512, PageState::shared, true}},
              {{0x1000, 3, 77}},
              {{0x8000, {1, 2, 0, 2}}, {0x40'0000, {3, 5}}}});
    const auto equal = std::make_shared<const Pages>(*pages);
    ObservedEvent first = event(42, StepEvent{});
    first.pages = {{{42, 77}, pages}, {{43, 1}, pages}};
    ObservedEvent second = event(42, StepEvent{});
    second.pages = {{{42, 77}, equal}};
    ObservedEvent none = event(42, StepEvent{});
    writer.write(bytes, first, nullptr, nullptr);
    const std::size_t before = bytes.size();
    writer.write(bytes, none, nullptr, nullptr);
    const std::size_t without = bytes.size() - before;
    writer.write(bytes, second, nullptr, nullptr);
    CHECK(bytes.size() - before - 2 * without < 8);

    const auto events = read_all(bytes, 5);
    REQUIRE(events.size() == 3);
    REQUIRE(events[0].pages.size() == 2);
    CHECK(*events[0].pages[0].pages == *pages);
    CHECK(events[0].pages[1].process == ProcessKey{43, 1});
    CHECK(*events[0].pages[1].pages == *pages);
    CHECK(events[1].pages.empty());
    REQUIRE(events[2].pages.size() == 1);
    CHECK(events[2].pages[0].pages == events[0].pages[0].pages);
}

TEST_CASE("who stands before which act is decoded unchanged") {
    std::string bytes;
    write_greeting(bytes);
    EventWriter writer;
    const Turns turns{
        {{.process = {42, 77},
          .thread = 42,
          .act = TurnAct::exits,
          .object = "",
          .touches = {{"child 42", TouchMode::add}, {"terminal", TouchMode::change}},
          .signalled = {41},
          .may_go = true},
         {.process = {43, 78}, .thread = 44, .act = TurnAct::reads, .object = "pipe:3", .touches = {}, .signalled = {}}},
        true};
    ObservedEvent question = event(42, NoteEvent{NoteCode::turn, "", 2});
    question.turns = std::make_shared<const Turns>(turns);
    writer.write(bytes, question, nullptr, nullptr);
    const auto events = read_all(bytes, 5);
    REQUIRE(events.size() == 1);
    REQUIRE(events[0].turns);
    CHECK(*events[0].turns == turns);
}

TEST_CASE("damaged bytes are an error, never a crash and never silently read as something else") {
    std::string bytes;
    write_greeting(bytes);
    EventWriter writer;
    const MemoryText small{small_map, {}, false};
    writer.write(bytes, event(42, StartEvent{1, {"a"}, "/"}), &small, nullptr);
    ObservedEvent fork = event(42, ForkEvent{ForkKind::fork, {43, 1}, 42, false});
    fork.pages = {
        {{42, 77},
         std::make_shared<const Pages>(Pages{4096, {{0x1000, 3, PageState::exclusive, false}}, {}, {{0x9000, {1, 0, 2}}}})}};
    writer.write(bytes, fork, &small, &small);
    std::mt19937 random(7);
    for (int i = 0; i < 3000; ++i) {
        std::string damaged = bytes;
        damaged[random() % damaged.size()] = static_cast<char>(random());
        damaged.resize(random() % (damaged.size() + 1));
        EventReader reader;
        reader.append(damaged);
        for (int n = 0; n < 4; ++n) {
            const auto next = reader.next();
            if (!next || !*next) {
                break;
            }
        }
    }
    EventReader reader;
    std::string other;
    const std::size_t begin = begin_frame(other);
    other += "HTTP/1.1";
    end_frame(other, begin);
    reader.append(other);
    CHECK(!reader.next());
}

TEST_CASE("every command is decoded unchanged") {
    LaunchCommand launch;
    launch.arguments = {"prog", "arg with space"};
    launch.environment = {"A=b"};
    launch.working_folder = "/tmp";
    launch.hold = true;
    launch.watch_memory = false;
    launch.grain = Grain::instructions;
    launch.pages = true;
    launch.hold_classes = {false, true, true};
    launch.process_cap = 12;
    const std::vector<Command> commands{launch,
                                        RunCommand{},
                                        HoldCommand{},
                                        StepCommand{5},
                                        DelayCommand{std::chrono::milliseconds(250)},
                                        HoldClassesCommand{{false, true, false}},
                                        MeasureCommand{5},
                                        StopAllCommand{},
                                        CapCommand{9},
                                        InputCommand{"\x03"},
                                        GrainCommand{Grain::lines, true},
                                        BreakpointsCommand{5,
                                                           {{{0x1000, 0x1004, ""}},
                                                            {0x1008},
                                                            {{"/src/a.c", {3, 4}}},
                                                            {{0x1000, 0x2000}},
                                                            {{0x1100, 0x1200}},
                                                            0x1000,
                                                            "why",
                                                            "/hook",
                                                            GoroutineLayout{0, 8, 152}}},
                                        ReleaseCommand{7, true},
                                        PingCommand{},
                                        TurnCommand{7},
                                        WatchCommand{5, {{0x4000, 0x4004}}}};
    CHECK(commands.size() == std::variant_size_v<Command>);
    FrameBuffer frames;
    for (const Command& command : commands) {
        std::string bytes;
        write_command(bytes, command);
        frames.append(bytes);
    }
    for (const Command& command : commands) {
        const auto read = read_command(frames);
        REQUIRE(read);
        REQUIRE(*read);
        CHECK((*read)->index() == command.index());
        if (const auto* l = std::get_if<LaunchCommand>(&**read)) {
            CHECK(l->arguments == launch.arguments);
            CHECK(l->hold_classes == launch.hold_classes);
            CHECK(l->process_cap == 12);
            CHECK(!l->watch_memory);
            CHECK(l->pages);
            CHECK(!l->frames);
        }
        if (const auto* d = std::get_if<DelayCommand>(&**read)) {
            CHECK(d->delay.count() == 250);
        }
    }
}

namespace {

// A family with maps and pages, as a first input for the fuzzer. It has no greeting, because the fuzzer adds its own.
std::string family_stream() {
    std::string bytes;
    EventWriter writer;
    const MemoryText small{small_map, {}, false};
    const MemoryText grown{grown_map, {}, false};
    const auto pages_of = [](std::vector<PageRun> runs, std::vector<PageStretch> stretches) {
        return std::make_shared<const Pages>(Pages{4096, std::move(runs), {{0x3000, 2, 77}}, std::move(stretches)});
    };
    const auto before = pages_of({{0x1000, 1, PageState::file, false}, {0x3000, 6, PageState::exclusive, false}}, {});
    const auto shared = pages_of({{0x1000, 1, PageState::file, false}, {0x3000, 6, PageState::shared, false}}, {});
    const auto copied = pages_of({{0x1000, 1, PageState::file, false}}, {{0x3000, {1, 2, 1, 2, 0, 1}}});
    ObservedEvent start = event(42, StartEvent{1, {"a"}, "/"});
    start.pages = {{{42, 77}, before}};
    writer.write(bytes, start, &grown, nullptr);
    ObservedEvent look = event(42, PagesEvent{});
    look.pages = {{{42, 77}, before}};
    writer.write(bytes, look, &grown, nullptr);
    ObservedEvent fork = event(42, ForkEvent{ForkKind::fork, {43, 77}, 42, false});
    fork.pages = {{{42, 77}, shared}, {{43, 77}, shared}};
    writer.write(bytes, fork, &grown, &grown);
    ObservedEvent written = event(43, OutputEvent{OutputStream::standard_output, "text\n", 5});
    written.pages = {{{43, 77}, copied}, {{42, 77}, copied}};
    writer.write(bytes, written, &grown, nullptr);
    writer.write(bytes, event(43, ExecEvent{"/bin/x", {"x"}, false, 2, 2, 0}), &small, nullptr);
    writer.write(bytes, event(43, ExitEvent{0, std::nullopt, false}), nullptr, nullptr);
    return bytes;
}

}  // namespace

TEST_CASE("the fuzzer's corpus is a readable stream, rewritten if PROCATLAS_WRITE_CORPUS is set") {
    const std::filesystem::path seed = std::filesystem::path(PROCATLAS_SOURCE_DIR) / "tests/fuzz/corpus/event_stream/family";
    if (std::getenv("PROCATLAS_WRITE_CORPUS") != nullptr) {
        REQUIRE(write_whole_file(seed, family_stream()));
    }
    const auto kept = read_whole_file(seed, 1 << 20);
    REQUIRE(kept);
    CHECK(*kept == family_stream());
    std::string bytes;
    write_greeting(bytes);
    Recording recording;
    for (ObservedEvent& read : read_all(bytes + *kept, 7)) {
        recording.append(std::move(read));
    }
    REQUIRE(recording.events().size() == 6);
    CHECK(recording.events()[2].pages.size() == 2);
    CHECK(recording.events()[3].copied ==
          std::vector<CopiedRun>{
              {43, 0x3000, 1}, {43, 0x5000, 1}, {43, 0x8000, 1}, {42, 0x3000, 1}, {42, 0x5000, 1}, {42, 0x8000, 1}});
}
