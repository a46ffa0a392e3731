#include "core/model/event.h"

namespace procatlas {
namespace {

struct KindName {
    std::string_view operator()(const StartEvent&) const { return "start"; }
    std::string_view operator()(const ForkEvent& e) const { return e.kind == ForkKind::fork ? "fork" : "vfork"; }
    std::string_view operator()(const ThreadEvent&) const { return "thread"; }
    std::string_view operator()(const ThreadExitEvent&) const { return "thread_exit"; }
    std::string_view operator()(const ExecEvent&) const { return "exec"; }
    std::string_view operator()(const ExecFailedEvent&) const { return "exec_failed"; }
    std::string_view operator()(const ExitEvent&) const { return "exit"; }
    std::string_view operator()(const ReapEvent&) const { return "reap"; }
    std::string_view operator()(const ReparentEvent&) const { return "reparent"; }
    std::string_view operator()(const SignalEvent&) const { return "signal"; }
    std::string_view operator()(const StopEvent&) const { return "stop"; }
    std::string_view operator()(const ContinueEvent&) const { return "continue"; }
    std::string_view operator()(const OutputEvent&) const { return "output"; }
    std::string_view operator()(const MemoryEvent&) const { return "memory"; }
    std::string_view operator()(const ResidentEvent&) const { return "resident"; }
    std::string_view operator()(const CallEvent&) const { return "call"; }
    std::string_view operator()(const ReturnEvent&) const { return "return"; }
    std::string_view operator()(const LineEvent&) const { return "line"; }
    std::string_view operator()(const InstructionEvent&) const { return "instruction"; }
    std::string_view operator()(const PagesEvent&) const { return "pages"; }
    std::string_view operator()(const StepEvent&) const { return "step"; }
    std::string_view operator()(const NoteEvent&) const { return "note"; }
    std::string_view operator()(const GapEvent&) const { return "gap"; }
};

}  // namespace

std::string_view event_kind_name(const Event& event) {
    return std::visit(KindName{}, event.detail);
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
    }
    return "";
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
        case GapCode::process_lost:
            return "process_lost";
        case GapCode::recording_failed:
            return "recording_failed";
    }
    return "";
}

}  // namespace procatlas
