#include "core/live/stop_watch.h"

#include <algorithm>
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

bool differ(const Variable* before, const Variable* now) {
    return before && now && before->value != now->value;
}

// Whether the local has another value in one of the frames of its function, each counted from the outermost one. The innermost
// frame of a call has only just come. Where frames are left out nobody knows which of them are the same.
bool local_differs(const VariableStop& stop, const Stack& before, const Stack& now, bool is_call) {
    if (!before.why_cut.empty() || !now.why_cut.empty()) {
        return false;
    }
    const std::size_t common = std::min(before.frames.size(), now.frames.size() - (is_call && !now.frames.empty() ? 1 : 0));
    for (std::size_t depth = 1; depth <= common; ++depth) {
        const StackFrame& then = *before.frames[before.frames.size() - depth];
        const StackFrame& frame = *now.frames[now.frames.size() - depth];
        if (frame.function == stop.function && then.function == stop.function &&
            differ(find_in(then.variables, stop), find_in(frame.variables, stop))) {
            return true;
        }
    }
    return false;
}

}  // namespace

bool StopWatch::stops(const ObservedEvent& event) {
    if (std::holds_alternative<ExecEvent>(event.detail) || std::holds_alternative<ExitEvent>(event.detail)) {
        globals_.erase(event.process.pid);  // it is another program's, or nobody's
        stacks_.erase(event.thread);
        return false;
    }
    const auto* const fork = std::get_if<ForkEvent>(&event.detail);
    if (!event.inside) {
        return false;
    }
    // Looked at without a stop too: one that is set later compares with the value that it then has.
    const auto stack = event.inside->stack ? std::exchange(stacks_[event.thread], event.inside->stack) : nullptr;
    const auto globals = event.inside->globals ? std::exchange(globals_[event.process.pid], event.inside->globals) : nullptr;
    if (fork) {  // it begins with what its parent has, unless it was seen already: what is known of the fork may come later
        globals_.try_emplace(fork->child.pid, event.inside->globals);
        stacks_.try_emplace(fork->child.pid, event.inside->stack);
    }
    if (points_.empty()) {
        return false;
    }
    const bool line = reaches_line(event);
    return changes_variable(event, stack.get(), globals.get()) || line;
}

std::vector<StopWatch::Watched> StopWatch::watched_in(std::int32_t pid) const {
    std::vector<Watched> found;
    const auto globals = globals_.find(pid);
    if (globals == globals_.end() || !globals->second) {
        return found;
    }
    for (const VariableStop& stop : points_.variables) {
        const Variable* variable = stop.function.empty() ? find_in(*globals->second, stop) : nullptr;
        const AddressRange place =
            variable ? AddressRange{variable->address, variable->address + variable->size} : AddressRange{};
        if (can_be_watched(place) && found.size() < most_watched) {
            found.push_back({place, variable->name});
        }
    }
    return found;
}

std::vector<std::int32_t> StopWatch::processes() const {
    std::vector<std::int32_t> pids;
    for (const auto& [pid, globals] : globals_) {
        pids.push_back(pid);
    }
    return pids;
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

bool StopWatch::changes_variable(const ObservedEvent& event, const Stack* before, const Variables* globals) const {
    const bool is_call = std::holds_alternative<CallEvent>(event.detail);
    return std::ranges::any_of(points_.variables, [&](const VariableStop& stop) {
        if (stop.function.empty()) {
            const auto* write = std::get_if<WriteEvent>(&event.detail);
            if (write && !globals && write->name == stop.name) {
                return true;  // the first that is seen of the process, and nobody knows what the value was
            }
            return globals && differ(find_in(*globals, stop), find_in(*event.inside->globals, stop));
        }
        return before && local_differs(stop, *before, *event.inside->stack, is_call);
    });
}

}  // namespace procatlas
