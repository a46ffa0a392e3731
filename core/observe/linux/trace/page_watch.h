// Adds the state of pages to events: of the process itself, and where it copied a page, of those that may have shared that page
// with it. The thread of each call must be stopped.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <memory>
#include <span>

#include "core/model/observed_event.h"
#include "core/observe/linux/trace/event_sink.h"
#include "core/observe/linux/trace/pacing.h"
#include "core/observe/linux/trace/tracees.h"

namespace procatlas {

class PageWatch {
public:
    PageWatch(Tracees& tracees, const Pacing& pacing, EventSink& sink) : tracees_(tracees), pacing_(pacing), sink_(sink) {}

    // read: the states of pages; read_frames: and where they lie in physical memory, which the kernel tells to root alone
    enum class Mode { off, read, read_frames };
    void set_mode(Mode mode) { mode_ = mode; }
    // Whether they are to be read at an event of this class. At frequent events reading may take a tenth of the time at most;
    // what is missed then is seen at the next one.
    [[nodiscard]] bool wants(const TracedThread& thread, EventClass event_class) const;

    // `memory`: the map of the process; null adds nothing.
    void add(ObservedEvent& event, TracedThread& thread, EventClass event_class, const MemoryText* memory);

    // Whether pages are to be read at the entry of a fork, which makes all of them shared again: those that became exclusive
    // since the last reading would never be seen. Only where there is somebody who had shared them.
    [[nodiscard]] bool wants_before_fork(const TracedThread& thread);
    // A newborn's, which has not run yet, by the map of its parent. Null: not read.
    [[nodiscard]] std::shared_ptr<const Pages> read_newborn(const TracedThread& parent, pid_t child, const MemoryText* memory);

    // An exec gives the process a memory that comes from nobody else's.
    void begin_new_memory(TracedProcess& process) { process.memory_line = ++last_memory_line_; }

    // Tells which pages of the process are resident, because somebody asked.
    void measure(pid_t pid);

private:
    [[nodiscard]] std::shared_ptr<const Pages> read(TracedProcess& process, pid_t tid, std::span<const AddressRange> ranges);
    [[nodiscard]] bool has_kin(const TracedProcess& process);
    void add_of_kin(ObservedEvent& event, const TracedProcess& process, std::span<const AddressRange> ranges);
    [[nodiscard]] std::shared_ptr<const Pages> read_of_kin(TracedProcess& kin, std::span<const AddressRange> ranges);
    void tell_failure(std::string text);

    Tracees& tracees_;
    const Pacing& pacing_;
    EventSink& sink_;
    Mode mode_ = Mode::off;
    bool failure_told_ = false;
    bool missing_frames_told_ = false;
    std::uint64_t last_memory_line_ = 0;
};

// The pages that became exclusive between the two readings, of whichever process.
[[nodiscard]] bool has_newly_exclusive(const Pages& before, const Pages& after);

}  // namespace procatlas
