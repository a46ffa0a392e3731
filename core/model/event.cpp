#include "core/model/event.h"

namespace procatlas {
namespace {

struct KindName {
    std::string_view operator()(const ForkEvent& e) const { return e.kind == ForkKind::fork ? "fork" : "vfork"; }
    template <typename Detail>
    std::string_view operator()(const Detail& /*detail*/) const {
        return Detail::kind_name;
    }
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
        case GapCode::output_left_out:
            return "output_left_out";
        case GapCode::recording_full:
            return "recording_full";
    }
    return "";
}

}  // namespace procatlas
