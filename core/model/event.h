// What happened: one event of a recording. Everything drawn is made from these. `kind_name` of an event is its name in the JSON
// contract; a fork has one for each `ForkKind`.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/base/address.h"
#include "core/base/rare_vector.h"
#include "core/model/found.h"
#include "core/model/pages.h"
#include "core/model/process_key.h"

namespace procatlas {

struct Descriptors;
struct Inside;

// The first process, at its first instruction. It is still the observer's launcher, because its exec comes later.
struct StartEvent {
    static constexpr std::string_view kind_name = "start";
    std::int32_t parent_pid = 0;  // the observer
    RareVector<std::string> arguments;
    std::string working_folder;
    RareVector<Ancestor> ancestors{};  // its parent first; up to PID 1
};

// A process that ran already when somebody began to look at it.
struct FoundEvent {
    static constexpr std::string_view kind_name = "found";
    std::shared_ptr<const FoundProcess> process = std::make_shared<const FoundProcess>();  // never null
};
// A process that was found is not there any more. Nobody has seen how it ended.
struct GoneEvent {
    static constexpr std::string_view kind_name = "gone";
    std::uint64_t last_seen_ns = 0;  // since the observer started
};

// What a process was made by. vfork: it uses its parent's memory, and the parent waits until it executes a program or ends.
// shared_memory: the first alone (clone with CLONE_VM); waiting_parent: the second alone (clone with CLONE_VFORK).
enum class ForkKind { fork, vfork, shared_memory, waiting_parent };
struct ForkEvent {
    ForkKind kind = ForkKind::fork;
    ProcessKey child;
    std::int32_t child_parent_pid = 0;  // the child's PPid at birth; not the forker with CLONE_PARENT
    bool child_held = false;            // the child stays stopped by us before its first instruction
};

struct ThreadEvent {  // a thread was created
    static constexpr std::string_view kind_name = "thread";
    std::int32_t thread = 0;
};
struct ThreadExitEvent {  // one thread of several ended
    static constexpr std::string_view kind_name = "thread_exit";
    std::int32_t thread = 0;
    AddressRange stack{};  // set by the recording: the mapping that contained its stack; empty: not known
};

struct ExecEvent {
    static constexpr std::string_view kind_name = "exec";
    std::string path;  // /proc/PID/exe: for a script, its interpreter
    RareVector<std::string> arguments;
    bool arguments_cut = false;
    std::uint32_t mappings_before = 0;  // 0: not known
    std::uint32_t mappings_after = 0;
    std::int32_t former_thread = 0;  // the thread that called exec, where it was not the leader; else 0
};
struct ExecFailedEvent {
    static constexpr std::string_view kind_name = "exec_failed";
    std::string path;
    int error = 0;  // errno
};

struct ExitEvent {
    static constexpr std::string_view kind_name = "exit";
    std::optional<int> code;    // exit(code) …
    std::optional<int> signal;  // … or the signal that ended it: exactly one of the two is set
    bool core_dumped = false;

    bool operator==(const ExitEvent&) const = default;
};

// kernel: the parent ignores SIGCHLD, or we saw nobody reap. outside: its parent is not followed.
enum class Reaper { parent, observer, kernel, outside };
struct ReapEvent {
    static constexpr std::string_view kind_name = "reap";
    ProcessKey child;
    Reaper by = Reaper::parent;  // with `parent`, the event's process is the one that called wait

    bool operator==(const ReapEvent&) const = default;
};
struct ReparentEvent {
    static constexpr std::string_view kind_name = "reparent";
    std::int32_t old_parent_pid = 0;
    std::int32_t new_parent_pid = 0;
    bool to_observer = false;
};

struct SignalEvent {
    static constexpr std::string_view kind_name = "signal";
    int number = 0;
    std::int32_t sender_pid = 0;     // 0: the kernel
    std::optional<Address> address;  // the faulting address of SIGSEGV, SIGBUS, SIGILL, SIGFPE
};
struct StopEvent {  // job control: the process was stopped by a signal
    static constexpr std::string_view kind_name = "stop";
    int signal = 0;
};
struct ContinueEvent {  // job control: SIGCONT
    static constexpr std::string_view kind_name = "continue";
};

// terminal: by a descriptor that is neither a standard one nor a duplicate of one. elsewhere: not to the terminal; told only
// where somebody asked for it (LaunchCommand::watch_elsewhere).
enum class OutputStream { standard_output, standard_error, terminal, elsewhere };
// Without a process: nobody knows who wrote it, and it is told in its place.
struct OutputEvent {
    static constexpr std::string_view kind_name = "output";
    OutputStream stream = OutputStream::standard_output;
    std::string text;        // raw bytes as written to the terminal
    std::uint64_t size = 0;  // bytes written; more than text.size() where the text was cut
    RareVector<std::string>
        target{};  // of `elsewhere`, one: what was written to, as /proc/PID/fd names it: "pipe:[7]", "/tmp/x"
};

enum class MemoryCall { brk, mmap, munmap, mremap, mprotect };
struct MemoryEvent {
    static constexpr std::string_view kind_name = "memory";
    MemoryCall call = MemoryCall::brk;
    Address address = 0;           // asked for (brk: the new end)
    ByteCount length = 0;          // 0 for brk
    Address result = 0;            // what the call returned: brk the end of the heap, mmap and mremap an address, else 0
    int error = 0;                 // errno; 0: it worked
    std::uint64_t protection = 0;  // mmap, mprotect: PROT_* bits
};

// Which pages of the process were in physical memory when somebody asked (pagemap, bit 63). The user asked for this event; it
// is not something that happened to a process.
struct ResidentEvent {
    static constexpr std::string_view kind_name = "resident";
    RareVector<AddressRange> runs;     // the resident pages, ascending
    RareVector<AddressRange> skipped;  // mappings too large to be looked at
    std::string error;                 // why nothing could be read; else empty

    bool operator==(const ResidentEvent&) const = default;
};

// A function of the program itself was called: its parameters are in their places now.
struct CallEvent {
    static constexpr std::string_view kind_name = "call";
    Address function = 0;  // its first instruction; 0: of Python, where it is data
    std::string name;      // of the function, set by whoever looks inside; empty: not known
};
// The function has returned; the program counter shows where to.
struct ReturnEvent {
    static constexpr std::string_view kind_name = "return";
    Address function = 0;
    std::string name;
    // What is in rax: the result where it is an integer or a pointer. nullopt: left out of a figure's recording, or the
    // function is Python's, whose result is in Inside.
    std::optional<std::uint64_t> value;
};
struct LineEvent {  // the next thing to run is a statement of the program itself
    static constexpr std::string_view kind_name = "line";
};
struct ExceptionEvent {  // an exception goes through a function of a Python program: raised there, or in one that it called
    static constexpr std::string_view kind_name = "exception";
    std::string exception;  // "ValueError: not a number", as far as that can be told without running the program's code
};
// A generator or coroutine of a Python program pauses: its frame leaves the stack, but is kept, and goes on later from there.
struct SuspendEvent {
    static constexpr std::string_view kind_name = "suspend";
    std::string name;  // of the function
};
struct ResumeEvent {  // such a function goes on where it paused: its frame is on the stack again
    static constexpr std::string_view kind_name = "resume";
    std::string name;
};
struct InstructionEvent {  // the thread has executed one instruction of the program itself
    static constexpr std::string_view kind_name = "instruction";
    Address program_counter_before = 0;
    Address stack_pointer_before = 0;
};

// The processor has seen the thread write to a place that is watched (stop_points.h). Its program counter is behind the
// instruction that wrote.
struct WriteEvent {
    static constexpr std::string_view kind_name = "write";
    AddressRange place;
    std::string name;  // of the variable there, set by whoever watches it
};

struct PagesEvent {  // before a fork, which shares all pages again: says which pages were copied until now
    static constexpr std::string_view kind_name = "pages";
};

// nothing: it runs. child: in wait(2). time: in nanosleep(2). lock: in futex(2), of a mutex, a join or the like. input: in
// poll(2) and its like, for one of several files. other: in the kernel, for something else.
enum class WaitingFor { nothing, child, terminal, pipe, socket, input, time, lock, signal, other };
struct WaitsEvent {  // the first thread of a process that nobody has stopped has waited for a tenth of a second, or runs again
    static constexpr std::string_view kind_name = "waits";
    WaitingFor what = WaitingFor::nothing;
    std::int32_t child = 0;  // the one that it waits for; 0: any, or none

    bool operator==(const WaitsEvent&) const = default;
};

struct StepEvent {  // the user let a held process go on
    static constexpr std::string_view kind_name = "step";
    bool single = true;  // to its next event only; false: run
};

enum class NoteCode {
    text,
    cap_reached,
    all_ended,
    privilege_dropped,
    launch_failed,
    pages_not_read,
    frames_not_told,
    debugger_refused,
    child_starts,  // Python's multiprocessing makes a process now. text: the start method, and where something was sent to the
                   // new one the descriptor of the pipe: "fork", "spawn 9"; number: the bytes that were pickled and sent
    child_named,   // such a process says who it is. text: its name and its task: "Process-1 · f1"
    turn,          // of an exploration (turns.h): the process goes on, up to its next act. text: the act: "writes terminal"
    turns_limit,   // why an exploration cannot show all. text: one of turns_limit (turns.h)
    left,          // procatlas has let the process go that it was attached to, and it goes on. number: its PID
    attach_refused,  // number: an AttachRefusal; text: what it is about
};
struct NoteEvent {
    static constexpr std::string_view kind_name = "note";
    NoteCode code = NoteCode::text;
    std::string text;          // what the system said, or the limit in digits
    std::uint64_t number = 0;  // cap_reached: the cap; debugger_refused: who was to be traced, `text` by whom
};

enum class GapCode {
    observer_lost,
    output_unattributed,
    memory_not_read,
    recording_failed = 4,  // 3 was never sent
    not_followed,          // a process that was made with CLONE_UNTRACED, and is out of our reach
    output_left_out,       // number: bytes that the process printed here; 0: from here on only its last output is kept
    recording_full,        // number: the bound in MiB; the program goes on unrecorded
    // Its calls are not told from here on: its memory can no longer be changed (number: 0), or so many functions lie in pages
    // of a file that nobody has read in time.
    calls_not_followed,
    python_not_told,   // the functions and lines of a Python program are not told from here on, or one is not; number: why
    not_seen_between,  // what comes and goes between two looks at /proc. number: milliseconds between them
    late_look,         // nobody looked for so many milliseconds (number)
    code_changed,      // it has changed its own code, and calls or lines are missing. number: places that nobody stops at now
};
// own_trace: it has set a trace function of its own (sys.settrace). not_understood: what it said does not hold together.
// too_deep: calls near the interpreter's recursion limit. interrupted: a signal's handler has raised an exception while it
// told; it tells again when that is over. too_long: it had too much to say at once.
enum class PythonNotTold : std::uint8_t { own_trace, not_understood, too_deep, interrupted, too_long };
struct GapEvent {  // something was not seen
    static constexpr std::string_view kind_name = "gap";
    GapCode code = GapCode::observer_lost;
    std::string text;
    std::uint64_t number = 0;
};

// Streams and recordings keep the place of an alternative: a new one comes last.
using EventDetail =
    std::variant<StartEvent, ForkEvent, ThreadEvent, ThreadExitEvent, ExecEvent, ExecFailedEvent, ExitEvent, ReapEvent,
                 ReparentEvent, SignalEvent, StopEvent, ContinueEvent, OutputEvent, MemoryEvent, ResidentEvent, StepEvent,
                 NoteEvent, GapEvent, CallEvent, ReturnEvent, LineEvent, InstructionEvent, PagesEvent, ExceptionEvent,
                 WaitsEvent, SuspendEvent, ResumeEvent, FoundEvent, GoneEvent, WriteEvent>;
// A recording may hold a million events, so the rarest kind must not make all of them large.
static_assert(sizeof(EventDetail) <= 64);

// An event as the recording keeps it. The recording keeps maps and pages apart, as changes (`Recording::maps`, `pages`).
struct Event {
    std::uint64_t time_ns = 0;    // since the observer started, CLOCK_MONOTONIC
    ProcessKey process;           // the process of the event; none for notes and gaps that concern the whole
    Address program_counter = 0;  // of `thread`; 0: not read
    Address stack_pointer = 0;
    std::int32_t thread = 0;                         // the thread of the event
    std::uint32_t mappings = 0;                      // number of mappings in its map; 0: not read at this event
    std::uint32_t child_mappings = 0;                // the same for the child that a fork created
    bool held = false;                               // we stopped it at this event until a command lets it run
    bool torn = false;                               // the map changed while it was read
    std::shared_ptr<const Descriptors> descriptors;  // null: not read, or unchanged
    std::shared_ptr<const Inside> inside;            // null: nobody inspected the process
    RareVector<ProcessKey> pages;  // the processes whose pages were read: `process`, and those that may share pages
    RareVector<CopiedRun> copied;  // the pages that were copied, as these readings and the earlier ones show
    EventDetail detail;
};

// "fork", "vfork", "exec_failed", ...: the names of the JSON contract.
[[nodiscard]] std::string_view event_kind_name(const Event& event);
[[nodiscard]] std::string_view fork_kind_name(ForkKind kind);            // "fork", "vfork", "clone_vm", "clone_vfork"
[[nodiscard]] std::string_view output_stream_name(OutputStream stream);  // "stdout", "stderr", "terminal", "elsewhere"
// "pipe 7", "/tmp/x": what it was written to, for a person; as hostile as any text from outside. Empty: the terminal.
[[nodiscard]] std::string target_name(const OutputEvent& output);
// Whether the child uses the parent's memory, until it executes a program.
[[nodiscard]] bool shares_memory(ForkKind kind);
// Whether the parent waits until the child executes a program or ends.
[[nodiscard]] bool parent_waits(ForkKind kind);
// Whether a thread that an event of this kind belongs to has done something itself: what it waited for is over.
[[nodiscard]] bool is_own_act(const EventDetail& detail);
[[nodiscard]] std::string_view memory_call_name(MemoryCall call);
[[nodiscard]] std::string_view reaper_name(Reaper reaper);
[[nodiscard]] std::string_view waiting_for_name(WaitingFor what);  // "child", "terminal", ...
[[nodiscard]] std::string_view note_code_name(NoteCode code);
[[nodiscard]] std::string_view gap_code_name(GapCode code);

}  // namespace procatlas
