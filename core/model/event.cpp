#include "core/model/event.h"

namespace procatlas {
namespace {

struct KindName {
    std::string_view operator()(const ForkEvent& e) const { return fork_kind_name(e.kind); }
    template <typename Detail>
    std::string_view operator()(const Detail& /*detail*/) const {
        return Detail::kind_name;
    }
};

}  // namespace

std::string_view event_kind_name(const Event& event) {
    return std::visit(KindName{}, event.detail);
}

std::string_view fork_kind_name(ForkKind kind) {
    switch (kind) {
        case ForkKind::fork:
            return "fork";
        case ForkKind::vfork:
            return "vfork";
        case ForkKind::shared_memory:
            return "clone_vm";
        case ForkKind::waiting_parent:
            return "clone_vfork";
    }
    return "";
}

bool shares_memory(ForkKind kind) {
    return kind == ForkKind::vfork || kind == ForkKind::shared_memory;
}

bool parent_waits(ForkKind kind) {
    return kind == ForkKind::vfork || kind == ForkKind::waiting_parent;
}

bool is_own_act(const EventDetail& detail) {
    return !std::holds_alternative<WaitsEvent>(detail) && !std::holds_alternative<ResidentEvent>(detail) &&
           !std::holds_alternative<ReparentEvent>(detail) && !std::holds_alternative<StepEvent>(detail) &&
           !std::holds_alternative<NoteEvent>(detail) && !std::holds_alternative<GapEvent>(detail);
}

std::string_view output_stream_name(OutputStream stream) {
    switch (stream) {
        case OutputStream::standard_output:
            return "stdout";
        case OutputStream::standard_error:
            return "stderr";
        case OutputStream::terminal:
            return "terminal";
        case OutputStream::elsewhere:
            return "elsewhere";
    }
    return "";
}

std::string target_name(const OutputEvent& output) {
    if (output.stream != OutputStream::elsewhere || output.target.empty()) {
        return {};
    }
    const std::string& name = output.target[0];
    const std::size_t bracket = name.find(":[");
    const bool nameless = !name.starts_with('/') && bracket != std::string::npos && name.ends_with(']');
    return nameless ? name.substr(0, bracket) + " " + name.substr(bracket + 2, name.size() - bracket - 3) : name;
}

std::string_view memory_call_name(MemoryCall call) {
    switch (call) {
        case MemoryCall::brk:
            return "brk";
        case MemoryCall::mmap:
            return "mmap";
        case MemoryCall::munmap:
            return "munmap";
        case MemoryCall::mremap:
            return "mremap";
        case MemoryCall::mprotect:
            return "mprotect";
    }
    return "";
}

std::string_view reaper_name(Reaper reaper) {
    switch (reaper) {
        case Reaper::parent:
            return "parent";
        case Reaper::observer:
            return "observer";
        case Reaper::kernel:
            return "kernel";
        case Reaper::outside:
            return "outside";
    }
    return "";
}

std::string_view waiting_for_name(WaitingFor what) {
    switch (what) {
        case WaitingFor::nothing:
            return "nothing";
        case WaitingFor::child:
            return "child";
        case WaitingFor::terminal:
            return "terminal";
        case WaitingFor::pipe:
            return "pipe";
        case WaitingFor::socket:
            return "socket";
        case WaitingFor::input:
            return "input";
        case WaitingFor::time:
            return "time";
        case WaitingFor::lock:
            return "lock";
        case WaitingFor::signal:
            return "signal";
        case WaitingFor::other:
            return "other";
    }
    return "other";
}

std::string_view note_code_name(NoteCode code) {
    switch (code) {
        case NoteCode::text:
            return "text";
        case NoteCode::cap_reached:
            return "cap_reached";
        case NoteCode::all_ended:
            return "all_ended";
        case NoteCode::privilege_dropped:
            return "privilege_dropped";
        case NoteCode::launch_failed:
            return "launch_failed";
        case NoteCode::pages_not_read:
            return "pages_not_read";
        case NoteCode::frames_not_told:
            return "frames_not_told";
        case NoteCode::debugger_refused:
            return "debugger_refused";
        case NoteCode::child_starts:
            return "child_starts";
        case NoteCode::child_named:
            return "child_named";
        case NoteCode::turn:
            return "turn";
        case NoteCode::turns_limit:
            return "turns_limit";
        case NoteCode::left:
            return "left";
        case NoteCode::attach_refused:
            return "attach_refused";
    }
    return "";
}

std::string_view gap_code_name(GapCode code) {
    switch (code) {
        case GapCode::observer_lost:
            return "observer_lost";
        case GapCode::output_unattributed:
            return "output_unattributed";
        case GapCode::memory_not_read:
            return "memory_not_read";
        case GapCode::recording_failed:
            return "recording_failed";
        case GapCode::not_followed:
            return "not_followed";
        case GapCode::output_left_out:
            return "output_left_out";
        case GapCode::recording_full:
            return "recording_full";
        case GapCode::calls_not_followed:
            return "calls_not_followed";
        case GapCode::python_not_told:
            return "python_not_told";
        case GapCode::not_seen_between:
            return "not_seen_between";
        case GapCode::code_changed:
            return "code_changed";
        case GapCode::late_look:
            return "late_look";
    }
    return "";
}

}  // namespace procatlas
