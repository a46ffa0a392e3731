#include "core/export/data/json_export.h"
#include "core/model/descriptors.h"
#include "core/model/inside.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "core/base/text.h"
#include "core/export/data/inside_json.h"
#include "core/export/data/json_writer.h"
#include "core/export/data/readings_json.h"

namespace procatlas {
namespace {

void strings(std::string& out, const std::vector<std::string>& values) {
    JsonArray array(out);
    for (const std::string& value : values) {
        append_json_string(array.element(), value);
    }
}

void exit_members(JsonObject& out, const ExitEvent& exit) {
    if (exit.signal) {
        out.number("signal", *exit.signal);
    } else {
        out.number("code", exit.code.value_or(0));
    }
}

void region_json(std::string& text, const Process& process, const Region& region, bool with_pages) {
    JsonObject out(text);
    out.text("kind", region_kind_name(region.kind));
    if (region.part != LibraryPart::none) {
        out.text("part", library_part_name(region.part));
    }
    out.hex("start", region.range.start);
    out.hex("end", region.range.end);
    out.text("permissions", permissions_text(region.permissions));
    out.text_or_null("file", region.file);
    const bool library = region.kind == RegionKind::shared_library;
    out.text_or_null("library", library ? base_name(region.file) : std::string_view());
    if (!region.label.empty()) {
        out.text("label", region.label);
    }
    if (region.arena) {
        out.flag("arena", true);
    }
    if (region.thread != 0) {
        out.number("thread", region.thread);
    }
    // The allocator gives large blocks mappings of their own.
    if (process.heap && (region.kind == RegionKind::heap || begins_chunk(*process.heap, region.range))) {
        chunks_json(out.key("chunks"), *process.heap, region.range);
    }
    if (const auto pages = pages_of(process, region); with_pages && pages) {
        pages_json(out.key("pages"), *pages, frames_in(*process.pages, region.range));
    }
}

void marks_json(std::string& text, const Process& process, const std::vector<Region>& regions) {
    JsonObject out(text);
    const auto put = [&](const char* name, Address address) {
        if (address != 0) {
            out.hex(name, address);
        }
    };
    if (!process.threads.empty()) {
        put("program_counter", process.threads.front().program_counter);
        put("stack_pointer", process.threads.front().stack_pointer);
    }
    put("brk", brk_of(regions));
    if (process.memory) {
        put("start_of_stack", process.memory->marks.start_stack);
        put("entry_point", process.memory->marks.entry);
    }
}

void process_json(std::string& text, const World& world, const Process& process, const Recording& recording, bool with_pages) {
    JsonObject out(text);
    out.number("pid", process.key.pid);
    out.number("ppid", process.parent ? world.processes[*process.parent].key.pid : process.parent_pid);
    out.number("start_ns", process.start_ns);
    if (process.end_ns) {
        out.number("end_ns", *process.end_ns);
    } else {
        out.null("end_ns");
    }
    if (process.exit) {
        JsonObject exit(out.key("exit"));
        exit_members(exit, *process.exit);
    } else {
        out.null("exit");
    }
    strings(out.key("programs"), process.programs);
    strings(out.key("arguments"), process.arguments);
    if (process.arguments_cut) {
        out.flag("arguments_cut", true);
    }
    if (!process.told_name.empty()) {
        out.text("told_name", process.told_name);
    }
    {
        JsonArray children(out.key("children"));
        for (const std::size_t child : process.children) {
            children.element() += std::to_string(world.processes[child].key.pid);
        }
    }
    out.number("threads", process.threads_made);
    if (process.descriptors) {
        out.text("working_folder", process.descriptors->working_folder);
        descriptors_json(out.key("descriptors"), process.descriptors->open);
    } else {
        out.null("descriptors");
    }
    out.flag("orphan", process.orphan);
    out.flag("launcher", world.is_of_launcher(static_cast<std::size_t>(&process - world.processes.data())));
    if (process.reap && process.reaped_by_pid != 0) {
        out.number("reaped_by", process.reaped_by_pid);
    } else {
        out.null("reaped_by");
    }
    const std::vector<Region> regions = regions_of(process, recording.images());
    marks_json(out.key("marks"), process, regions);
    if (const Address brk = brk_of(regions); brk != 0) {
        out.hex("brk", brk);
    }
    if (process.globals) {
        variables_json(out.key("globals"), *process.globals, regions,
                       process.objects ? FrameLanguage::python : FrameLanguage::native);
    }
    if (process.heap && !process.heap->why_not.empty()) {
        out.text("chunks_not_available", process.heap->why_not);
    }
    if (with_pages && process.pages_moment) {
        out.number("pages_moment", *process.pages_moment);
    }
    JsonArray array(out.key("regions"));
    for (const Region& region : regions) {
        region_json(array.element(), process, region, with_pages);
    }
}

void followed_json(JsonObject& out, const std::optional<HowFollowed>& how) {
    if (!how) {
        out.null("grain");
        return out.null("libraries");
    }
    out.text("grain", grain_name(*how));
    out.flag("libraries", how->code == FollowedCode::with_libraries);
}

void ancestors_json(std::string& out, const std::vector<Ancestor>& ancestors) {
    JsonArray array(out);
    for (const Ancestor& ancestor : ancestors) {
        JsonObject one(array.element());
        one.number("pid", ancestor.pid);
        one.text("name", ancestor.name);
        one.flag("leads_session", ancestor.leads_session);
    }
}

std::string_view found_state_name(FoundState state) {
    switch (state) {
        case FoundState::running:
            return "running";
        case FoundState::stopped:
            return "stopped";
        case FoundState::zombie:
            return "zombie";
        case FoundState::kernel:
            return "kernel";
    }
    return "";
}

// Writes the members that are special to each kind of event.
struct DetailJson {
    JsonObject& out;
    bool launch = false;  // the program before was procatlas's own launcher, which is not reported

    template <typename T>
    void number_or_null(std::string_view name, T value) {
        if (value == 0) {
            out.null(name);
        } else {
            out.number(name, value);
        }
    }

    void operator()(const StartEvent& e) {
        out.number("ppid", e.parent_pid);
        strings(out.key("arguments"), e.arguments.all());
        out.text("working_folder", e.working_folder);
        ancestors_json(out.key("ancestors"), e.ancestors.all());
    }
    void operator()(const FoundEvent& e) {
        const FoundProcess& found = *e.process;
        out.number("ppid", found.parent_pid);
        out.text("state", found_state_name(found.state));
        out.flag("again", found.again);
        out.text("name", found.name);
        out.text_or_null("path", found.path);
        strings(out.key("arguments"), found.arguments);
        if (found.arguments_cut) {
            out.flag("arguments_cut", true);
        }
        {
            JsonArray threads(out.key("threads"));
            for (const std::int32_t thread : found.threads) {
                threads.element() += std::to_string(thread);
            }
        }
        if (!found.ancestors.empty()) {
            ancestors_json(out.key("ancestors"), found.ancestors);
        }
    }
    void operator()(const GoneEvent& e) { out.number("last_seen_ns", e.last_seen_ns); }
    void operator()(const ForkEvent& e) {
        out.number("child", e.child.pid);
        out.number("child_ppid", e.child_parent_pid);
    }
    void operator()(const ThreadEvent& e) { out.number("thread", e.thread); }
    void operator()(const ThreadExitEvent& e) { out.number("thread", e.thread); }
    void operator()(const ExecEvent& e) {
        out.text("path", e.path);
        strings(out.key("arguments"), e.arguments.all());
        if (e.arguments_cut) {
            out.flag("arguments_cut", true);
        }
        number_or_null("mappings_before", launch ? 0 : e.mappings_before);
        out.number("mappings_after", e.mappings_after);
        if (e.former_thread != 0) {
            out.number("former_thread", e.former_thread);
        }
    }
    void operator()(const ExecFailedEvent& e) {
        out.text("path", e.path);
        out.number("error", e.error);
    }
    void operator()(const ExitEvent& e) { exit_members(out, e); }
    void operator()(const ReapEvent& e) {
        out.number("child", e.child.pid);
        out.text("by", reaper_name(e.by));
    }
    void operator()(const ReparentEvent& e) {
        out.number("from", e.old_parent_pid);
        out.number("to", e.new_parent_pid);
        out.flag("to_observer", e.to_observer);
    }
    void operator()(const SignalEvent& e) {
        out.number("signal", e.number);
        number_or_null("sender", e.sender_pid);
        if (e.address) {
            out.hex("address", *e.address);
        }
    }
    void operator()(const StopEvent& e) { out.number("signal", e.signal); }
    void operator()(const ContinueEvent&) {}
    void operator()(const OutputEvent& e) {
        out.text("stream", output_stream_name(e.stream));
        out.text("text", e.text);
        out.number("size", e.size);
        if (e.size > e.text.size()) {
            out.number("left_out", e.size - e.text.size());
        }
        if (e.stream == OutputStream::elsewhere) {
            out.text("to", e.target.empty() ? std::string() : e.target[0]);
        }
    }
    void operator()(const MemoryEvent& e) {
        out.text("call", memory_call_name(e.call));
        out.hex("address", e.address);
        out.number("length", e.length);
        out.hex("result", e.result);
        if (e.error != 0) {
            out.number("error", e.error);
        }
    }
    void operator()(const ResidentEvent& e) {
        ByteCount bytes = 0;
        for (const AddressRange& run : e.runs) {
            bytes += run.size();
        }
        out.number("bytes", bytes);
        if (!e.error.empty()) {
            out.text("error", e.error);
        }
    }
    void operator()(const CallEvent& e) { function(e.function, e.name); }
    void operator()(const ReturnEvent& e) {
        function(e.function, e.name);
        if (e.function != 0) {
            e.value ? out.hex("value", *e.value) : out.null("value");
        }
    }
    void operator()(const SuspendEvent& e) { function(0, e.name); }
    void operator()(const ResumeEvent& e) { function(0, e.name); }
    void operator()(const WriteEvent& e) {
        out.text("variable", e.name);
        out.hex("address", e.place.start);
        out.number("size", e.place.size());
    }
    void operator()(const LineEvent&) {}
    void operator()(const WaitsEvent& e) {
        out.text("for", waiting_for_name(e.what));
        if (e.child != 0) {
            out.number("child", e.child);
        }
    }
    void operator()(const ExceptionEvent& e) { out.text("exception", e.exception); }
    void operator()(const InstructionEvent& e) {
        out.hex("pc_before", e.program_counter_before);
        out.hex("sp_before", e.stack_pointer_before);
    }
    void function(Address entry, const std::string& name) {
        out.text_or_null("function", name);
        if (entry != 0) {
            out.hex("entry", entry);
        }
    }
    void operator()(const PagesEvent&) {}
    void operator()(const StepEvent& e) { out.flag("single", e.single); }
    void operator()(const NoteEvent& e) {
        out.text("note", note_code_name(e.code));
        out.text("text", e.text);
        out.number("number", e.number);
    }
    void operator()(const GapEvent& e) {
        out.text("gap", gap_code_name(e.code));
        out.text("text", e.text);
        out.number("number", e.number);
    }
};

void event_json(std::string& text, std::size_t moment, const Recording& recording, std::span<const Region> regions,
                StacksInTime& stacks, bool with_pages) {
    const Event& event = recording.events()[moment];
    const bool launch = is_launch(recording.last_world(), event);
    JsonObject out(text);
    out.number("moment", moment);
    out.number("time_ns", event.time_ns);
    out.number("pid", event.process.pid);
    out.text("kind", event_kind_name(event));
    const bool names_thread =
        std::holds_alternative<ThreadEvent>(event.detail) || std::holds_alternative<ThreadExitEvent>(event.detail);
    if (event.thread != 0 && event.thread != event.process.pid && !names_thread) {
        out.number("thread", event.thread);
    }
    if (event.held) {
        out.flag("held", true);
    }
    std::visit(DetailJson{out, launch}, event.detail);
    if (event.mappings != 0) {
        out.number("mappings", event.mappings);
    }
    if (event.child_mappings != 0) {
        out.number("child_mappings", event.child_mappings);
    }
    if (event.torn) {
        out.flag("torn", true);
    }
    if (event.descriptors) {
        descriptors_json(out.key("descriptors"), event.descriptors->open);
        const bool exec = std::holds_alternative<ExecEvent>(event.detail) && !launch;
        const bool attached = recording.last_world().processes.front().found;  // nobody looked as exec was called
        if (exec && attached) {
            out.null("closed");
        } else if (exec) {
            descriptors_json(out.key("closed"), event.descriptors->closed);
        }
    }
    if (with_pages && !event.copied.empty()) {
        copied_json(out.key("copied"), event.copied);
    }
    if (event.inside) {
        const auto process = recording.process_of(moment);
        const bool has_stack = process && event.inside->stack;
        inside_members(out, event, regions, has_stack ? stacks.known(*process, event, moment) : StacksInTime::Known{});
    }
}

}  // namespace

void give_recording_json(const Recording& recording, bool with_pages, const TakeText& take) {
    constexpr std::size_t enough = 64u << 10;
    const World& world = recording.last_world();
    std::string text;
    bool wanted = true;
    const auto give = [&](std::size_t least) {
        if (wanted && text.size() > least) {
            wanted = take(text);
            text.clear();
        }
        return wanted;
    };
    {
        JsonObject out(text);
        out.text("procatlas", PROCATLAS_VERSION);
        followed_json(out, recording.how_followed());
        {
            ancestors_json(out.key("ancestors"), world.ancestors);
        }
        {
            JsonArray processes(out.key("processes"), true);
            for (std::size_t i = 0; i < world.processes.size() && give(enough); ++i) {
                process_json(processes.element(), world, world.processes[i], recording, with_pages);
                world.processes[i].memory.let_go();
            }
        }
        RegionsInTime regions(recording);
        StacksInTime stacks;
        JsonArray events(out.key("events"), true);
        for (std::size_t moment = 0; moment < recording.events().size() && give(enough); ++moment) {
            event_json(events.element(), moment, recording, regions.after(moment), stacks, with_pages);
        }
    }
    text += "\n";
    give(0);
}

std::string recording_json(const Recording& recording, bool with_pages) {
    std::string text;
    give_recording_json(recording, with_pages, [&](std::string_view piece) {
        text += piece;
        return true;
    });
    return text;
}

std::string JsonLines::more() {
    std::string text;
    if (!std::exchange(begun_, true)) {
        JsonObject first(text);
        first.text("procatlas", PROCATLAS_VERSION);
        followed_json(first, recording_.how_followed());
        first.text("schema", "events");
        first.number("schema_version", 1);
    }
    text += text.empty() ? "" : "\n";
    for (; next_ < recording_.events().size(); ++next_) {
        event_json(text, next_, recording_, regions_.after(next_), stacks_, with_pages_);
        text += '\n';
    }
    return text;
}

}  // namespace procatlas
