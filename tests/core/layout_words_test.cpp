#include <algorithm>
#include <cerrno>
#include <cstring>
#include <regex>
#include <set>

#include "core/narrate/addresses_in_text.h"
#include "core/narrate/error_text.h"
#include "core/narrate/explain.h"
#include "layout_support.h"
#include "tests/support/apply_observed.h"

using namespace procatlas;

namespace {

std::multiset<std::string> placeholders(const std::string& text) {
    static const std::regex pattern(R"(\{\d*\})");
    return {std::sregex_token_iterator(text.begin(), text.end(), pattern), std::sregex_token_iterator()};
}

}  // namespace

TEST_CASE("both languages have the same keys and the same placeholders") {
    const Messages english = words_of("en");
    const Messages korean = words_of("ko");
    for (const auto& [key, text] : english.all()) {
        INFO(key);
        REQUIRE(korean.has(key));
        const std::multiset<std::string> there = placeholders(std::string(korean.text(key)));
        const std::multiset<std::string> here = placeholders(text);
        CHECK(std::set(here.begin(), here.end()) == std::set(there.begin(), there.end()));
    }
    CHECK(english.all().size() == korean.all().size());
}

TEST_CASE("Korean sentences have polite endings, and no alternatives between particles") {
    const std::regex particle(R"(\((으|은|는|이|가|을|를|과|와)\))");
    const std::regex plain(R"(다([.:,”]|$))");
    const std::regex polite(R"((니|마)다([.:,”]|$))");  // "…마다" is no verb
    for (const auto& [key, text] : words_of("ko").all()) {
        CAPTURE(key);
        CAPTURE(text);
        CHECK_FALSE(std::regex_search(text, particle));
        const auto count = [&](const std::regex& ending) {
            return std::distance(std::sregex_iterator(text.begin(), text.end(), ending), std::sregex_iterator());
        };
        CHECK(count(plain) == count(polite));
    }
}

TEST_CASE("one of a thing is told in the singular, also where its number comes as text") {
    const Messages english = words_of("en");
    CHECK(english.format("pages.left_out", std::size_t{1}) == "1 more region with such pages is not shown");
    CHECK(english.format("pages.left_out", std::size_t{2}) == "2 more regions with such pages are not shown");
    CHECK(english.format("objects.references", count_text(1)) == "1 reference");
    CHECK(english.format("timeline.count", count_text(1), "0.000") == "1 event · 0.000 s");
    CHECK(english.format("region.folded", 21) == "▸ 21 more regions");
}

TEST_CASE("a missing key shows the key itself, and mismatched placeholders do no harm") {
    const Result<Messages> words = parse_messages(R"({"a": "{} and {}"})");
    REQUIRE(words);
    CHECK(words->text("b") == "b");
    CHECK(words->format("a", 1, 2) == "1 and 2");
    CHECK(words->format("a", 1) == "{} and {}");
    CHECK(!parse_messages("[]"));
    CHECK(!parse_messages(R"({"a": 1})"));
}

TEST_CASE("the reason of a failed exec is in the reader's language, with the error name of the manual pages") {
    for (const int error : {ENOENT, EACCES, ENOEXEC, ENOTDIR, E2BIG, ENOMEM, ETXTBSY, ELOOP, ENAMETOOLONG, EPERM, EFAULT}) {
        const std::string english = exec_error_text(error, words_of("en"));
        const std::string korean = exec_error_text(error, words_of("ko"));
        const std::string name = english.substr(0, english.find(':'));
        CAPTURE(name);
        CHECK(name == ::strerrorname_np(error));
        CHECK(korean.starts_with(name + ": "));
        CHECK(korean.ends_with("니다"));
        CHECK(english.find(::strerror(error)) == std::string::npos);  // a sentence of our own
    }
    CHECK(exec_error_text(EIO, words_of("ko")) == "EIO: " + std::string(::strerror(EIO)));
    CHECK(memory_error_text(ENOMEM, words_of("ko")) != exec_error_text(ENOMEM, words_of("ko")));
}

TEST_CASE("each kind of event and of region is explained in both languages") {
    World world;
    apply(world, event_of(10, StartEvent{9, {"sh"}, "/"}));
    std::vector<EventDetail> details = {
        StartEvent{9, {"sh"}, "/"},
        fork_of(10, 11),
        ThreadEvent{12},
        ThreadExitEvent{12},
        ExecEvent{.path = "/bin/ls", .arguments = {"ls"}, .mappings_before = 23, .mappings_after = 20},
        ExecEvent{.path = "/bin/ls", .arguments = {"ls"}},
        ExecFailedEvent{"/none", 2},
        ExitEvent{.code = 0, .signal = {}},
        ExitEvent{.code = 1, .signal = {}},
        ExitEvent{.code = {}, .signal = 9},
        ExitEvent{.code = {}, .signal = 11, .core_dumped = true},
        ReparentEvent{10, 1, false},
        ReparentEvent{10, 9, true},
        SignalEvent{15, 10, {}},
        SignalEvent{15, 0, {}},
        SignalEvent{11, 0, Address{0}},
        StopEvent{20},
        ContinueEvent{},
        PagesEvent{},
        OutputEvent{OutputStream::standard_output, "hi\n", 3},
        OutputEvent{OutputStream::standard_error, "hi\n", 3},
        CallEvent{0x1000, "f"},
        ReturnEvent{0x1000, "", 7},
        LineEvent{},
        InstructionEvent{0x1000, 0x2000},
        ExceptionEvent{"ValueError: no"},
        WaitsEvent{WaitingFor::terminal, 0},
        SuspendEvent{"numbers"},
        ResumeEvent{"numbers"},
        WriteEvent{{0x4000, 0x4004}, "number"},
        InstructionEvent{0x1000, 0},
        FoundEvent{},
        FoundEvent{std::make_shared<const FoundProcess>(FoundProcess{.state = FoundState::stopped})},
        FoundEvent{std::make_shared<const FoundProcess>(FoundProcess{.state = FoundState::zombie, .again = true})},
        FoundEvent{std::make_shared<const FoundProcess>(FoundProcess{.state = FoundState::zombie})},
        FoundEvent{std::make_shared<const FoundProcess>(FoundProcess{.state = FoundState::kernel})},
        GoneEvent{},
        StepEvent{true},
        StepEvent{false}};
    for (const Reaper by : {Reaper::parent, Reaper::observer, Reaper::kernel, Reaper::outside}) {
        details.emplace_back(ReapEvent{{11, 11}, by});
    }
    for (const MemoryCall call :
         {MemoryCall::brk, MemoryCall::mmap, MemoryCall::munmap, MemoryCall::mremap, MemoryCall::mprotect}) {
        details.emplace_back(MemoryEvent{.call = call, .address = 0x1000, .length = 4096, .result = 0x1000});
        details.emplace_back(MemoryEvent{.call = call, .address = 0x1000, .length = 4096, .error = 12});
    }
    details.emplace_back(ResidentEvent{{{4096, 8192}}, {}, ""});
    details.emplace_back(ResidentEvent{{}, {}, "why"});
    for (const NoteCode code :
         {NoteCode::cap_reached, NoteCode::all_ended, NoteCode::privilege_dropped, NoteCode::launch_failed,
          NoteCode::child_named, NoteCode::turn, NoteCode::turns_limit, NoteCode::left}) {
        details.emplace_back(NoteEvent{.code = code, .text = "x", .number = 256});
    }
    for (std::uint64_t why = 0; why <= static_cast<std::uint64_t>(AttachRefusal::other); ++why) {
        details.emplace_back(NoteEvent{.code = NoteCode::attach_refused, .text = "x", .number = why});
    }
    for (const char* start : {"fork", "spawn 9", "forkserver 9", "spawn", "nonsense 9"}) {
        details.emplace_back(NoteEvent{.code = NoteCode::child_starts, .text = start, .number = 256});
    }
    for (const GapCode code :
         {GapCode::observer_lost, GapCode::output_unattributed, GapCode::memory_not_read, GapCode::recording_failed,
          GapCode::output_left_out, GapCode::recording_full, GapCode::calls_not_followed, GapCode::python_not_told,
          GapCode::not_followed, GapCode::not_seen_between, GapCode::late_look, GapCode::code_changed}) {
        details.emplace_back(GapEvent{.code = code, .text = "x", .number = 1});
    }
    std::set<std::size_t> kinds;
    for (const char* language : {"en", "ko"}) {
        const Messages words = words_of(language);
        for (const EventDetail& detail : details) {
            const std::string sentence = explain_event(kept(event_of(10, detail)), nullptr, world, {}, words);
            INFO(language, ": ", sentence);
            CHECK(sentence.size() > 8);
            CHECK(sentence.find("explain.") == std::string::npos);
            CHECK(sentence.find('{') == std::string::npos);
            kinds.insert(detail.index());
        }
        for (int kind = 0; kind <= static_cast<int>(RegionKind::kernel); ++kind) {
            const std::string sentence = explain_region(region_of(static_cast<RegionKind>(kind), 0x1000, 0x1000), words);
            CHECK(sentence.find("teach.") == std::string::npos);
        }
    }
    CHECK(kinds.size() == std::variant_size_v<EventDetail>);
}

TEST_CASE("an end by SIGTRAP says that breakpoints may be why, where there were some") {
    Recording recording;
    recording.append(event_of(10, StartEvent{9, {"./a"}, "/"}));
    recording.append(event_of(10, ExitEvent{.code = {}, .signal = 5}));
    const Messages words = words_of("en");
    const auto told = [&] { return explain({recording, recording.last_world(), 1, words}); };
    CHECK(told().find("breakpoint") == std::string::npos);
    recording.set_how_followed({Grain::none, true, FollowedCode::own});
    CHECK(told().find("breakpoint") == std::string::npos);
    recording.set_how_followed({Grain::calls, true, FollowedCode::own});
    CHECK(told().find("breakpoints of procatlas may be why") != std::string::npos);
}

TEST_CASE("fork and exec are explained as in a lecture") {
    const Messages words = words_of("en");
    World world;
    CHECK(explain_event(kept(event_of(17924, fork_of(17924, 17925))), nullptr, world, {}, words) ==
          "17924 forked 17925: a copy of itself, with the same addresses");
}

TEST_CASE("only complete addresses are found in printed text") {
    const std::vector<PrintedAddress> found =
        addresses_in_text("main 0x555a1234, (0xDEADbeef) no0x12 0x 0x12345678901234567 0x1g");
    REQUIRE(found.size() == 2);
    CHECK(found[0].position == 5);
    CHECK(found[0].length == 10);
    CHECK(found[0].address == 0x555a1234);
    CHECK(found[1].address == 0xDEADBEEF);
    CHECK(addresses_in_text("").empty());
    CHECK(addresses_in_text("0xffffffffffffffff").front().address == ~Address{0});
}

TEST_CASE("text is shortened to the available width") {
    const FixedMeasure measure;
    CHECK(fit_text("abcdef", TextStyle::body, 42, measure) == "abcdef");
    CHECK(fit_text("abcdef", TextStyle::body, 35, measure) == "abcd…");
    CHECK(fit_text("가나다라", TextStyle::body, 40, measure) == "가나…");
    CHECK(fit_text("abcdef", TextStyle::body, 5, measure).empty());
}
