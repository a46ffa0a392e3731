#include "core/figure/json_export.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/base/text.h"

namespace procatlas {
namespace {

using Json = nlohmann::ordered_json;

std::string hex(Address address) {
    return fmt::format("0x{:x}", address);
}

Json strings(const std::vector<std::string>& values) {
    Json out = Json::array();
    for (const std::string& value : values) {
        out.push_back(valid_utf8(value));
    }
    return out;
}

Json exit_json(const ExitEvent& exit) {
    Json out = Json::object();
    if (exit.signal) {
        out["signal"] = *exit.signal;
    } else {
        out["code"] = exit.code.value_or(0);
    }
    return out;
}

Json region_json(const Region& region) {
    Json out;
    out["kind"] = region_kind_name(region.kind);
    if (region.part != LibraryPart::none) {
        out["part"] = library_part_name(region.part);
    }
    out["start"] = hex(region.range.start);
    out["end"] = hex(region.range.end);
    out["permissions"] = permissions_text(region.permissions);
    out["file"] = region.file.empty() ? Json() : Json(valid_utf8(region.file));
    const bool library = region.kind == RegionKind::shared_library;
    out["library"] = library ? Json(valid_utf8(base_name(region.file))) : Json();
    if (!region.label.empty()) {
        out["label"] = valid_utf8(region.label);
    }
    if (region.arena) {
        out["arena"] = true;
    }
    if (region.thread != 0) {
        out["thread"] = region.thread;
    }
    return out;
}

Json marks_json(const Process& process, const std::vector<Region>& regions) {
    Json out = Json::object();
    const auto put = [&](const char* name, Address address) {
        if (address != 0) {
            out[name] = hex(address);
        }
    };
    if (!process.threads.empty()) {
        put("program_counter", process.threads.front().program_counter);
        put("stack_pointer", process.threads.front().stack_pointer);
    }
    const auto heap = std::ranges::find_if(regions, [](const Region& r) { return r.kind == RegionKind::heap && !r.arena; });
    if (heap != regions.end()) {
        put("brk", heap->range.end);
    }
    if (process.memory) {
        put("start_of_stack", process.memory->marks.start_stack);
        put("entry_point", process.memory->marks.entry);
    }
    return out;
}

Json process_json(const World& world, const Process& process, const Recording& recording) {
    Json out;
    out["pid"] = process.key.pid;
    out["ppid"] = process.parent ? world.processes[*process.parent].key.pid : process.parent_pid;
    out["start_ns"] = process.start_ns;
    out["end_ns"] = process.end_ns ? Json(*process.end_ns) : Json();
    out["exit"] = process.exit ? exit_json(*process.exit) : Json();
    out["programs"] = strings(process.programs);
    out["arguments"] = strings(process.arguments);
    Json children = Json::array();
    for (const std::size_t child : process.children) {
        children.push_back(world.processes[child].key.pid);
    }
    out["children"] = std::move(children);
    out["threads"] = process.threads_made;
    out["orphan"] = process.orphan;
    out["reaped_by"] = process.reap ? Json(process.reaped_by_pid) : Json();
    const std::vector<Region> regions = regions_of(process, recording.images());
    out["marks"] = marks_json(process, regions);
    out["regions"] = Json::array();
    for (const Region& region : regions) {
        out["regions"].push_back(region_json(region));
    }
    return out;
}

// What each kind of event has beside moment, time, pid and kind.
struct DetailJson {
    Json& out;

    void operator()(const StartEvent& e) {
        out["ppid"] = e.parent_pid;
        out["arguments"] = strings(e.arguments);
        out["working_folder"] = valid_utf8(e.working_folder);
    }
    void operator()(const ForkEvent& e) {
        out["child"] = e.child.pid;
        out["child_ppid"] = e.child_parent_pid;
        if (e.child_mappings != 0) {
            out["child_mappings"] = e.child_mappings;
        }
    }
    void operator()(const ThreadEvent& e) { out["thread"] = e.thread; }
    void operator()(const ThreadExitEvent& e) { out["thread"] = e.thread; }
    void operator()(const ExecEvent& e) {
        out["path"] = valid_utf8(e.path);
        out["arguments"] = strings(e.arguments);
        out["mappings_before"] = e.mappings_before == 0 ? Json() : Json(e.mappings_before);
        out["mappings_after"] = e.mappings_after;
        if (e.former_thread != 0) {
            out["former_thread"] = e.former_thread;
        }
    }
    void operator()(const ExecFailedEvent& e) {
        out["path"] = valid_utf8(e.path);
        out["error"] = e.error;
    }
    void operator()(const ExitEvent& e) { out.update(exit_json(e)); }
    void operator()(const ReapEvent& e) {
        out["child"] = e.child.pid;
        out["by"] = reaper_name(e.by);
    }
    void operator()(const ReparentEvent& e) {
        out["from"] = e.old_parent_pid;
        out["to"] = e.new_parent_pid;
        out["to_observer"] = e.to_observer;
    }
    void operator()(const SignalEvent& e) {
        out["signal"] = e.number;
        out["sender"] = e.sender_pid == 0 ? Json() : Json(e.sender_pid);
        if (e.address) {
            out["address"] = hex(*e.address);
        }
    }
    void operator()(const StopEvent& e) { out["signal"] = e.signal; }
    void operator()(const ContinueEvent&) {}
    void operator()(const OutputEvent& e) {
        out["stream"] = e.stream == OutputStream::standard_output ? "stdout" : "stderr";
        out["text"] = valid_utf8(e.text);
        out["size"] = e.size;
    }
    void operator()(const MemoryEvent& e) {
        out["call"] = memory_call_name(e.call);
        out["address"] = hex(e.address);
        out["length"] = e.length;
        out["result"] = hex(e.result);
        if (e.error != 0) {
            out["error"] = e.error;
        }
    }
    void operator()(const ResidentEvent& e) {
        ByteCount bytes = 0;
        for (const AddressRange& run : e.runs) {
            bytes += run.size();
        }
        out["bytes"] = bytes;
        if (!e.error.empty()) {
            out["error"] = valid_utf8(e.error);
        }
    }
    void operator()(const StepEvent& e) { out["single"] = e.single; }
    void operator()(const NoteEvent& e) {
        out["note"] = note_code_name(e.code);
        out["text"] = valid_utf8(e.text);
        out["number"] = e.number;
    }
    void operator()(const GapEvent& e) {
        out["gap"] = gap_code_name(e.code);
        out["text"] = valid_utf8(e.text);
        out["number"] = e.number;
    }
};

Json event_json(std::size_t moment, const Event& event) {
    Json out;
    out["moment"] = moment;
    out["time_ns"] = event.time_ns;
    out["pid"] = event.process.pid;
    out["kind"] = event_kind_name(event);
    if (event.thread != 0 && event.thread != event.process.pid) {
        out["thread"] = event.thread;
    }
    if (event.held) {
        out["held"] = true;
    }
    std::visit(DetailJson{out}, event.detail);
    if (event.mappings != 0) {
        out["mappings"] = event.mappings;
    }
    if (event.torn) {
        out["torn"] = true;
    }
    return out;
}

}  // namespace

std::string recording_json(const Recording& recording) {
    const World& world = recording.last_world();
    Json out;
    out["procatlas"] = PROCATLAS_VERSION;
    out["processes"] = Json::array();
    for (const Process& process : world.processes) {
        out["processes"].push_back(process_json(world, process, recording));
    }
    out["events"] = Json::array();
    for (std::size_t moment = 0; moment < recording.events().size(); ++moment) {
        out["events"].push_back(event_json(moment, recording.events()[moment]));
    }
    return out.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace procatlas
