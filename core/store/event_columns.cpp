#include "core/store/event_columns.h"

#include <string_view>
#include <vector>

#include "core/base/text.h"

namespace procatlas {
namespace {

std::uint64_t number(std::int64_t value) {
    return static_cast<std::uint64_t>(value);  // SQLite's integers are signed; reading converts back
}

struct Columns {
    EventColumns operator()(const StartEvent& e) const {
        EventColumns out;
        out.code = number(e.parent_pid);
        out.text = arguments_text(e.arguments.all(), false);
        return out;
    }
    EventColumns operator()(const FoundEvent& e) const {
        EventColumns out;
        out.code = number(e.process->parent_pid);
        out.text = arguments_text(e.process->arguments, e.process->arguments_cut);
        return out;
    }
    EventColumns operator()(const GoneEvent&) const { return {}; }
    EventColumns operator()(const ForkEvent&) const { return {}; }
    EventColumns operator()(const ThreadEvent& e) const {
        EventColumns out;
        out.code = number(e.thread);
        return out;
    }
    EventColumns operator()(const ThreadExitEvent& e) const {
        EventColumns out;
        out.code = number(e.thread);
        if (!e.stack.empty()) {
            out.address = e.stack.start;
            out.length = e.stack.size();
        }
        return out;
    }
    EventColumns operator()(const ExecEvent& e) const {
        EventColumns out;
        out.text = display_text(e.path);
        return out;
    }
    EventColumns operator()(const ExecFailedEvent& e) const {
        EventColumns out;
        out.code = number(e.error);
        out.text = display_text(e.path);
        return out;
    }
    EventColumns operator()(const ExitEvent& e) const {
        EventColumns out;
        out.code = e.code ? std::optional(number(*e.code)) : std::nullopt;
        out.signal = e.signal ? std::optional(number(*e.signal)) : std::nullopt;
        return out;
    }
    EventColumns operator()(const ReapEvent& e) const {
        EventColumns out;
        out.text = reaper_name(e.by);
        return out;
    }
    EventColumns operator()(const ReparentEvent& e) const {
        EventColumns out;
        out.code = number(e.new_parent_pid);
        return out;
    }
    EventColumns operator()(const SignalEvent& e) const {
        EventColumns out;
        out.signal = number(e.number);
        out.code = e.sender_pid != 0 ? std::optional(number(e.sender_pid)) : std::nullopt;
        out.address = e.address;
        return out;
    }
    EventColumns operator()(const StopEvent& e) const {
        EventColumns out;
        out.signal = number(e.signal);
        return out;
    }
    EventColumns operator()(const ContinueEvent&) const { return {}; }
    EventColumns operator()(const OutputEvent& e) const {  // its text is in the table `output`
        EventColumns out;
        out.length = e.size;
        return out;
    }
    EventColumns operator()(const MemoryEvent& e) const {
        EventColumns out;
        out.text = memory_call_name(e.call);
        out.address = e.result != 0 ? e.result : e.address;
        out.length = e.length;
        out.code = e.error != 0 ? std::optional(number(e.error)) : std::nullopt;
        return out;
    }
    EventColumns operator()(const ResidentEvent& e) const {
        EventColumns out;
        ByteCount bytes = 0;
        for (const AddressRange& run : e.runs) {
            bytes += run.size();
        }
        out.length = bytes;
        return out;
    }
    EventColumns operator()(const CallEvent& e) const { return function(e.function, e.name); }
    EventColumns operator()(const ReturnEvent& e) const { return function(e.function, e.name); }
    EventColumns operator()(const SuspendEvent& e) const { return function(0, e.name); }
    EventColumns operator()(const ResumeEvent& e) const { return function(0, e.name); }
    EventColumns operator()(const WriteEvent& e) const { return function(e.place.start, e.name); }
    EventColumns operator()(const LineEvent&) const { return {}; }
    EventColumns operator()(const ExceptionEvent& e) const {
        EventColumns out;
        out.text = display_text(e.exception);
        return out;
    }
    EventColumns operator()(const InstructionEvent& e) const {
        EventColumns out;
        out.address = e.program_counter_before;
        return out;
    }
    EventColumns operator()(const PagesEvent&) const { return {}; }
    EventColumns operator()(const WaitsEvent& e) const {
        EventColumns out;
        out.text = waiting_for_name(e.what);
        return out;
    }
    EventColumns operator()(const StepEvent& e) const {
        EventColumns out;
        out.text = e.single ? "step" : "run";
        return out;
    }
    EventColumns operator()(const NoteEvent& e) const { return told(note_code_name(e.code), e.text, e.number); }
    EventColumns operator()(const GapEvent& e) const { return told(gap_code_name(e.code), e.text, e.number); }

    static EventColumns function(Address entry, const std::string& name) {
        EventColumns out;
        out.address = entry != 0 ? std::optional(entry) : std::nullopt;
        out.text = display_text(name);
        return out;
    }
    static EventColumns told(std::string_view name, std::string_view text, std::uint64_t count) {
        EventColumns out;
        out.text = std::string(name) + (text.empty() ? "" : ": " + display_text(text));
        out.code = count;
        return out;
    }
};

}  // namespace

EventColumns event_columns(const Event& event) {
    return std::visit(Columns{}, event.detail);
}

}  // namespace procatlas
