// Reads the memory maps of stopped threads. What was read of a process last is kept with it: a memory call changes little of
// it, and then that alone is asked for.
#pragma once

#include <sys/types.h>

#include <optional>
#include <span>

#include "core/observe/linux/proc/map_query.h"
#include "core/observe/linux/trace/tracees.h"
#include "core/stream/event_stream.h"

namespace procatlas {

class MapWatch {
public:
    // off: nothing is read at all.
    enum class Mode { on, off };
    void set_mode(Mode mode) { mode_ = mode; }

    // Null, here and below: it was not read, or could not be. Otherwise it stays valid until the next reading of that process.
    [[nodiscard]] const MemoryText* read(TracedThread& thread);
    // At a frequent event, which has changed these ranges: unless it costs too much.
    [[nodiscard]] const MemoryText* read_if_cheap(TracedThread& thread, std::span<const AddressRange> changed);
    // At an event that changes no memory: if the last map that was sent is stale.
    [[nodiscard]] const MemoryText* read_if_stale(TracedThread& thread);
    // A newborn's, which has not run yet; kept apart from the others. Its marks are its parent's.
    [[nodiscard]] const MemoryText* read_newborn(pid_t child, const AddressMarks& marks);
    // The same of a newborn that is a process of ours already.
    [[nodiscard]] const MemoryText* read_newborn(TracedThread& thread);

    // How many mappings there are; 0: not available.
    [[nodiscard]] std::uint32_t count(TracedThread& thread);

    // Whether the kernel did not let us look, when it was read last.
    [[nodiscard]] bool is_refused() const { return refused_; }

private:
    [[nodiscard]] const MemoryText* refresh(TracedThread& thread, std::span<const AddressRange> changed);
    [[nodiscard]] const MapQuery& query_of(pid_t thread);

    Mode mode_ = Mode::on;
    bool refused_ = false;
    std::optional<MapQuery> query_;  // of the last thread, for several calls in a row
    pid_t query_thread_ = 0;
    MemoryText child_text_;
};

[[nodiscard]] std::uint32_t count_mappings(const MemoryText& text);

}  // namespace procatlas
