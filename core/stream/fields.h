// The one list of members of each event and command that the stream carries, in order. If you change it, raise
// `stream_version`.
#pragma once

#include "core/model/command.h"
#include "core/model/descriptors.h"
#include "core/model/image.h"
#include "core/model/inside.h"
#include "core/model/observed_event.h"
#include "core/model/turns.h"
#include "core/stream/codec.h"

namespace procatlas {

inline constexpr std::uint64_t stream_version = 16;

constexpr ForkKind last_of(ForkKind) {
    return ForkKind::waiting_parent;
}
constexpr Reaper last_of(Reaper) {
    return Reaper::outside;
}
constexpr OutputStream last_of(OutputStream) {
    return OutputStream::elsewhere;
}
constexpr MemoryCall last_of(MemoryCall) {
    return MemoryCall::mprotect;
}
constexpr NoteCode last_of(NoteCode) {
    return NoteCode::attach_refused;
}
constexpr GapCode last_of(GapCode) {
    return GapCode::code_changed;
}

constexpr FoundState last_of(FoundState) {
    return FoundState::kernel;
}
constexpr Approach last_of(Approach) {
    return Approach::watch;
}
constexpr WaitingFor last_of(WaitingFor) {
    return WaitingFor::other;
}
constexpr TurnAct last_of(TurnAct) {
    return TurnAct::calls;
}
constexpr TouchMode last_of(TouchMode) {
    return TouchMode::change;
}
constexpr Grain last_of(Grain) {
    return Grain::instructions;
}
constexpr FollowedCode last_of(FollowedCode) {
    return FollowedCode::with_libraries;
}
constexpr FrameLanguage last_of(FrameLanguage) {
    return FrameLanguage::python;
}
constexpr ChunkState last_of(ChunkState) {
    return ChunkState::bookkeeping;
}

template <typename A>
void fields(A& a, ProcessKey& v) {
    a(v.pid, v.start_ticks);
}
template <typename A>
void fields(A& a, AddressMarks& v) {
    a(v.start_code, v.end_code, v.start_data, v.end_data, v.start_brk, v.start_stack, v.arg_start, v.arg_end, v.env_start,
      v.env_end, v.entry);
}

// Events. Memory maps are sent beside them (event_stream.h).
template <typename A>
void fields(A& a, Ancestor& v) {
    a(v.pid, v.name, v.leads_session);
}
template <typename A>
void fields(A& a, StartEvent& v) {
    a(v.parent_pid, v.arguments, v.working_folder);
    if constexpr (std::same_as<A, Decoder>) {
        if (a.finished()) {
            return;  // recordings before format 11 end here
        }
    }
    a(v.ancestors);
}
template <typename A>
void fields(A& a, FoundProcess& v) {
    a(v.parent_pid, v.state, v.again, v.name, v.path, v.arguments, v.arguments_cut, v.threads, v.ancestors);
}
template <typename A>
void fields(A& a, FoundEvent& v) {
    FoundProcess found = *v.process;
    a(found);
    if constexpr (std::same_as<A, Decoder>) {
        v.process = std::make_shared<const FoundProcess>(std::move(found));
    }
}
template <typename A>
void fields(A& a, GoneEvent& v) {
    a(v.last_seen_ns);
}
template <typename A>
void fields(A& a, ForkEvent& v) {
    a(v.kind, v.child, v.child_parent_pid, v.child_held);
}
template <typename A>
void fields(A& a, ThreadEvent& v) {
    a(v.thread);
}
template <typename A>
void fields(A& a, ThreadExitEvent& v) {
    a(v.thread);
}
template <typename A>
void fields(A& a, ExecEvent& v) {
    a(v.path, v.arguments, v.arguments_cut, v.mappings_before, v.mappings_after, v.former_thread);
}
template <typename A>
void fields(A& a, ExecFailedEvent& v) {
    a(v.path, v.error);
}
template <typename A>
void fields(A& a, ExitEvent& v) {
    a(v.code, v.signal, v.core_dumped);
}
template <typename A>
void fields(A& a, ReapEvent& v) {
    a(v.child, v.by);
}
template <typename A>
void fields(A& a, ReparentEvent& v) {
    a(v.old_parent_pid, v.new_parent_pid, v.to_observer);
}
template <typename A>
void fields(A& a, SignalEvent& v) {
    a(v.number, v.sender_pid, v.address);
}
template <typename A>
void fields(A& a, StopEvent& v) {
    a(v.signal);
}
template <typename A>
void fields(A&, ContinueEvent&) {}
template <typename A>
void fields(A& a, OutputEvent& v) {
    a(v.stream, v.text, v.size);
    if (v.stream == OutputStream::elsewhere) {
        a(v.target);
    }
}
template <typename A>
void fields(A& a, MemoryEvent& v) {
    a(v.call, v.address, v.length, v.result, v.error, v.protection);
}
template <typename A>
void fields(A& a, AddressRange& v) {
    a(v.start, v.end);
}
template <typename A>
void fields(A& a, ResidentEvent& v) {
    a(v.runs, v.skipped, v.error);
}
template <typename A>
void fields(A&, PagesEvent&) {}
template <typename A>
void fields(A& a, WaitsEvent& v) {
    a(v.what, v.child);
}
template <typename A>
void fields(A& a, StepEvent& v) {
    a(v.single);
}
template <typename A>
void fields(A& a, NoteEvent& v) {
    a(v.code, v.text, v.number);
}
template <typename A>
void fields(A& a, GapEvent& v) {
    a(v.code, v.text, v.number);
}
template <typename A>
void fields(A& a, CallEvent& v) {
    a(v.function, v.name);
}
template <typename A>
void fields(A& a, ReturnEvent& v) {
    std::uint64_t value = v.value.value_or(0);  // RecordingInfo::memory_left_out tells a recording that has none
    a(v.function, v.name, value);
    if constexpr (std::same_as<A, Decoder>) {
        v.value = v.function != 0 ? std::optional(value) : std::nullopt;
    }
}
template <typename A>
void fields(A& a, SuspendEvent& v) {
    a(v.name);
}
template <typename A>
void fields(A& a, ResumeEvent& v) {
    a(v.name);
}
template <typename A>
void fields(A& a, WriteEvent& v) {
    a(v.place, v.name);
}
template <typename A>
void fields(A&, LineEvent&) {}
template <typename A>
void fields(A& a, ExceptionEvent& v) {
    a(v.exception);
}
template <typename A>
void fields(A& a, InstructionEvent& v) {
    a(v.program_counter_before, v.stack_pointer_before);
}
template <typename A>
void fields(A& a, Registers& v) {
    for (std::uint64_t& value : v) {
        a(value);
    }
}
template <typename A>
void fields(A& a, OpenDescriptor& v) {
    a(v.number, v.target, v.reads, v.writes, v.close_on_exec);
}
template <typename A>
void fields(A& a, Descriptors& v) {
    a(v.open, v.closed, v.working_folder, v.cut);
}
// Encodes a pointer that may be null.
template <typename A, typename T>
void shared_fields(A& a, std::shared_ptr<const T>& v) {
    std::optional<T> value = v ? std::optional(*v) : std::nullopt;
    a(value);
    if constexpr (std::same_as<A, Decoder>) {
        v = value ? std::make_shared<const T>(std::move(*value)) : nullptr;
    }
}
template <typename A>
void fields(A& a, CopiedRun& v) {
    a(v.pid, v.start, v.pages);
}
// An event in the recording file.
template <typename A>
void fields(A& a, Event& v) {
    bool unused = false;
    a(v.time_ns, v.process, v.thread, v.held, v.program_counter, v.stack_pointer, unused);
    std::shared_ptr<const Registers> none;  // formats up to 3 had registers here
    shared_fields(a, none);
    shared_fields(a, v.descriptors);
    a(v.pages, v.copied);
    variant_fields(a, v.detail);
}

template <typename A>
void fields(A& a, PagesRead& v) {  // the pages are sent beside the event
    a(v.process, v.did_not_run);
}
template <typename A>
void fields(A& a, ProgramMessage& v) {
    a(v.bytes, v.heads, v.why_no_heads);
}
template <typename A>
void fields(A& a, Touch& v) {
    a(v.thing, v.mode);
}
template <typename A>
void fields(A& a, Standing& v) {
    a(v.process, v.thread, v.act, v.object, v.touches, v.signalled, v.may_go);
}
template <typename A>
void fields(A& a, Turns& v) {
    a(v.standing, v.asks);
}
// An event in the stream; its maps and pages are sent beside it.
template <typename A>
void fields(A& a, ObservedEvent& v) {
    a(v.time_ns, v.process, v.thread, v.held, v.program_counter, v.stack_pointer, v.waits);
    shared_fields(a, v.registers);
    shared_fields(a, v.descriptors);
    shared_fields(a, v.message);
    shared_fields(a, v.turns);
    a(v.pages);
    variant_fields(a, v.detail);
}

// The inside of a process, for the reader's answers and the recording file. Shared parts are encoded elsewhere, by the code
// that knows what was sent before.
template <typename A>
void fields(A& a, Variable& v) {
    a(v.name, v.type, v.address, v.size, v.value, v.why_not, v.leads_to, v.parameter);
}
template <typename A>
void fields(A& a, StackFrame& v) {
    // One number for all, because recordings of old have a 0 or 1 here.
    constexpr std::uint64_t optimised = 4;
    std::uint64_t own = (v.library ? 2 : v.own ? 1 : 0) + (v.optimised ? optimised : 0);
    a(v.function, v.file, v.line, v.program_counter, v.extent, v.return_address, own, v.variables);
    if constexpr (std::same_as<A, Decoder>) {
        v.optimised = (own & optimised) != 0;
        own &= optimised - 1;
        v.own = own != 0;
        v.library = own == 2;
    }
}
template <typename A>
void fields(A& a, HeapChunk& v) {
    a(v.start, v.size, v.state, v.leads_to);
}
template <typename A>
void fields(A& a, Heap& v) {
    a(v.chunks, v.why_not);
}

// ELF images, for the reader's answers and the recording file.
template <typename A>
void fields(A& a, ElfSection& v) {
    a(v.name, v.range, v.write, v.execute, v.no_bits);
}
template <typename A>
void fields(A& a, ElfSegment& v) {
    a(v.range, v.offset, v.file_size);
}
template <typename A>
void fields(A& a, ElfImage& v) {
    a(v.path, v.device_major, v.device_minor, v.inode, v.executable_type, v.entry, v.sections, v.segments);
}

template <typename A>
void fields(A& a, std::chrono::milliseconds& v) {
    std::int64_t count = v.count();
    a(count);
    v = std::chrono::milliseconds(count);
}
template <typename A>
void fields(A& a, HoldClasses& v) {
    a(v.lifecycle, v.memory, v.output, v.calls, v.lines, v.instructions);
}
template <typename A>
void fields(A& a, SignalSets& v) {
    a(v.ignored, v.blocked);
}
template <typename A>
void fields(A& a, LaunchCommand& v) {
    a(v.approach, v.pid, v.look_every, v.arguments, v.environment, v.working_folder, v.hold, v.watch_memory, v.watch_output,
      v.watch_elsewhere, v.read_maps, v.grain, v.followed, v.pages, v.frames, v.tell_waits, v.take_turns, v.execs_before_turns,
      v.fixed_addresses, v.inherit_stdin, v.inherit_descriptors, v.signals, v.hold_classes, v.delay, v.process_cap, v.rows,
      v.columns);
}
template <typename A>
void fields(A&, RunCommand&) {}
template <typename A>
void fields(A&, HoldCommand&) {}
template <typename A>
void fields(A& a, StepCommand& v) {
    a(v.pid);
}
template <typename A>
void fields(A& a, DelayCommand& v) {
    a(v.delay);
}
template <typename A>
void fields(A& a, HoldClassesCommand& v) {
    a(v.classes);
}
template <typename A>
void fields(A& a, MeasureCommand& v) {
    a(v.pid);
}
template <typename A>
void fields(A&, StopAllCommand&) {}
template <typename A>
void fields(A& a, CapCommand& v) {
    a(v.cap);
}
template <typename A>
void fields(A& a, InputCommand& v) {
    a(v.bytes);
}
template <typename A>
void fields(A& a, GrainCommand& v) {
    a(v.grain, v.stop_points);
}
template <typename A>
void fields(A& a, FunctionSpot& v) {
    a(v.entry, v.body, v.name);
}
template <typename A>
void fields(A& a, GoroutineLayout& v) {
    a(v.stack_low, v.stack_high, v.number);
}
template <typename A>
void fields(A& a, LinesWithCode& v) {
    a(v.file, v.lines);
}
template <typename A>
void fields(A& a, BreakpointPlan& v) {
    a(v.functions, v.lines, v.sources, v.own_code, v.libraries, v.entry, v.why_none, v.python_path, v.goroutines);
}
template <typename A>
void fields(A& a, BreakpointsCommand& v) {
    a(v.pid, v.plan);
}
template <typename A>
void fields(A& a, WatchCommand& v) {
    a(v.pid, v.places);
}
template <typename A>
void fields(A& a, ReleaseCommand& v) {
    a(v.thread, v.hold);
}
template <typename A>
void fields(A& a, TurnCommand& v) {
    a(v.thread);
}
template <typename A>
void fields(A&, PingCommand&) {}
template <typename A>
void fields(A& a, Command& v) {
    variant_fields(a, v);
}

}  // namespace procatlas
