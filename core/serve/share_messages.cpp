#include "core/serve/share_messages.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "core/export/data/json_writer.h"
#include "core/export/request/figure_title.h"

namespace procatlas {

namespace {

constexpr std::size_t most_rows = 500;        // in one message
constexpr std::size_t most_printed = 64'000;  // bytes of what was printed in them; one event may have more
constexpr std::size_t most_typed = 10;        // answers that are listed
constexpr std::size_t most_held_named = 12;   // processes that can be stepped one by one

// The commonest answers that were typed.
void write_typed(std::string& json, const SharedQuestion& question, const std::map<std::string, std::size_t>& counts) {
    std::vector<std::pair<std::string, std::size_t>> common(counts.begin(), counts.end());
    std::ranges::stable_sort(common, std::greater(), &std::pair<std::string, std::size_t>::second);
    common.resize(std::min(common.size(), most_typed));
    JsonArray all(json);
    for (const auto& [key, count] : common) {
        const auto answer = question.read(key);
        JsonObject one(all.element());
        one.text("text", answer ? answer->text : key);
        one.number("count", count);
        one.flag("right", answer && answer->right);
    }
}

void write_question(std::string& json, const ShareState& state) {
    if (!state.run.question) {
        json += "null";
        return;
    }
    const SharedQuestion& question = *state.run.question;
    JsonObject out(json);
    out.text("key", question.key);
    out.text("ask", question.ask);
    out.flag("open", question.open);
    out.number("answers", state.answers);
    {
        JsonArray choices(out.key("choices"));
        for (const SharedQuestion::Choice& choice : question.choices) {
            JsonObject one(choices.element());
            one.text("key", choice.key);
            one.text("text", choice.text);
            if (!question.open) {
                const auto count = state.counts.find(choice.key);
                one.number("count", count == state.counts.end() ? 0 : count->second);
                one.flag("right", std::ranges::find(question.right, choice.key) != question.right.end());
            }
        }
    }
    if (state.to_who_drives && !question.open && question.read) {
        write_typed(out.key("typed"), question, state.counts);
    }
    JsonArray right(out.key("right"));
    for (const std::string& answer : question.right) {
        append_json_string(right.element(), answer);
    }
}

std::string_view prose_name(ProseKind kind) {
    switch (kind) {
        case ProseKind::heading:
            return "heading";
        case ProseKind::item:
            return "item";
        case ProseKind::code:
            return "code";
        case ProseKind::paragraph:
            break;
    }
    return "paragraph";
}

std::string_view span_name(SpanStyle style) {
    return style == SpanStyle::strong ? "strong" : style == SpanStyle::code ? "code" : "plain";
}

void write_prose(std::string& json, const std::vector<Prose>& text) {
    JsonArray all(json);
    for (const Prose& prose : text) {
        JsonObject one(all.element());
        one.text("kind", prose_name(prose.kind));
        one.number("depth", std::size_t{prose.depth});
        one.text("marker", prose.marker);
        JsonArray spans(one.key("spans"));
        for (const Span& span : prose.spans) {
            JsonObject part(spans.element());
            part.text("style", span_name(span.style));
            part.text("text", span.text);
        }
    }
}

void write_words(std::string& json, const SharedStep::Words& words) {
    JsonObject out(json);
    out.text("title", words.title);
    out.text("heading", words.heading);
    write_prose(out.key("text"), words.text);
    out.text("ask", words.ask);
    {
        JsonArray items(out.key("items"));
        for (const std::string& item : words.items) {
            append_json_string(items.element(), item);
        }
    }
    out.text("hint", words.hint);
    out.text("right", words.right);
    out.text("said", words.said);
}

}  // namespace

std::string state_json(const ShareState& state) {
    const SharedRun& run = state.run;
    const World& world = run.recording.last_world();
    std::string json;
    {
        JsonObject out(json);
        out.number("generation", run.generation);
        out.number("images", run.images + state.parts_changes);  // pages forget their pictures
        out.text("title", figure_title(world, run.title));
        if (run.moment) {
            out.number("shown", run.shown());
        } else {
            out.null("shown");
        }
        out.flag("live", run.live);
        out.flag("holding", run.holding);
        out.flag("commands", run.takes_commands);
        out.number("people", state.people);
        out.number("output_left_out", state.output_left_out);
        out.number("steps", state.steps);
        {
            JsonObject parts(out.key("parts"));
            parts.flag("tree", run.parts.tree);
            parts.flag("memory", run.parts.memory);
            parts.flag("timeline", run.parts.timeline);
            parts.flag("sentence", run.parts.sentence);
        }
        write_question(out.key("question"), state);
        JsonArray held(out.key("held"));
        std::size_t named = 0;
        for (std::size_t i = 0; i < world.processes.size() && named < most_held_named; ++i) {
            if (run.live && world.processes[i].state == ProcessState::held) {
                held.element() += fmt::format("[{},{}]", i, world.processes[i].key.pid);
                ++named;
            }
        }
    }
    return json;
}

std::string step_json(const SharedStep* step) {
    if (step == nullptr) {
        return "null";
    }
    std::string json;
    {
        JsonObject out(json);
        out.number("number", step->number);
        out.number("count", step->count);
        out.flag("running", step->running);
        out.text("problem", step->problem);
        out.flag("figure", step->figure.has_value());
        out.flag("names", step->asks_names);
        JsonObject words(out.key("words"));
        for (const SharedStep::Words& one : step->words) {
            write_words(words.key(one.language), one);
        }
    }
    return json;
}

std::size_t end_of_rows(const PageOutput& output, std::size_t from, std::size_t count) {
    const std::size_t end = std::min(from + most_rows, count);
    const auto& writes = output.writes;
    std::size_t bytes = 0;
    for (auto one = std::ranges::lower_bound(writes, from, {}, &PageWrite::moment); one != writes.end() && one->moment < end;
         ++one) {
        if (bytes > most_printed) {
            return std::max(one->moment, from + 1);
        }
        bytes += one->text.size();
    }
    return end;
}

// The moments from `from` up to `to`: when they were, who was born, what was printed.
std::string rows_message(const Recording& recording, const PageOutput& output, std::size_t from, std::size_t to) {
    const auto events = recording.events().subspan(from, to - from);
    const auto& processes = recording.last_world().processes;
    std::string json;
    {
        JsonObject out(json);
        out.number("from", from);
        {
            JsonArray times(out.key("ms"));
            for (const Event& event : events) {
                times.element() += fmt::format("{}", event.time_ns / 1'000'000);
            }
        }
        {
            JsonArray born(out.key("born"));  // processes are in the order of their birth
            for (auto one = std::ranges::lower_bound(processes, from, {}, &Process::born_moment);
                 one != processes.end() && one->born_moment < to; ++one) {
                born.element() += fmt::format("[{},{}]", one - processes.begin(), one->key.pid);
            }
        }
        JsonArray printed(out.key("output"));
        const auto& writes = output.writes;
        for (auto one = std::ranges::lower_bound(writes, from, {}, &PageWrite::moment); one != writes.end() && one->moment < to;
             ++one) {
            write_page_write(printed.element(), *one);
        }
    }
    return stream_message("rows", json);
}

std::string stream_message(std::string_view event, std::string_view json) {
    return fmt::format("event: {}\ndata: {}\n\n", event, json);
}

}  // namespace procatlas
