#include "core/export/data/trace_event_export.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <vector>

#include "core/base/text.h"
#include "core/export/data/json_writer.h"
#include "core/narrate/event_mark.h"
#include "core/narrate/explain.h"
#include "core/narrate/program_name.h"

namespace procatlas {

namespace {

// "signal", ... for events that become instants; empty for others.
std::string_view category_of(const Event& event) {
    const bool told = std::holds_alternative<SignalEvent>(event.detail) || std::holds_alternative<OutputEvent>(event.detail) ||
                      std::holds_alternative<MemoryEvent>(event.detail);
    return told ? event_kind_name(event) : std::string_view();
}

class TraceEvents {
public:
    TraceEvents(const Recording& recording, const Messages& words, std::string& out)
        : recording_(recording), words_(words), events_(out, true) {
        open_.resize(recording.last_world().processes.size());
    }

    void write() {
        for (const Process& process : recording_.last_world().processes) {
            write_name(process);
        }
        for (std::size_t moment = 0; moment < recording_.events().size(); ++moment) {
            follow(moment);
        }
        const std::uint64_t end = recording_.empty() ? 0 : recording_.events().back().time_ns;
        for (std::size_t i = 0; i < open_.size(); ++i) {
            close(i, end);
        }
    }

private:
    struct Slice {
        std::string name;
        std::uint64_t start_ns = 0;
        bool zombie = false;
    };

    static void time(JsonObject& event, std::string_view name, std::uint64_t ns) {
        event.key(name) += fmt::format("{}.{:03}", ns / 1000, ns % 1000);
    }

    static void head(JsonObject& event, std::string_view phase, std::string_view name, std::string_view category) {
        event.text("ph", phase);
        event.text("name", name);
        event.text("cat", category);
    }

    static void place(JsonObject& event, std::uint64_t ns, std::int32_t pid, std::int32_t thread) {
        time(event, "ts", ns);
        event.number("pid", pid);
        event.number("tid", thread == 0 ? pid : thread);
    }

    [[nodiscard]] std::string file_name(const std::string& path) const {
        return path.empty() ? std::string(words_.text("tree.no_program")) : display_text(base_name(path));
    }

    void write_name(const Process& process) {
        JsonObject event(events_.element());
        event.text("ph", "M");
        event.text("name", "process_name");
        event.number("pid", process.key.pid);
        JsonObject arguments(event.key("args"));
        arguments.text("name", process.programs.empty() ? file_name({}) : program_name(process));
    }

    void follow(std::size_t moment) {
        const Event& event = recording_.events()[moment];
        const auto self = recording_.process_of(moment);
        if (const auto child = recording_.born_at(moment)) {
            const Process& born = recording_.last_world().processes[*child];
            open_[*child] = Slice{file_name(born.programs.empty() || !born.parent ? "" : born.programs.front()), event.time_ns};
            if (born.parent) {
                write_flow(*child, event);
            }
        }
        if (const auto* reap = std::get_if<ReapEvent>(&event.detail)) {
            if (const Process* child = recording_.last_world().find(reap->child)) {
                close(static_cast<std::size_t>(child - recording_.last_world().processes.data()), event.time_ns);
            }
        }
        if (self) {
            follow_program(*self, event);
            write_instant(moment);
        }
    }

    void follow_program(std::size_t process, const Event& event) {
        if (const auto* exec = std::get_if<ExecEvent>(&event.detail)) {
            close(process, event.time_ns);
            open_[process] = Slice{file_name(exec->path), event.time_ns};
        } else if (std::holds_alternative<ExitEvent>(event.detail)) {
            close(process, event.time_ns);
            open_[process] = Slice{std::string(words_.text("state.zombie")), event.time_ns, true};
        }
    }

    void close(std::size_t process, std::uint64_t end_ns) {
        if (!open_[process]) {
            return;
        }
        const Slice& slice = *open_[process];
        {
            JsonObject event(events_.element());
            head(event, "X", slice.name, slice.zombie ? "zombie" : "program");
            place(event, slice.start_ns, pid_of(process), 0);
            time(event, "dur", end_ns - std::min(slice.start_ns, end_ns));
        }
        open_[process].reset();
    }

    // Adds a flow from the fork in the parent to the first slice of the child.
    void write_flow(std::size_t child, const Event& fork) {
        const std::string_view kind = event_kind_name(fork);
        for (const bool end : {false, true}) {
            JsonObject event(events_.element());
            head(event, end ? "f" : "s", kind, "fork");
            event.number("id", child);
            if (end) {
                event.text("bp", "e");
            }
            place(event, fork.time_ns, end ? pid_of(child) : fork.process.pid, 0);
        }
    }

    void write_instant(std::size_t moment) {
        const Event& event = recording_.events()[moment];
        const std::string_view category = category_of(event);
        if (category.empty()) {
            return;
        }
        JsonObject out(events_.element());
        head(out, "i", mark_text(event, words_), category);
        place(out, event.time_ns, event.process.pid, event.thread);
        out.text("s", "t");
        JsonObject arguments(out.key("args"));
        arguments.number("moment", moment);
        arguments.text("what", explain({recording_, recording_.last_world(), moment, words_}));
        if (const auto* output = std::get_if<OutputEvent>(&event.detail)) {
            arguments.text("text", display_text(output->text, true));
        }
    }

    [[nodiscard]] std::int32_t pid_of(std::size_t process) const { return recording_.last_world().processes[process].key.pid; }

    const Recording& recording_;
    const Messages& words_;
    JsonArray events_;
    std::vector<std::optional<Slice>> open_;  // for each process: the program that it runs now
};

}  // namespace

std::string recording_trace_events(const Recording& recording, const Messages& words) {
    std::string text;
    {
        JsonObject out(text);
        out.text("displayTimeUnit", "ms");
        TraceEvents(recording, words, out.key("traceEvents")).write();
    }
    return text + "\n";
}

}  // namespace procatlas
