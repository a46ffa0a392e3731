#include "core/explore/outcome.h"

#include <fmt/format.h>
#include <signal.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <utility>

#include "core/base/text.h"
#include "core/model/turns.h"

namespace procatlas {
namespace {

const std::string no_name;

std::string tree_text(const World& world, const RunNames& names, std::size_t process) {
    std::string text = names.of(world.processes[process].key.pid);
    const char* before = "(";
    for (const std::size_t child : world.processes[process].children) {
        if (!names.of(world.processes[child].key.pid).starts_with('L')) {
            text += before + tree_text(world, names, child);
            before = " ";
        }
    }
    return *before == '(' ? text : text + ")";
}

}  // namespace

std::string exit_text(const ExitEvent& exit) {
    if (!exit.signal) {
        return std::to_string(exit.code.value_or(0));
    }
    const char* name = ::sigabbrev_np(*exit.signal);
    return name != nullptr ? fmt::format("SIG{}", name) : std::to_string(*exit.signal);
}

void RunNames::begin(std::int32_t pid, std::size_t launcher_execs) {
    names_[pid] = "P";
    first_ = pid;
    execs_left_ = launcher_execs;
}

void RunNames::executes(std::int32_t pid) {
    execs_left_ -= pid == first_ && execs_left_ > 0 ? 1 : 0;
}

const std::string& RunNames::born(std::int32_t parent, std::int32_t child) {
    if (launching()) {
        return names_[child] = fmt::format("L{}", ++launched_);
    }
    const std::string& maker = of(parent);
    const int number = ++children_[maker];
    return names_[child] = maker == "P" ? fmt::format("C{}", number) : fmt::format("{}.{}", maker, number);
}

// The kernel gives numbers in ascending order; the event of a thread may come late, because a thread is told when it first
// runs.
void RunNames::has_threads(std::int32_t process, std::vector<std::int32_t> threads) {
    const std::string maker = of(process);
    if (maker.empty()) {
        return;
    }
    std::ranges::sort(threads);
    int number = 0;
    for (const std::int32_t thread : threads) {
        names_.try_emplace(thread, fmt::format("{}.T{}", maker, ++number));
    }
}

const std::string& RunNames::of(std::int32_t pid) const {
    const auto found = names_.find(pid);
    return found == names_.end() ? no_name : found->second;
}

std::string RunNames::in_text(std::string_view text, std::int32_t observer) const {
    const auto is_word = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; };
    std::string named;
    for (std::size_t at = 0; at < text.size();) {
        std::size_t end = at;
        while (end < text.size() && std::isdigit(static_cast<unsigned char>(text[end])) != 0) {
            ++end;
        }
        if (end == at) {
            named += text[at++];
            continue;
        }
        std::int32_t number = 0;
        const bool alone = (at == 0 || !is_word(text[at - 1])) && (end == text.size() || !is_word(text[end]));
        const bool whole = std::from_chars(text.data() + at, text.data() + end, number).ec == std::errc();
        const std::string& name = alone && whole ? of(number) : no_name;
        named += !name.empty()                          ? name
                 : alone && whole && number == observer ? std::string("init")
                                                        : std::string(text.substr(at, end - at));
        at = end;
    }
    return named;
}

RunNames run_names(const Recording& recording, std::size_t launcher_execs) {
    RunNames names;
    std::map<std::int32_t, std::vector<std::int32_t>> threads;
    for (const Event& event : recording.events()) {
        if (const auto* thread = std::get_if<ThreadEvent>(&event.detail)) {
            threads[event.process.pid].push_back(thread->thread);
        }
        if (std::holds_alternative<StartEvent>(event.detail)) {
            names.begin(event.process.pid, launcher_execs);
        } else if (std::holds_alternative<ExecEvent>(event.detail)) {
            names.executes(event.process.pid);
        } else if (const auto* fork = std::get_if<ForkEvent>(&event.detail)) {
            names.born(event.process.pid, fork->child.pid);
        }
    }
    for (auto& [process, numbers] : threads) {
        names.has_threads(process, std::move(numbers));
    }
    return names;
}

std::size_t launcher_execs_of(const Recording& recording) {
    const World& world = recording.last_world();
    std::size_t execs = 0;
    for (std::size_t moment = 0; world.program_moment > 0 && moment <= world.program_moment; ++moment) {
        const Event& event = recording.events()[moment];
        execs += std::holds_alternative<ExecEvent>(event.detail) && event.process == world.processes.front().key ? 1 : 0;
    }
    return execs;
}

namespace {

// What follows is only that all are ended by us.
bool is_given_up(const Event& event) {
    const auto* note = std::get_if<NoteEvent>(&event.detail);
    return note && note->code == NoteCode::turns_limit && (note->text == turns_limit::stuck || note->text == turns_limit::busy);
}

std::vector<std::string> lines_in(std::string_view text) {
    std::vector<std::string> lines;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t line_end = std::min(text.find('\n', at), text.size());
        lines.push_back(display_text(text.substr(at, line_end - at)));
        at = line_end + 1;
    }
    return lines;
}

}  // namespace

std::vector<std::string> printed_lines_of(const Recording& recording) {
    std::string text;
    for (const Event& event : recording.events()) {
        if (is_given_up(event)) {
            break;
        }
        if (const auto* output = std::get_if<OutputEvent>(&event.detail); output && output->stream != OutputStream::elsewhere) {
            text += output->text;
        }
    }
    return lines_in(text);
}

Outcome outcome_of(const Recording& recording, RunEnd end, std::size_t launcher_execs) {
    Outcome outcome;
    outcome.end = end;
    const RunNames names = run_names(recording, launcher_execs);
    const World& world = recording.last_world();
    std::int32_t observer = 0;
    std::string text;
    for (const Event& event : recording.events()) {
        if (is_given_up(event)) {
            break;
        }
        if (const auto* exit = std::get_if<ExitEvent>(&event.detail)) {
            if (const std::string& name = names.of(event.process.pid); !name.starts_with('L')) {
                outcome.exit[name] = exit_text(*exit);
            }
        } else if (const auto* start = std::get_if<StartEvent>(&event.detail)) {
            observer = start->parent_pid;
        } else if (const auto* output = std::get_if<OutputEvent>(&event.detail);
                   output && output->stream != OutputStream::elsewhere) {
            text += names.in_text(output->text, observer);  // of each write apart: two may stand side by side in a line
        }
    }
    outcome.output = lines_in(text);
    if (end == RunEnd::busy) {  // by whose signal they ended says nothing of them
        outcome.exit.clear();
    }
    if (!world.processes.empty()) {
        outcome.tree = tree_text(world, names, 0);
    }
    return outcome;
}

}  // namespace procatlas
