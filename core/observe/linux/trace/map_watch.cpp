#include "core/observe/linux/trace/map_watch.h"

#include <algorithm>
#include <cerrno>

#include "core/observe/linux/proc/clock.h"
#include "core/observe/linux/proc/maps.h"

namespace procatlas {

const MemoryText* MapWatch::read_into(TracedThread& thread, MemoryText& text) {
    TracedProcess& process = *thread.process;
    const std::uint64_t before = monotonic_ns();
    const auto read = read_memory_text(thread.tid, process.threads > 1, text);
    refused_ = !read && (read.error().code == EACCES || read.error().code == EPERM);
    process.map_budget.was_read(before, monotonic_ns());
    text.marks = process.marks;
    return read ? &text : nullptr;
}

const MemoryText* MapWatch::read(TracedThread& thread) {
    return read_into(thread, text_);
}

const MemoryText* MapWatch::read_if_cheap(TracedThread& thread) {
    MapBudget& budget = thread.process->map_budget;
    const MemoryText* text = budget.allows(monotonic_ns()) ? read(thread) : nullptr;
    if (text) {
        budget.spend(text->maps.size());
    }
    return text;
}

const MemoryText* MapWatch::read_if_stale(TracedThread& thread) {
    return thread.process->map_budget.take_stale() ? read(thread) : nullptr;
}

const MemoryText* MapWatch::read_newborn(pid_t child, const AddressMarks& marks) {
    child_text_.marks = marks;
    return read_memory_text(child, false, child_text_) ? &child_text_ : nullptr;
}

const MemoryText* MapWatch::read_newborn(TracedThread& thread) {
    return read_into(thread, child_text_);
}

std::uint32_t count_mappings(const MemoryText& text) {
    return static_cast<std::uint32_t>(std::ranges::count(text.maps, '\n'));
}

}  // namespace procatlas
