#include "core/narrate/explain.h"
#include "core/model/inside.h"

#include <signal.h>
#include <sys/mman.h>

#include <algorithm>
#include <map>
#include <tuple>

#include "core/base/text.h"
#include "core/model/memory_blocks.h"
#include "core/narrate/attach_text.h"
#include "core/narrate/block_name.h"
#include "core/narrate/error_text.h"
#include "core/narrate/process_state.h"
#include "core/narrate/program_name.h"
#include "core/narrate/turn_text.h"

namespace procatlas {

namespace {

std::string program_name(std::string_view path) {
    return display_text(base_name(path));
}

// The first line of a text, short enough for one sentence.
std::string excerpt(std::string_view text) {
    constexpr std::size_t limit = 60;
    std::string_view line = text.substr(0, text.find_first_of("\r\n"));
    if (line.size() <= limit) {
        return display_text(line);
    }
    std::size_t at = 0;
    while (at < limit) {
        std::ignore = next_code_point(line, at);
    }
    return display_text(line.substr(0, at)) + "…";
}

struct Explainer {
    const Event& event;
    const AddressSpace* map;
    const World& world;
    std::span<const ElfImage> images;
    const Messages& words;
    std::int32_t pid;

    const Process* self() const { return world.find(event.process); }

    std::string operator()(const StartEvent& e) const {
        const std::string command = e.arguments.empty() ? "" : program_name(e.arguments[0]);
        return words.format("explain.start", pid, command);
    }

    std::string operator()(const FoundEvent& e) const {
        const FoundProcess& found = *e.process;
        const std::string name = procatlas::program_name(found.path.empty() ? found.name : found.path, found.arguments);
        if (found.again) {
            const std::string_view state = found.state == FoundState::stopped  ? "state.stopped"
                                           : found.state == FoundState::zombie ? "state.zombie"
                                           : found.state == FoundState::kernel ? "state.kernel"
                                                                               : "state.running";
            return words.format("explain.found_again", pid, name, found.parent_pid, words.text(state));
        }
        const std::string_view key = found.state == FoundState::stopped  ? "explain.found_stopped"
                                     : found.state == FoundState::zombie ? "explain.found_zombie"
                                     : found.state == FoundState::kernel ? "explain.found_kernel"
                                                                         : "explain.found";
        return words.format(key, pid, name, found.parent_pid, found.threads.size());
    }

    std::string operator()(const GoneEvent& e) const {
        constexpr std::uint64_t millisecond = 1'000'000;
        return words.format("explain.gone", pid, (event.time_ns - std::min(event.time_ns, e.last_seen_ns)) / millisecond);
    }

    std::string operator()(const ForkEvent& e) const {
        return words.format("explain." + std::string(fork_kind_name(e.kind)), pid, e.child.pid);
    }

    std::string operator()(const ThreadEvent& e) const { return words.format("explain.thread", pid, e.thread); }

    std::string operator()(const ThreadExitEvent& e) const { return words.format("explain.thread_exit", pid, e.thread); }

    std::string operator()(const ExecEvent& e) const {
        const std::string name = program_name(e.path);
        if (is_launch(world, event)) {
            return words.format("explain.launch", pid, name);
        }
        return e.mappings_before == 0 ? words.format("explain.exec_unknown", pid, name)
                                      : words.format("explain.exec", pid, name, e.mappings_before, e.mappings_after);
    }

    std::string operator()(const ExecFailedEvent& e) const {
        return words.format("explain.exec_failed", pid, display_text(e.path), exec_error_text(e.error, words));
    }

    std::string operator()(const ExitEvent& e) const {
        if (e.signal) {
            return words.format(e.core_dumped ? "explain.killed_core" : "explain.killed", pid, signal_text(*e.signal, words));
        }
        return words.format(e.code.value_or(0) == 0 ? "explain.exit_success" : "explain.exit_code", pid, e.code.value_or(0));
    }

    std::string operator()(const ReapEvent& e) const {
        switch (e.by) {
            case Reaper::parent:
                return words.format("explain.reap_parent", pid, e.child.pid);
            case Reaper::observer:
                return words.format("explain.reap_observer", e.child.pid);
            case Reaper::kernel:
                return words.format("explain.reap_kernel", e.child.pid);
            case Reaper::outside:
                return words.format("explain.reap_outside", e.child.pid);
        }
        return {};
    }

    std::string operator()(const ReparentEvent& e) const {
        return words.format(e.to_observer ? "explain.reparent_observer" : "explain.reparent", pid, e.old_parent_pid,
                            e.new_parent_pid);
    }

    std::string operator()(const SignalEvent& e) const {
        const std::string name = signal_text(e.number, words);
        if (e.address) {
            return fault(name, *e.address);
        }
        return e.sender_pid != 0 ? words.format("explain.signal_from", pid, name, e.sender_pid)
                                 : words.format("explain.signal", pid, name);
    }

    std::string fault(const std::string& name, Address address) const {
        const Process* process = self();
        const std::vector<Region> regions =
            map       ? classify_regions(*map, process ? process->program() : std::string(), images, {})
            : process ? regions_of(*process, images)
                      : std::vector<Region>{};
        if (regions.empty()) {
            return words.format("explain.fault", pid, name, hex_address(address));
        }
        const Region* region = find_region(regions, address);
        if (region == nullptr) {
            constexpr ByteCount near = 1u << 20;  // the kernel keeps about this much free below a stack (stack_guard_gap)
            const bool below_stack = std::ranges::any_of(regions, [&](const Region& r) {
                return r.kind == RegionKind::stack && address < r.range.start && r.range.start - address <= near;
            });
            return words.format(below_stack ? "explain.fault_stack" : "explain.fault_unmapped", pid, name,
                                hex_address(address));
        }
        const Block block{region->kind, region->range, static_cast<std::size_t>(region - regions.data()), 1};
        return words.format("explain.fault_region", pid, name, hex_address(address), block_name(block, regions, words),
                            permissions_text(region->permissions));
    }

    std::string operator()(const StopEvent& e) const { return words.format("explain.stop", pid, signal_text(e.signal, words)); }

    std::string operator()(const ContinueEvent&) const { return words.format("explain.continue", pid); }

    std::string operator()(const OutputEvent& e) const {
        if (!event.process) {
            return words.format("explain.output_of_nobody", excerpt(e.text));
        }
        if (e.stream == OutputStream::elsewhere) {
            return words.format("explain.output_elsewhere", pid, count_text(e.size), display_text(target_name(e)),
                                excerpt(e.text));
        }
        if (e.text.find_first_not_of("\r\n") == std::string::npos) {
            return words.format("explain.output_newline", pid);
        }
        return words.format(e.stream == OutputStream::standard_error ? "explain.error_output" : "explain.output", pid,
                            excerpt(e.text));
    }

    std::string operator()(const MemoryEvent& e) const {
        if (e.error != 0) {
            return words.format("explain.memory_failed", pid, memory_call_name(e.call), memory_error_text(e.error, words));
        }
        switch (e.call) {
            case MemoryCall::brk:
                return brk(e);
            case MemoryCall::mmap:
                return words.format("explain.mmap", pid, size_text(e.length), hex_address(e.result));
            case MemoryCall::munmap:
                return words.format("explain.munmap", pid, size_text(e.length), hex_address(e.address));
            case MemoryCall::mremap:
                return words.format("explain.mremap", pid, size_text(e.length), hex_address(e.result));
            case MemoryCall::mprotect: {
                const std::string access = {(e.protection & PROT_READ) != 0 ? 'r' : '-',
                                            (e.protection & PROT_WRITE) != 0 ? 'w' : '-',
                                            (e.protection & PROT_EXEC) != 0 ? 'x' : '-'};
                return words.format("explain.mprotect", pid, size_text(e.length), hex_address(e.address), access);
            }
        }
        return {};
    }

    std::string brk(const MemoryEvent& e) const {
        if (e.address == 0) {
            return words.format("explain.brk_asked", pid, hex_address(e.result));
        }
        const Process* process = self();
        ByteCount heap = 0;
        if (map && process) {
            for (const Region& region : classify_regions(*map, process->program(), images, {})) {
                heap += region.kind == RegionKind::heap && !region.arena ? region.range.size() : 0;
            }
        }
        return heap == 0 ? words.format("explain.brk", pid, hex_address(e.result))
                         : words.format("explain.brk_size", pid, hex_address(e.result), size_text(heap));
    }

    static std::string function(Address entry, const std::string& name) {
        return name.empty() ? hex_address(entry) : display_text(name);
    }

    // The place of the thread in its innermost frame: "push_pop.c:12", or the address.
    std::string place() const {
        const Stack* stack = event.inside ? event.inside->stack.get() : nullptr;
        if (!stack || stack->frames.empty() || stack->frames.front()->file.empty()) {
            return hex_address(event.program_counter);
        }
        const StackFrame& frame = *stack->frames.front();
        return display_text(base_name(frame.file)) + ":" + std::to_string(frame.line);
    }

    std::string operator()(const CallEvent& e) const { return words.format("explain.call", pid, function(e.function, e.name)); }
    // Python tells of a return just before its frame goes.
    std::string operator()(const ReturnEvent& e) const {
        return ended(e.function == 0 ? "explain.python_return" : "explain.return", function(e.function, e.name));
    }
    std::string operator()(const SuspendEvent& e) const { return ended("explain.suspend", display_text(e.name)); }
    std::string operator()(const ResumeEvent& e) const { return words.format("explain.resume", pid, display_text(e.name)); }
    std::string operator()(const WriteEvent& e) const {
        return words.format("explain.write", pid, e.name.empty() ? address_text(e.place.start) : display_text(e.name));
    }
    // Of a function that gives control back, perhaps with a value.
    std::string ended(const std::string& key, const std::string& name) const {
        const bool has_value = event.inside && !event.inside->value.empty();
        return has_value ? words.format(key + "_value", pid, name, display_text(event.inside->value))
                         : words.format(key, pid, name);
    }
    std::string operator()(const ExceptionEvent& e) const {
        return words.format("explain.exception", pid, display_text(e.exception), place());
    }
    std::string operator()(const WaitsEvent& e) const { return words.format("explain.waits", pid, waiting_text(e, words)); }
    std::string operator()(const LineEvent&) const { return words.format("explain.line", pid, place()); }
    std::string operator()(const InstructionEvent& e) const {
        const std::string next = event.inside && !event.inside->instruction.empty() ? display_text(event.inside->instruction)
                                                                                    : hex_address(event.program_counter);
        if (event.stack_pointer < e.stack_pointer_before) {
            return words.format("explain.instruction_push", pid, hex_address(e.stack_pointer_before),
                                hex_address(event.stack_pointer), next);
        }
        if (event.stack_pointer > e.stack_pointer_before) {
            return words.format("explain.instruction_pop", pid, hex_address(e.stack_pointer_before),
                                hex_address(event.stack_pointer), next);
        }
        return words.format("explain.instruction", pid, next);
    }

    std::string operator()(const PagesEvent&) const { return words.format("explain.pages", pid); }
    std::string operator()(const StepEvent& e) const { return words.format(e.single ? "explain.step" : "explain.run", pid); }

    std::string operator()(const NoteEvent& e) const {
        switch (e.code) {
            case NoteCode::text:
                return display_text(e.text);
            case NoteCode::cap_reached:
                return words.format("explain.cap_reached", e.number);
            case NoteCode::all_ended:
                return std::string(words.text("explain.all_ended"));
            case NoteCode::privilege_dropped:
                return words.format("explain.privilege_dropped", display_text(e.text));
            case NoteCode::launch_failed:
                return words.format("explain.launch_failed", display_text(e.text));
            case NoteCode::pages_not_read:
                return words.format("explain.pages_not_read", display_text(e.text));
            case NoteCode::frames_not_told:
                return std::string(words.text("explain.frames_not_told"));
            case NoteCode::debugger_refused:
                return words.format("explain.debugger_refused", display_text(e.text), e.number);
            case NoteCode::child_starts:
                return child_starts(e);
            case NoteCode::child_named:
                return words.format("explain.child_named", pid, display_text(e.text));
            case NoteCode::turn:
                return words.format("explain.turn", pid, turn_act_text(e.text, words));
            case NoteCode::turns_limit:
                return words.format("explain.turns_limit", turns_limit_text(e.text, words));
            case NoteCode::left:
                return e.number == 0 ? std::string(words.text("explain.left_looking")) : words.format("explain.left", e.number);
            case NoteCode::attach_refused:
                return attach_refusal_text(e, pid, words);
        }
        return {};
    }

    [[nodiscard]] std::string child_starts(const NoteEvent& e) const {
        const std::string method = e.text.substr(0, e.text.find(' '));
        if (method == "fork") {
            return words.format("explain.child_starts_fork", pid);
        }
        const bool has_server = method == "forkserver";
        if (method == e.text || (method != "spawn" && !has_server)) {  // anybody may say anything
            return words.format("explain.child_starts", pid, display_text(e.text));
        }
        return words.format(has_server ? "explain.child_starts_forkserver" : "explain.child_starts_spawn", pid, e.number,
                            display_text(e.text.substr(method.size() + 1)));
    }

    std::string operator()(const ResidentEvent& e) const {
        if (!e.error.empty()) {
            return words.format("explain.resident_unknown", pid, display_text(e.error));
        }
        ByteCount bytes = 0;
        for (const AddressRange& run : e.runs) {
            bytes += run.size();
        }
        return words.format("explain.resident", pid, size_text(bytes));
    }

    std::string python_not_told(std::uint64_t why) const {
        switch (static_cast<PythonNotTold>(why)) {
            case PythonNotTold::own_trace:
                return words.format("explain.gap_python_trace", pid);
            case PythonNotTold::too_deep:
                return words.format("explain.gap_python_deep", pid);
            case PythonNotTold::interrupted:
                return words.format("explain.gap_python_interrupted", pid);
            case PythonNotTold::too_long:
                return words.format("explain.gap_python_long", pid);
            case PythonNotTold::not_understood:
                break;
        }
        return words.format("explain.gap_python_message", pid);
    }

    std::string operator()(const GapEvent& e) const {
        switch (e.code) {
            case GapCode::observer_lost:
                return words.format("explain.gap_observer", display_text(e.text));
            case GapCode::output_unattributed:
                return std::string(words.text("explain.gap_output"));
            case GapCode::memory_not_read:
                return words.format("explain.gap_memory", pid);
            case GapCode::recording_failed:
                return words.format("explain.gap_recording", e.number, display_text(e.text));
            case GapCode::not_followed:
                return words.format("explain.gap_not_followed", pid, e.number);
            case GapCode::output_left_out:
                return e.number == 0 ? words.format("explain.gap_output_bound", pid)
                                     : words.format("explain.gap_output_left_out", count_text(e.number), pid);
            case GapCode::recording_full:
                return words.format("explain.gap_full", e.number);
            case GapCode::calls_not_followed:
                return e.number == 0 ? words.format("explain.gap_calls", pid)
                                     : words.format("explain.gap_calls_of", count_text(e.number), pid);
            case GapCode::python_not_told:
                return python_not_told(e.number);
            case GapCode::not_seen_between:
                return words.format("explain.gap_between", e.number);
            case GapCode::late_look:
                return words.format("explain.gap_late", e.number);
            case GapCode::code_changed:
                return words.format("explain.gap_code_changed", pid, count_text(e.number));
        }
        return {};
    }
};

// "PID 17: 265 pages (256 of them in: anonymous)".
std::string copied_text(const Process* process, std::span<const CopiedRun> runs, std::span<const ElfImage> images,
                        const Messages& words) {
    const std::int32_t pid = runs.front().pid;
    const std::vector<Region> regions = process ? regions_of(*process, images) : std::vector<Region>();
    std::map<std::string, std::uint64_t> by_name;  // of several mappings of one name together; empty: not known
    std::uint64_t all = 0;
    for (const CopiedRun& run : runs) {
        const Region* region = find_region(regions, run.start);
        by_name[region ? block_name({region->kind, region->range, 0, 1, 0}, std::span(region, 1), words) : ""] += run.pages;
        all += run.pages;
    }
    if (all == 1) {
        return words.format("explain.copied_page", pid, hex_address(runs.front().start));
    }
    const auto most = std::ranges::max_element(by_name, {}, [](const auto& one) { return one.second; });
    return most->first.empty()
               ? words.format("explain.copied_pages", pid, count_text(all))
               : words.format("explain.copied_mostly", pid, count_text(all), count_text(most->second), most->first);
}

bool any_lies_in(const std::vector<Address>& objects, std::span<const CopiedRun> runs) {
    constexpr ByteCount page = 4096;
    return std::ranges::any_of(objects, [&](Address object) {
        return std::ranges::any_of(
            runs, [&](const CopiedRun& run) { return object >= run.start && object - run.start < run.pages * page; });
    });
}

// Whether an item of one of the lists, dictionaries and so on begins in one of the pages.
bool any_item_lies_in(const std::vector<Address>& containers, const std::vector<PythonObject>& objects,
                      std::span<const CopiedRun> runs) {
    return std::ranges::any_of(containers, [&](Address container) {
        const auto object = std::ranges::lower_bound(objects, container, {}, &PythonObject::address);
        const auto kinds = {"list", "tuple", "dict", "set", "frozenset"};
        return object != objects.end() && object->address == container &&
               std::ranges::find(kinds, object->type) != kinds.end() && any_lies_in(object->leads_to, runs);
    });
}

// The names of a Python program whose objects begin in these pages, as they were last told, or whose items do: "numbers,
// words[…]". At most four.
std::string names_in_copied(const Process* process, std::span<const CopiedRun> runs) {
    constexpr std::size_t most = 4;
    if (!process || !process->objects) {
        return {};
    }
    std::vector<std::string> names;
    const auto take = [&](const std::vector<Variable>& variables) {
        for (const Variable& variable : variables) {
            std::string name = display_text(variable.name);
            if (any_item_lies_in(variable.leads_to, *process->objects, runs)) {
                name += "[…]";
            } else if (!any_lies_in(variable.leads_to, runs)) {
                continue;
            }
            if (names.size() < most && std::ranges::find(names, name) == names.end()) {
                names.push_back(std::move(name));
            }
        }
    };
    for (const ThreadState& thread : process->threads) {
        if (thread.stack && is_of_python(*thread.stack)) {
            std::ranges::for_each(thread.stack->frames, [&](const auto& frame) { take(frame->variables); });
        }
    }
    if (process->globals) {
        take(*process->globals);
    }
    std::string list;
    for (const std::string& name : names) {
        list += (list.empty() ? "" : ", ") + name;
    }
    return list;
}

}  // namespace

std::string explain(const MomentContext& context) {
    const auto& [recording, world, moment, words] = context;
    const Event& event = recording.events()[moment];
    std::string text = explain_event(event, recording.map_read_at(moment).get(), world, recording.images(), words);
    const auto* exit = std::get_if<ExitEvent>(&event.detail);
    if (exit && exit->signal == SIGTRAP && recording.how_followed() && recording.how_followed()->grain != Grain::none) {
        text += ". " + std::string(words.text("explain.trap_by_breakpoint"));
    }
    return event.copied.empty() ? text : text + ". " + explain_copied(event, world, recording.images(), words);
}

std::string explain_event(const Event& event, const AddressSpace* map, const World& world, std::span<const ElfImage> images,
                          const Messages& words) {
    return std::visit(Explainer{event, map, world, images, words, event.process.pid}, event.detail);
}

std::string explain_copied(const Event& event, const World& world, std::span<const ElfImage> images, const Messages& words) {
    std::map<std::pair<bool, std::int32_t>, std::vector<CopiedRun>>
        by_process;  // the process of the event comes first: most often it wrote
    for (const CopiedRun& run : event.copied) {
        by_process[{run.pid != event.process.pid, run.pid}].push_back(run);
    }
    std::string list;
    for (const auto& [key, runs] : by_process) {
        list += list.empty() ? "" : ", ";
        list += copied_text(world.find_pid(key.second), runs, images, words);
    }
    const auto& [first, runs] = *by_process.begin();
    // Where both have a page now, either may have written.
    const std::string text = words.format(by_process.size() == 1 ? "explain.copied" : "explain.parted", list);
    const Process* process = world.find_pid(first.second);
    if (!process || !process->objects) {
        return text;
    }
    const std::string names = names_in_copied(process, runs);
    return text + ". " +
           (names.empty() ? std::string(words.text("explain.copied_counts")) : words.format("explain.copied_names", names));
}

std::string explain_region(const Region& region, const Messages& words) {
    std::string key = "teach." + std::string(region_kind_name(region.kind));
    if (region.arena) {
        key = region.kind == RegionKind::heap ? "teach.arena" : "teach.arena_reserve";
    } else if (region.kind == RegionKind::kernel && words.has("teach.kernel." + region.label)) {
        key = "teach.kernel." + region.label;
    }
    return std::string(words.text(key));
}

}  // namespace procatlas
