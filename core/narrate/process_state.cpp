#include "core/narrate/process_state.h"

#include <algorithm>
#include <csignal>
#include <cstring>
#include <optional>
#include <string>
#include <variant>

#include "core/model/inside.h"
#include "core/model/inside_moment.h"
#include "core/narrate/family_names.h"
#include "core/narrate/news.h"

namespace procatlas {
namespace {

bool is_of_a_line(const EventDetail& detail) {
    return std::holds_alternative<LineEvent>(detail) || std::holds_alternative<InstructionEvent>(detail);
}

// Whether the process came to another line later, so that lines were still told then; the grain of a run may change.
bool comes_to_a_line(const Recording& recording, const Process& process) {
    constexpr std::size_t most_looked_at = 20'000;
    const auto events = recording.events();
    const std::size_t end = std::min(events.size(), process.last_moment + most_looked_at);
    for (std::size_t moment = process.last_moment + 1; moment < end; ++moment) {
        if (events[moment].process == process.key && is_of_a_line(events[moment].detail)) {
            return true;
        }
    }
    return false;
}

// The moment of the window's present is that of the last news (news.h).
bool is_past(const MomentContext& context) {
    return context.moment < news_moment(context.recording, context.recording.last_moment());
}

// Where it is known: nobody has told of another line since, and of several threads each would be at its own.
std::optional<std::uint32_t> line_in_past(const MomentContext& context, const Process& process) {
    const Recording& recording = context.recording;
    const bool every_line = recording.how_followed() && recording.how_followed()->grain >= Grain::lines;
    const bool runs = process.state == ProcessState::running && process.alive() && process.waits_for == 0 &&
                      process.waits.what == WaitingFor::nothing;
    if (!every_line || !runs || process.threads.size() != 1 || !is_past(context)) {
        return std::nullopt;
    }
    const Event& last = recording.events()[process.last_moment];
    const bool looked_into = last.process == process.key && last.inside && last.inside->stack;
    const StackFrame* frame = looked_into ? own_frame(process.threads.front(), last) : nullptr;
    const bool is_at_it = process.last_moment == context.moment && is_of_a_line(last.detail);
    return frame && (is_at_it || comes_to_a_line(recording, process)) ? std::optional(frame->line) : std::nullopt;
}

}  // namespace

std::string signal_text(int signal, const Messages& words) {
    if (const char* name = ::sigabbrev_np(signal)) {
        return std::string("SIG") + name;
    }
    return words.format("state.signal", signal);
}

std::string waiting_text(const WaitsEvent& waits, const Messages& words) {
    if (waits.what == WaitingFor::nothing) {
        return std::string(words.text("state.running"));
    }
    return waits.child != 0 ? words.format("state.waits_for", waits.child)
                            : std::string(words.text("state.waits_" + std::string(waiting_for_name(waits.what))));
}

std::string state_text(const Process& process, const Messages& words) {
    if (process.state == ProcessState::zombie) {
        return std::string(words.text("state.zombie"));
    }
    if (process.exit && process.state == ProcessState::held) {
        return std::string(words.text("state.held_at_exit"));
    }
    if (process.exit) {
        return process.exit->signal ? signal_text(*process.exit->signal, words)
                                    : words.format("state.exited", process.exit->code.value_or(0));
    }
    if (process.vanished) {
        return std::string(words.text("state.vanished"));
    }
    if (process.kernel_thread) {
        return std::string(words.text("state.kernel"));
    }
    switch (process.state) {
        case ProcessState::held:
            return std::string(words.text("state.held"));
        case ProcessState::stopped:
            return std::string(words.text("state.stopped"));
        case ProcessState::running:
        case ProcessState::zombie:
        case ProcessState::gone:
            break;
    }
    return process.waits_for != 0 ? words.format("state.waits_for", process.waits_for) : waiting_text(process.waits, words);
}

std::string state_in_family(const World& world, const Process& process, std::span<const std::string> names,
                            const Messages& words) {
    const bool waits = process.state == ProcessState::running && !process.exit;
    const std::int32_t child = process.waits_for != 0 ? process.waits_for : process.waits.child;
    const Process* found = waits && child != 0 ? world.find_pid(child) : nullptr;
    const auto index = static_cast<std::size_t>(found ? found - world.processes.data() : 0);
    return found && index < names.size() ? words.format("state.waits_for_name", names[index]) : state_text(process, words);
}

std::string state_at_moment(const MomentContext& context, const Process& process, std::span<const std::string> names) {
    const auto line = line_in_past(context, process);
    return line ? context.words.format("state.at_line", *line) : state_in_family(context.world, process, names, context.words);
}

std::vector<std::string> states_at_moment(const MomentContext& context) {
    std::vector<std::string> states;
    if (!is_past(context)) {
        return states;
    }
    const std::vector<std::string> names = family_names(context.world);
    for (const Process& process : context.world.processes) {
        states.push_back(state_at_moment(context, process, names));
    }
    return states;
}

Living count_living(const World& world) {
    Living counted;
    for (const Process& process : world.processes) {
        const bool exits = process.exit && process.state == ProcessState::held;
        ++(process.alive() || exits ? counted.alive : process.state == ProcessState::zombie ? counted.zombies : counted.gone);
    }
    return counted;
}

std::string living_text(const World& world, const Messages& words) {
    const Living counted = count_living(world);
    std::string text = words.format("tree.alive", counted.alive);
    if (counted.zombies > 0) {
        text += " · " +
                (counted.zombies == 1 ? std::string(words.text("tree.zombie")) : words.format("tree.zombies", counted.zombies));
    }
    if (counted.gone > 0 || counted.zombies == 0) {
        text += " · " + words.format("tree.gone", counted.gone);
    }
    return text;
}

}  // namespace procatlas
