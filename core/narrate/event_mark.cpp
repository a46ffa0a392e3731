#include "core/narrate/event_mark.h"
#include "core/narrate/function_name.h"

#include <fmt/format.h>

#include "core/base/text.h"
#include "core/narrate/process_state.h"

namespace procatlas {

namespace {

struct Marks {
    std::string operator()(const StartEvent&) const { return word("start"); }
    std::string operator()(const FoundEvent& e) const { return word(e.process->again ? "found_again" : "found"); }
    std::string operator()(const GoneEvent&) const { return word("gone"); }
    std::string operator()(const ForkEvent& e) const { return word(fork_kind_name(e.kind)); }
    std::string operator()(const ThreadEvent&) const { return word("thread"); }
    std::string operator()(const ThreadExitEvent&) const { return word("thread_exit"); }
    std::string operator()(const ExecEvent& e) const { return named("exec", display_text(base_name(e.path))); }
    std::string operator()(const ExecFailedEvent&) const { return word("exec_failed"); }
    std::string operator()(const ExitEvent& e) const {
        return e.signal ? signal_text(*e.signal, words) : words.format("timeline.exit", e.code.value_or(0));
    }
    std::string operator()(const ReapEvent& e) const { return words.format("timeline.reap", e.child.pid); }
    std::string operator()(const ReparentEvent&) const { return word("reparent"); }
    std::string operator()(const SignalEvent& e) const { return signal_text(e.number, words); }
    std::string operator()(const StopEvent&) const { return word("stop"); }
    std::string operator()(const ContinueEvent&) const { return word("continue"); }
    std::string operator()(const OutputEvent&) const { return word("output"); }
    std::string operator()(const MemoryEvent& e) const { return std::string(memory_call_name(e.call)); }
    std::string operator()(const ResidentEvent&) const { return {}; }
    std::string operator()(const CallEvent& e) const { return with_brackets(display_text(e.name)); }
    std::string operator()(const ReturnEvent& e) const {
        return e.name.empty() ? std::string() : named("return", display_text(e.name));
    }
    std::string operator()(const SuspendEvent& e) const { return named("suspend", display_text(e.name)); }
    std::string operator()(const ResumeEvent& e) const { return named("resume", display_text(e.name)); }
    std::string operator()(const WriteEvent& e) const { return named("write", display_text(e.name)); }
    std::string operator()(const LineEvent&) const { return {}; }
    std::string operator()(const WaitsEvent& e) const { return waiting_text(e, words); }
    std::string operator()(const ExceptionEvent& e) const { return display_text(e.exception.substr(0, e.exception.find(':'))); }
    std::string operator()(const InstructionEvent&) const { return {}; }
    std::string operator()(const PagesEvent&) const { return {}; }
    std::string operator()(const StepEvent&) const { return {}; }
    std::string operator()(const NoteEvent&) const { return {}; }
    std::string operator()(const GapEvent&) const { return word("gap"); }

    std::string word(std::string_view name) const { return std::string(words.text("timeline." + std::string(name))); }
    std::string named(std::string_view name, const std::string& what) const {
        return words.format("timeline." + std::string(name), what);
    }

    const Messages& words;
};

}  // namespace

std::string mark_text(const Event& event, const Messages& words) {
    return std::visit(Marks{words}, event.detail);
}

std::string_view birth_word(ForkKind kind, const Messages& words) {
    switch (kind) {
        case ForkKind::fork:
            return words.text("tree.fork");
        case ForkKind::vfork:
            return words.text("tree.vfork");
        case ForkKind::shared_memory:
            return words.text("tree.clone_vm");
        case ForkKind::waiting_parent:
            return words.text("tree.clone_vfork");
    }
    return {};
}

}  // namespace procatlas
