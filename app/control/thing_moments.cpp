#include "app/control/thing_moments.h"

#include <algorithm>
#include <variant>

#include "core/model/inside.h"

namespace procatlas {
namespace {

constexpr std::size_t most_looked_at = 200'000;  // events

const Variable* variable_of(const Inside& inside, const Thing& thing) {
    const auto find = [&](const std::vector<Variable>& variables) -> const Variable* {
        const auto found = std::ranges::find_if(
            variables, [&](const Variable& v) { return v.name == thing.name && v.address == thing.address; });
        return found == variables.end() ? nullptr : &*found;
    };
    if (thing.function.empty()) {
        return inside.globals ? find(*inside.globals) : nullptr;
    }
    const Variable* found = nullptr;
    for (std::size_t i = 0; inside.stack && i < inside.stack->frames.size() && !found; ++i) {
        const StackFrame& frame = *inside.stack->frames[i];
        found = frame.function == thing.function ? find(frame.variables) : nullptr;
    }
    return found;
}

class MomentSearch {
public:
    MomentSearch(const Thing& thing, const Recording& recording, std::size_t moment)
        : thing_(thing), recording_(recording), moment_(moment) {}

    std::optional<std::size_t> run() const {
        switch (thing_.kind) {
            case ThingKind::variable:
                return last_change(Coming::is_none, [&](const Inside& inside) -> std::optional<std::string> {
                    const bool read = thing_.function.empty() ? inside.globals != nullptr : inside.stack != nullptr;
                    const Variable* variable = variable_of(inside, thing_);
                    return !read ? std::nullopt : std::optional(variable ? "=" + variable->value : std::string());
                });
            case ThingKind::block:
                return last_change(Coming::is_a_change, [&](const Inside& inside) -> std::optional<std::string> {
                    const HeapChunk* chunk = inside.heap ? find_chunk(*inside.heap, thing_.address) : nullptr;
                    return !inside.heap ? std::nullopt
                                        : std::optional(chunk ? std::to_string(chunk->start) + " " +
                                                                    std::to_string(static_cast<int>(chunk->state))
                                                              : std::string());
                });
            case ThingKind::frame:
                return latest([&](std::size_t at, const Event& event) {
                    const auto* call = std::get_if<CallEvent>(&event.detail);
                    return call && call->name == thing_.name && is_of_process(at);
                });
            case ThingKind::source_line:
                return latest([&](std::size_t, const Event& event) {
                    const bool reached = std::holds_alternative<LineEvent>(event.detail) ||
                                         std::holds_alternative<CallEvent>(event.detail) ||
                                         std::holds_alternative<InstructionEvent>(event.detail);
                    if (!reached || !event.inside || !event.inside->stack || event.inside->stack->frames.empty()) {
                        return false;
                    }
                    const StackFrame& frame = *event.inside->stack->frames.front();
                    return frame.line == thing_.line && frame.file == thing_.file;
                });
            case ThingKind::instruction:
                return latest([&](std::size_t at, const Event& event) {
                    return event.program_counter == thing_.address && is_of_process(at);
                });
            case ThingKind::region:
                return latest([&](std::size_t at, const Event& event) {
                    const auto* call = std::get_if<MemoryEvent>(&event.detail);
                    const bool replaced =
                        std::holds_alternative<ExecEvent>(event.detail) || recording_.born_at(at) == thing_.process;
                    return (call && call->error == 0 && is_of_process(at) && meets(*call)) ||
                           (replaced && (is_of_process(at) || recording_.born_at(at) == thing_.process));
                });
            case ThingKind::process:
                return latest([&](std::size_t at, const Event& event) {
                    return recording_.born_at(at) == thing_.process ||
                           (std::holds_alternative<StartEvent>(event.detail) && is_of_process(at));
                });
            case ThingKind::event:
            case ThingKind::output:
                return thing_.moment;
            case ThingKind::bytes:
            case ThingKind::none:
                break;
        }
        return std::nullopt;
    }

private:
    bool is_of_process(std::size_t at) const { return recording_.process_of(at) == thing_.process; }

    bool meets(const MemoryEvent& call) const {
        const AddressRange region{thing_.address, thing_.address + std::max<ByteCount>(thing_.size, 1)};
        const Address start = call.call == MemoryCall::mmap || call.call == MemoryCall::mremap ? call.result : call.address;
        if (call.call == MemoryCall::brk) {
            return start >= region.start && start <= region.end;
        }
        return start < region.end && region.start < start + call.length;
    }

    std::size_t first() const { return moment_ - std::min(moment_, most_looked_at); }

    template <typename Is>
    std::optional<std::size_t> latest(Is is) const {
        for (std::size_t at = moment_ + 1; at-- > first();) {
            if (is(at, recording_.events()[at])) {
                return at;
            }
        }
        return std::nullopt;
    }

    // `state_of`: of what was read at an event; nullopt: nothing was; empty: the thing is not there. nullopt: it has not
    // changed since it came, or not within what is looked at.
    enum class Coming { is_a_change, is_none };
    template <typename StateOf>
    std::optional<std::size_t> last_change(Coming coming, StateOf state_of) const {
        std::optional<std::string> now;
        std::optional<std::int32_t> thread;  // a local is one of the thread in which it is found
        std::size_t since = 0;
        for (std::size_t at = moment_ + 1; at-- > first();) {
            const Event& event = recording_.events()[at];
            const bool counts =
                event.inside && is_of_process(at) && (thing_.function.empty() || event.thread == thread.value_or(event.thread));
            const auto state = counts ? state_of(*event.inside) : std::nullopt;
            if (state && now && *state != *now) {
                return state->empty() && coming == Coming::is_none ? std::nullopt : std::optional(since);
            }
            if (state && (!state->empty() || now)) {
                now = state;
                since = at;
                thread = event.thread;
            }
        }
        return std::nullopt;
    }

    const Thing& thing_;
    const Recording& recording_;
    std::size_t moment_;
};

}  // namespace

std::optional<std::size_t> last_moment_of(const Thing& thing, const Recording& recording, std::size_t moment) {
    return recording.empty() ? std::nullopt : MomentSearch(thing, recording, std::min(moment, recording.last_moment())).run();
}

}  // namespace procatlas
