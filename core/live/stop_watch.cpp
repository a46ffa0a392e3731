#include "core/live/stop_watch.h"

#include <algorithm>
#include <optional>
#include <variant>

#include "core/model/inside.h"

namespace procatlas {
namespace {

const Variable* find_in(const std::vector<Variable>& variables, const VariableStop& stop) {
    const auto found = std::ranges::find_if(variables, [&](const Variable& v) {
        return v.name == stop.name && (stop.address == 0 || v.address == 0 || v.address == stop.address);
    });
    return found == variables.end() ? nullptr : &*found;
}

// nullptr: it is not there now, or was not read.
const Variable* find_variable(const Inside& inside, const VariableStop& stop) {
    if (stop.function.empty()) {
        return inside.globals ? find_in(*inside.globals, stop) : nullptr;
    }
    if (!inside.stack) {
        return nullptr;
    }
    for (const auto& frame : inside.stack->frames) {
        if (frame->function == stop.function) {
            if (const Variable* variable = find_in(frame->variables, stop)) {
                return variable;
            }
        }
    }
    return nullptr;
}

}  // namespace

void StopWatch::set(StopPoints points) {
    if (points.variables != points_.variables) {
        values_.clear();
    }
    points_ = std::move(points);
}

bool StopWatch::stops(const ObservedEvent& event) {
    if (!event.inside || points_.empty()) {
        return false;
    }
    const bool line = reaches_line(event);
    const bool variable = changes_variable(event);
    return line || variable;
}

// A call is told instead of the first line of its function. Of the instructions of a line, the first reaches it.
bool StopWatch::reaches_line(const ObservedEvent& event) {
    const bool instruction = std::holds_alternative<InstructionEvent>(event.detail);
    const bool line = std::holds_alternative<LineEvent>(event.detail) || std::holds_alternative<CallEvent>(event.detail);
    if ((!instruction && !line) || !event.inside->stack || event.inside->stack->frames.empty()) {
        return false;
    }
    const StackFrame& frame = *event.inside->stack->frames.front();
    Place here{frame.file, frame.line};
    Place& before = places_[event.thread];
    const bool arrived = line || before != here;
    before = std::move(here);
    return arrived && std::ranges::find(points_.lines, LineStop{frame.file, frame.line}) != points_.lines.end();
}

bool StopWatch::changes_variable(const ObservedEvent& event) {
    bool changed = false;
    for (std::size_t i = 0; i < points_.variables.size(); ++i) {
        const Variable* variable = find_variable(*event.inside, points_.variables[i]);
        const bool read =
            points_.variables[i].function.empty() ? event.inside->globals != nullptr : event.inside->stack != nullptr;
        const std::pair key{event.process.pid, i};
        if (!variable) {
            if (read) {
                values_.erase(key);
            }
            continue;
        }
        const auto known = values_.find(key);
        changed |= known != values_.end() && known->second != variable->value;
        values_[key] = variable->value;
    }
    return changed;
}

}  // namespace procatlas
