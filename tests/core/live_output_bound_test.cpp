// What is kept of a program that prints without end.
#include "core/live/output_bound.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "core/export/data/text_export.h"
#include "core/narrate/output_log.h"

using namespace procatlas;

namespace {

constexpr OutputBound::Limits small{.first = 10'000, .last = 2'000, .all = 30'000, .few = 1'000};

ObservedEvent printed(std::int32_t pid, std::string text, OutputStream stream = OutputStream::standard_output) {
    ObservedEvent event;
    event.process = {pid, 1};
    event.time_ns = 5;
    const std::uint64_t size = text.size();
    event.detail = OutputEvent{stream, std::move(text), size};
    return event;
}

ObservedEvent ended(std::int32_t pid) {
    ObservedEvent event;
    event.process = {pid, 1};
    event.time_ns = 9;
    event.detail = ExitEvent{0, {}, false};
    return event;
}

struct Kept {
    std::string text;
    std::uint64_t left_out = 0;
    std::uint64_t without_text = 0;  // what the output events say of it
    std::size_t events = 0;
};

Kept kept_of(const std::vector<ObservedEvent>& events, std::int32_t pid) {
    Kept kept;
    for (const ObservedEvent& event : events) {
        if (event.process.pid != pid) {
            continue;
        }
        ++kept.events;
        if (const auto* output = std::get_if<OutputEvent>(&event.detail)) {
            kept.text += output->text;
            kept.without_text += output->size - output->text.size();
        } else if (const auto* gap = std::get_if<GapEvent>(&event.detail)) {
            CHECK(gap->code == GapCode::output_left_out);
            kept.left_out += gap->number;
        }
    }
    CHECK(kept.without_text == kept.left_out);
    return kept;
}

std::string line(int number) {
    return "line " + std::to_string(number) + "\n";
}

}  // namespace

TEST_CASE("output within the bound is passed on as it comes") {
    OutputBound bound(small);
    std::vector<ObservedEvent> out;
    for (int i = 0; i < 10; ++i) {
        bound.take(printed(1, line(i)), out);
        CHECK(out.size() == static_cast<std::size_t>(i) + 1);
    }
    bound.take(ended(1), out);
    CHECK(out.size() == 11);
}

TEST_CASE("beyond the bound the first and the last bytes are kept, and every other one is counted") {
    OutputBound bound(small);
    std::vector<ObservedEvent> out;
    std::string all;
    for (int i = 0; i < 10'000; ++i) {
        all += line(i);
        bound.take(printed(1, line(i), i % 2 == 0 ? OutputStream::standard_output : OutputStream::standard_error), out);
    }
    CHECK(out.size() < 50);
    bound.take(ended(1), out);
    const Kept kept = kept_of(out, 1);
    CHECK(kept.text.size() + kept.left_out == all.size());
    CHECK(kept.text.size() < small.first + small.last);
    CHECK(kept.text.starts_with(line(0) + line(1)));
    CHECK(kept.text.ends_with(line(9'998) + line(9'999)));
    CHECK(std::holds_alternative<ExitEvent>(out.back().detail));
    for (std::size_t i = 1; i < out.size(); ++i) {
        CHECK(out[i].time_ns >= out[i - 1].time_ns);
    }
}

TEST_CASE("what is shown of the output says in its place that something is missing") {
    OutputBound bound(small);
    std::vector<ObservedEvent> out;
    ObservedEvent start;
    start.process = {1, 1};
    start.detail = StartEvent{0, {"x"}, "/"};
    out.push_back(start);
    for (int i = 0; i < 10'000; ++i) {
        bound.take(printed(1, line(i)), out);
    }
    bound.take(ended(1), out);
    Recording recording;
    for (ObservedEvent& event : out) {
        recording.append(std::move(event));
    }
    OutputLog log;
    log.follow(recording, recording.last_moment());
    std::vector<std::size_t> cuts;
    for (std::size_t i = 0; i < log.lines().size(); ++i) {
        const OutputLine& shown = log.lines()[i];
        CHECK((shown.text.empty() || shown.text.starts_with("line ")));
        if (shown.cut != 0) {
            CHECK(shown.text.empty());
            cuts.push_back(i);
        }
    }
    REQUIRE(cuts.size() == 1);
    CHECK(cuts[0] > 5);
    CHECK(cuts[0] + 5 < log.lines().size());
    const auto words = read_messages(PROCATLAS_SOURCE_DIR "/assets/locale/en.json");
    REQUIRE(words);
    const std::string text = recording_text(recording, *words);
    CHECK(text.find(" more bytes\n") != std::string::npos);
    CHECK(text.find("line 9999\n") != std::string::npos);
}

TEST_CASE("of a program that prints 15,000 short lines, each by a write of its own, all are kept") {
    OutputBound bound;
    std::vector<ObservedEvent> out;
    for (int i = 0; i < 15'000; ++i) {
        bound.take(printed(1, line(i)), out);
    }
    CHECK(out.size() == 15'000);
}

TEST_CASE("the end of the run gives back what is withheld of all, and who holds a process sees what it prints") {
    OutputBound bound(small);
    std::vector<ObservedEvent> out;
    for (int i = 0; i < 1'000; ++i) {
        bound.take(printed(1 + i % 2, line(i)), out);
    }
    auto held = printed(1, "held\n");
    held.held = true;
    const std::size_t before = out.size();
    bound.take(held, out);
    CHECK(out.size() == before + 1);
    ObservedEvent all_ended;
    all_ended.time_ns = 9;
    all_ended.detail = NoteEvent{NoteCode::all_ended, {}, 0};
    bound.take(all_ended, out);
    CHECK(std::holds_alternative<NoteEvent>(out.back().detail));
    CHECK(kept_of(out, 1).text.ends_with(line(998)));
    CHECK(kept_of(out, 2).text.ends_with(line(999)));
}

TEST_CASE("many processes together are bounded too") {
    OutputBound bound(small);
    std::vector<ObservedEvent> out;
    std::size_t all = 0;
    for (std::int32_t pid = 1; pid <= 100; ++pid) {
        for (int i = 0; i < 100; ++i) {
            bound.take(printed(pid, line(i)), out);
            all += line(i).size();
        }
        bound.take(ended(pid), out);
    }
    std::size_t told = 0;
    std::size_t events = 0;
    for (std::int32_t pid = 1; pid <= 100; ++pid) {
        const Kept kept = kept_of(out, pid);
        CHECK(!kept.text.empty());
        told += kept.text.size() + kept.left_out;
        events += kept.events;
    }
    CHECK(told == all);
    CHECK(events < 1'000);
}
