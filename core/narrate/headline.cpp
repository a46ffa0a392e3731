#include "core/narrate/headline.h"
#include "core/narrate/function_name.h"

#include <algorithm>
#include <map>
#include <utility>

#include "core/base/text.h"
#include "core/model/copies.h"
#include "core/model/inside.h"
#include "core/model/inside_moment.h"
#include "core/narrate/code_text.h"
#include "core/narrate/cut_at_word.h"
#include "core/narrate/explain.h"
#include "core/narrate/family_names.h"
#include "core/narrate/process_state.h"

namespace procatlas {
namespace {

std::string shortened(std::string_view bytes, std::size_t most) {
    return display_text(cut_at_word(bytes, most));
}

// A variable whose value is not what it was before this event.
struct Written {
    const Variable* now = nullptr;
    std::string was;  // empty: it had no value before
    bool global = false;
};

class HeadlineWriter {
public:
    explicit HeadlineWriter(const MomentContext& context) : c_(context), event_(context.recording.events()[context.moment]) {
        const Process* process = c_.world.find(event_.process);
        if (process) {
            process_ = static_cast<std::size_t>(process - c_.world.processes.data());
            names_ = family_names(c_.world);
        }
    }

    Headline run() {
        std::string text = process_ ? std::visit(*this, event_.detail) : std::string();
        text = by_thread() + (text.empty() ? fallback() : text);
        return {process_, characters_in(text) <= headline_length ? text : cut_at_word(text, headline_length - 1)};
    }

    std::string operator()(const ForkEvent& e) const {
        return c_.words.format("headline." + std::string(fork_kind_name(e.kind)), name_of(e.child));
    }
    std::string operator()(const FoundEvent& e) const {
        const FoundProcess& found = *e.process;
        return found.again
                   ? std::string()
                   : c_.words.format("headline.found", shortened(base_name(found.path.empty() ? found.name : found.path), 24));
    }
    std::string operator()(const GoneEvent&) const { return std::string(c_.words.text("headline.gone")); }
    std::string operator()(const ThreadEvent& e) const { return c_.words.format("headline.thread", e.thread); }
    std::string operator()(const ExecEvent& e) const {
        const bool first = is_launch(c_.world, event_) || (process_ == 0 && c_.moment <= c_.world.program_moment);
        return c_.words.format(first ? "headline.start" : "headline.exec", shortened(base_name(e.path), 24));
    }
    std::string operator()(const ExitEvent& e) const {
        return e.signal ? c_.words.format("headline.killed", signal_text(*e.signal, c_.words))
                        : c_.words.format("headline.exit", e.code.value_or(0));
    }
    std::string operator()(const ReapEvent& e) const {
        return e.by == Reaper::parent ? c_.words.format("headline.reap", name_of(e.child)) : std::string();
    }
    std::string operator()(const OutputEvent& e) const {
        if (e.stream == OutputStream::elsewhere) {
            return c_.words.format("headline.output_elsewhere", shortened(first_line(e.text), 40),
                                   shortened(target_name(e), 24));
        }
        const std::string line = first_line(e.text);
        if (line.empty() && e.text.find('\n') != std::string::npos) {
            return std::string(c_.words.text("headline.output_line_end"));
        }
        return fitted(line, [&](const std::string& printed) { return c_.words.format("headline.output", printed); });
    }
    std::string operator()(const CallEvent& e) const {
        if (e.name.empty()) {
            return {};
        }
        const std::string whole = c_.words.format("headline.call", called(e.name));
        return characters_in(whole) <= headline_length ? whole
                                                       : c_.words.format("headline.call", with_brackets(shortened(e.name, 32)));
    }
    std::string operator()(const ReturnEvent& e) const {
        return ended(e.function == 0 ? "headline.python_return" : "headline.return", e.name);
    }
    std::string operator()(const SuspendEvent& e) const { return ended("headline.suspend", e.name); }
    std::string operator()(const ResumeEvent& e) const {
        return e.name.empty() ? std::string() : c_.words.format("headline.resume", with_brackets(shortened(e.name, 32)));
    }
    std::string operator()(const LineEvent&) const {
        if (const std::string text = wrote(); !text.empty()) {
            return text;
        }
        return next_line();
    }
    std::string operator()(const InstructionEvent&) const { return wrote(); }
    std::string operator()(const WriteEvent& e) const {
        const Written found = written();
        const bool same = found.now && found.now->value == found.was;
        return same ? c_.words.format("headline.write", shortened(e.name, 32)) : wrote();
    }
    template <typename Other>
    std::string operator()(const Other&) const {
        return {};
    }

    // What was raised matters more than where it goes through.
    std::string operator()(const ExceptionEvent& e) const {
        const bool known = event_.inside && event_.inside->stack && !event_.inside->stack->frames.empty();
        const std::string name = known ? event_.inside->stack->frames.front()->function : std::string();
        return name.empty() ? std::string() : fitted(display_text(e.exception), [&](const std::string& exception) {
            return c_.words.format("headline.exception", exception, with_brackets(shortened(name, 32)));
        });
    }

private:
    // The sentence that `say` makes of the value, which is cut only where the sentence would be too long.
    template <typename Say>
    static std::string fitted(const std::string& value, Say say) {
        const std::size_t rest = characters_in(say(std::string()));
        return say(shortened(value, rest + 1 < headline_length ? headline_length - rest - 1 : 1));
    }

    // Of a function that gives control back, perhaps with a value.
    std::string ended(const std::string& key, const std::string& name) const {
        if (name.empty()) {
            return {};
        }
        const std::string function = with_brackets(shortened(name, 32));
        const std::string value = event_.inside ? display_text(event_.inside->value) : std::string();
        return value.empty()
                   ? c_.words.format(key, function)
                   : fitted(value, [&](const std::string& v) { return c_.words.format(key + "_value", function, v); });
    }

    // The first line that is not empty, and "…" if there are more.
    static std::string first_line(std::string_view text) {
        text.remove_prefix(std::min(text.find_first_not_of("\r\n"), text.size()));
        const std::string_view line = text.substr(0, text.find_first_of("\r\n"));
        const bool more = text.find_first_not_of("\r\n", line.size()) != std::string_view::npos;
        return std::string(line.substr(0, 400)) + (more ? " …" : "");
    }

    std::string name_of(ProcessKey key) const {
        const Process* process = c_.world.find(key);
        return process ? names_[static_cast<std::size_t>(process - c_.world.processes.data())] : std::to_string(key.pid);
    }

    // Whether frames and variables were read at this event; else they are of an earlier one.
    bool looked_into() const { return event_.inside && event_.inside->stack; }

    const ThreadState* thread() const { return shown_thread(c_.world.processes[*process_], event_); }

    // Of a pointer to a text only the text.
    static std::string_view told(std::string_view value) {
        const std::size_t quote = value.find(" \"");
        return value.starts_with("0x") && quote != std::string_view::npos ? value.substr(quote + 1) : value;
    }

    // "square(n = 5)"
    std::string called(const std::string& name) const {
        if (name.starts_with('<')) {
            return shortened(name, 32);
        }
        std::string text = shortened(name, 32) + "(";
        const ThreadState* now = looked_into() ? thread() : nullptr;
        bool first = true;
        if (now && now->stack && !now->stack->frames.empty() && now->stack->frames.front()->function == name) {
            for (const Variable& variable : now->stack->frames.front()->variables) {
                if (!variable.parameter || variable.value.empty() || text.size() > 40) {
                    continue;
                }
                text += (first ? "" : ", ") + shortened(variable.name, 12) + " = " + shortened(told(variable.value), 16);
                first = false;
            }
        }
        return text + ")";
    }

    std::string next_line() const {
        const ThreadState* now = looked_into() ? thread() : nullptr;
        const StackFrame* frame = now ? own_frame(*now, event_) : nullptr;
        const SourceFile* source = frame ? source_of(c_.recording, frame->file) : nullptr;
        if (!source || !source->why_not.empty()) {
            return {};
        }
        const auto lines = lines_of(source->text);
        if (frame->line < 1 || frame->line > lines.size()) {
            return {};
        }
        if (says_nothing(lines[frame->line - 1]) &&
            is_at_end_of_function(c_.recording, c_.world.processes[*process_], *frame)) {
            return c_.words.format("headline.line_end", frame->line, with_brackets(shortened(frame->function, 32)));
        }
        return fitted(std::string(without_comment(lines[frame->line - 1])),
                      [&](const std::string& line) { return c_.words.format("headline.line", frame->line, line); });
    }

    static Written find_written(std::span<const Variable> now, std::span<const Variable> before) {
        std::map<std::pair<std::string_view, Address>, const Variable*> known;
        for (const Variable& variable : before) {
            known.try_emplace({variable.name, variable.address}, &variable);
        }
        for (const Variable& variable : now) {
            const auto then = known.find({variable.name, variable.address});
            const bool both = then != known.end() && !variable.value.empty() && !then->second->value.empty();
            if (both && then->second->value != variable.value && !has_no_value_yet(variable)) {
                return {&variable, has_no_value_yet(*then->second) ? std::string() : then->second->value};
            }
        }
        return {};
    }

    // Also where it has the value that it had; nothing, where one of the two is not known.
    static Written written_at(AddressRange place, std::span<const Variable> now, std::span<const Variable> before) {
        const auto is_there = [&](const Variable& v) { return v.address == place.start && v.size == place.size(); };
        const auto found = std::ranges::find_if(now, is_there);
        const auto then = std::ranges::find_if(before, is_there);
        const bool both = found != now.end() && then != before.end() && !found->value.empty() && !then->value.empty();
        return both ? Written{&*found, then->value, true} : Written{};
    }

    Written written() const {
        const ThreadState* now = thread();
        if (!now || !now->stack || !looked_into()) {
            return {};  // nothing was read at this event
        }
        const Process& who = c_.world.processes[*process_];
        const InsideBefore before = inside_before(c_.recording, *process_, now->thread, c_.moment);
        if (const auto* write = std::get_if<WriteEvent>(&event_.detail)) {
            return who.globals && before.globals ? written_at(write->place, *who.globals, *before.globals) : Written{};
        }
        if (who.globals && before.globals) {
            if (Written found = find_written(*who.globals, *before.globals); found.now) {
                found.global = true;
                return found;
            }
        }
        if (!before.stack || before.stack->frames.empty() || now->stack->frames.empty()) {
            return {};
        }
        const StackFrame& frame = *now->stack->frames.front();
        const StackFrame& then = *before.stack->frames.front();
        const bool same = frame.function == then.function && frame.extent.end == then.extent.end &&
                          now->stack->frames.size() == before.stack->frames.size();
        return same ? find_written(frame.variables, then.variables) : Written{};
    }

    bool is_copied_now(Address address) const {
        return address != 0 && has_copied(event_.copied.all(), event_.process.pid, address);
    }

    // Who else has a page of its own there since this event, where either of the two may have written; empty: that is not so.
    std::string parted_from(Address address) const {
        const bool parted = has_parted(event_.copied.all(), event_.process.pid, address);
        if (!parted || is_copied_now(address)) {
            return {};
        }
        for (std::size_t i = 0; i < c_.world.processes.size(); ++i) {
            const std::int32_t pid = c_.world.processes[i].key.pid;
            if (i != *process_ && has_parted(event_.copied.all(), pid, address)) {
                return names_[i];
            }
        }
        return {};
    }

    // Which thread acts, where it is not the first one of its process; that one has the process's number.
    std::string by_thread() const {
        const bool tells_itself =
            std::holds_alternative<ThreadEvent>(event_.detail) || std::holds_alternative<ThreadExitEvent>(event_.detail);
        const bool another = process_ && event_.thread != 0 && event_.thread != event_.process.pid;
        return another && !tells_itself ? c_.words.format("headline.by_thread", event_.thread) : std::string();
    }

    // The value of the same variable in the nearest process of the family that has it.
    std::string kept_elsewhere(const Variable& variable) const {
        const Process& who = c_.world.processes[*process_];
        std::vector<std::size_t> near = who.children;
        if (who.parent) {
            near.insert(near.begin(), *who.parent);
        }
        for (const std::size_t other : near) {
            const auto& globals = c_.world.processes[other].globals;
            if (!globals || !c_.world.processes[other].alive()) {
                continue;
            }
            const auto same = std::ranges::find_if(
                *globals, [&](const Variable& v) { return v.name == variable.name && v.address == variable.address; });
            if (same != globals->end() && !same->value.empty()) {
                return c_.words.format("headline.keeps", names_[other], shortened(variable.name, 16),
                                       shortened(same->value, 20));
            }
        }
        return {};
    }

    std::string wrote() const {
        const Written found = written();
        if (!found.now) {
            return {};
        }
        const std::string name = shortened(found.now->name, 20);
        const std::string value = shortened(found.now->value, 20);
        const std::string was = shortened(found.was, 20);
        if (const std::string other = parted_from(found.now->address); !other.empty() && value != was) {
            return c_.words.format("headline.wrote_parted", name, value, names_[*process_], other);
        }
        if (!is_copied_now(found.now->address)) {
            return was.empty()    ? c_.words.format("headline.wrote_first", name, value)
                   : value == was ? c_.words.format("headline.wrote_inside", name)
                                  : c_.words.format("headline.wrote", name, value, was);
        }
        const std::string copied = c_.words.format("headline.wrote_copied", name, value, names_[*process_]);
        const std::string kept = found.global ? kept_elsewhere(*found.now) : std::string();
        return characters_in(copied) + characters_in(kept) < headline_length && !kept.empty() ? copied + " " + kept : copied;
    }

    // The sentence of the history, without the actor, who stands before it.
    std::string fallback() const {
        std::string text = explain(c_);
        const std::string pid = std::to_string(event_.process.pid);
        for (const std::string& actor : {pid + "번 프로세스가 ", pid + "번 프로세스의 ", pid + ": ", pid + " "}) {
            if (process_ && text.starts_with(actor)) {
                text.erase(0, actor.size());
                break;
            }
        }
        return shortened(text, headline_length - 1);
    }

    const MomentContext& c_;
    const Event& event_;
    std::optional<std::size_t> process_;
    std::vector<std::string> names_;
};

}  // namespace

Headline headline(const MomentContext& context) {
    return HeadlineWriter(context).run();
}

}  // namespace procatlas
