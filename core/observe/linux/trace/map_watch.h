// Reads the memory maps of stopped threads. A map read stays valid until the next one is read into the same buffer.
#pragma once

#include <sys/types.h>

#include "core/observe/linux/trace/tracees.h"
#include "core/stream/event_stream.h"

namespace procatlas {

class MapWatch {
public:
    // Null, here and below: it was not read, or could not be.
    [[nodiscard]] const MemoryText* read(TracedThread& thread);
    // At a frequent event: unless it costs too much.
    [[nodiscard]] const MemoryText* read_if_cheap(TracedThread& thread);
    // At an event that changes no memory: if the last map that was sent is stale.
    [[nodiscard]] const MemoryText* read_if_stale(TracedThread& thread);
    // A newborn's, which has not run yet; kept apart from the others. Its marks are its parent's.
    [[nodiscard]] const MemoryText* read_newborn(pid_t child, const AddressMarks& marks);
    // The same of a newborn that is a process of ours already.
    [[nodiscard]] const MemoryText* read_newborn(TracedThread& thread);

    // Whether the kernel did not let us look, when it was read last.
    [[nodiscard]] bool is_refused() const { return refused_; }

private:
    [[nodiscard]] const MemoryText* read_into(TracedThread& thread, MemoryText& text);

    bool refused_ = false;

    MemoryText text_;  // used again and again, for their memory
    MemoryText child_text_;
};

[[nodiscard]] std::uint32_t count_mappings(const MemoryText& text);

}  // namespace procatlas
