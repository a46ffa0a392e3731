#include "core/live/output_bound.h"

#include <utility>

namespace procatlas {
namespace {

constexpr std::size_t event_cost = 512;
constexpr std::size_t piece_cost = 64;

ObservedEvent event_of(ProcessKey process, std::uint64_t time_ns, EventDetail detail) {
    ObservedEvent event;
    event.time_ns = time_ns;
    event.process = process;
    event.thread = process.pid;
    event.detail = std::move(detail);
    return event;
}

bool ends_all(const EventDetail& detail) {
    const auto* note = std::get_if<NoteEvent>(&detail);
    const auto* gap = std::get_if<GapEvent>(&detail);
    return (note && note->code == NoteCode::all_ended) || (gap && gap->code == GapCode::observer_lost);
}

}  // namespace

void OutputBound::take(ObservedEvent event, std::vector<ObservedEvent>& out) {
    if (auto* output = std::get_if<OutputEvent>(&event.detail)) {
        Printed& printed = printed_[event.process];
        const bool first = !printed.bounded;
        if (event.held || passes(printed, *output)) {  // whoever holds a process wants to see why
            out.push_back(std::move(event));
            return;
        }
        if (first) {
            out.push_back(event_of(event.process, event.time_ns, GapEvent{GapCode::output_left_out, {}, 0}));
        }
        withhold(printed, std::move(*output));
        return;
    }
    if (std::holds_alternative<ExitEvent>(event.detail)) {
        if (const auto found = printed_.find(event.process); found != printed_.end()) {
            give_back(event.process, found->second, event.time_ns, out);
            printed_.erase(found);
        }
    } else if (ends_all(event.detail)) {
        finish(event.time_ns, out);
    }
    out.push_back(std::move(event));
}

void OutputBound::finish(std::uint64_t time_ns, std::vector<ObservedEvent>& out) {
    for (auto& [process, printed] : printed_) {
        give_back(process, printed, time_ns, out);
    }
    printed_.clear();
}

bool OutputBound::passes(Printed& printed, const OutputEvent& output) {
    const std::size_t cost = output.text.size() + event_cost;
    const std::size_t most = passed_ < limits_.all ? limits_.first : limits_.few;
    printed.bounded = printed.bounded || printed.passed + cost > most;
    if (!printed.bounded) {
        printed.passed += cost;
        passed_ += cost;
    }
    return !printed.bounded;
}

void OutputBound::withhold(Printed& printed, OutputEvent output) const {
    printed.last_bytes += output.text.size() + piece_cost;
    printed.last.push_back({output.stream, std::move(output.text), output.size, std::move(output.target)});
    while (printed.last.size() > 1 && printed.last_bytes > limits_.last) {
        printed.last_bytes -= printed.last.front().text.size() + piece_cost;
        printed.left_out += printed.last.front().size;
        printed.last.pop_front();
    }
}

void OutputBound::give_back(ProcessKey process, Printed& printed, std::uint64_t time_ns, std::vector<ObservedEvent>& out) {
    if (printed.left_out != 0) {
        out.push_back(event_of(process, time_ns, GapEvent{GapCode::output_left_out, {}, printed.left_out}));
        // In the place of what was left out, so that nobody takes what comes next for the continuation of what came before.
        out.push_back(event_of(process, time_ns,
                               OutputEvent{printed.last.front().stream, {}, printed.left_out, printed.last.front().target}));
    }
    while (!printed.last.empty()) {
        OutputEvent together;
        together.stream = printed.last.front().stream;
        together.target = printed.last.front().target;
        while (!printed.last.empty() && printed.last.front().stream == together.stream &&
               printed.last.front().target == together.target) {
            together.text += printed.last.front().text;
            together.size += printed.last.front().size;
            printed.last.pop_front();
        }
        out.push_back(event_of(process, time_ns, std::move(together)));
    }
}

}  // namespace procatlas
