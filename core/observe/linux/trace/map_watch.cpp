#include "core/observe/linux/trace/map_watch.h"

#include <algorithm>
#include <cerrno>

#include "core/observe/linux/proc/clock.h"
#include "core/observe/linux/proc/maps.h"

namespace procatlas {
namespace {

// Calls that are not watched change maps too (madvise(2), mlock(2)), and so do faults (a stack that grows).
constexpr std::uint64_t kept_for_ns = 10'000'000;

}  // namespace

const MemoryText* MapWatch::read(TracedThread& thread) {
    if (mode_ == Mode::off) {
        return nullptr;
    }
    TracedProcess& process = *thread.process;
    const std::uint64_t before = processor_ns();
    if (!process.map) {
        process.map = std::make_unique<MemoryText>();
    }
    const auto read = read_memory_text(thread.tid, process.threads > 1, *process.map);
    refused_ = !read && (read.error().code == EACCES || read.error().code == EPERM);
    query_.reset();  // it may have another memory by now
    process.map_read_ns = monotonic_ns();
    process.map_budget.was_read(process.map_read_ns, processor_ns() - before);
    process.map->marks = process.marks;
    if (!read) {
        process.map.reset();
    }
    return process.map.get();
}

const MemoryText* MapWatch::read_if_cheap(TracedThread& thread, std::span<const AddressRange> changed) {
    TracedProcess& process = *thread.process;
    if (!process.map_budget.allows(monotonic_ns())) {
        process.map_read_ns = 0;  // it lacks a change
        return nullptr;
    }
    const MemoryText* text = refresh(thread, changed);
    text = text ? text : read(thread);
    if (text) {
        process.map_budget.spend(text->maps.size());
    }
    return text;
}

const MemoryText* MapWatch::refresh(TracedThread& thread, std::span<const AddressRange> changed) {
    TracedProcess& process = *thread.process;
    const std::uint64_t now = monotonic_ns();
    const std::uint64_t before = processor_ns();
    const bool alone = process.threads == 1 && process.breakpoints.use_count() == 1;
    if (!process.map || process.map->torn || changed.empty() || !alone || now - process.map_read_ns > kept_for_ns ||
        !query_of(thread.tid).refresh(process.map->maps, changed)) {
        return nullptr;
    }
    process.map_budget.was_read(monotonic_ns(), processor_ns() - before);
    process.map->marks = process.marks;
    return process.map.get();
}

const MapQuery& MapWatch::query_of(pid_t thread) {
    if (!query_ || query_thread_ != thread) {
        query_.emplace(thread);
        query_thread_ = thread;
    }
    return *query_;
}

std::uint32_t MapWatch::count(TracedThread& thread) {
    const MemoryText* kept = thread.process->map.get();
    const auto asked = kept ? query_of(thread.tid).count() : std::nullopt;
    if (asked) {
        return *asked + (has_kernel_mapping(kept->maps) ? 1 : 0);
    }
    const MemoryText* text = read(thread);
    return text ? count_mappings(*text) : 0;
}

const MemoryText* MapWatch::read_if_stale(TracedThread& thread) {
    return thread.process->map_budget.take_stale() ? read(thread) : nullptr;
}

const MemoryText* MapWatch::read_newborn(pid_t child, const AddressMarks& marks) {
    child_text_.marks = marks;
    return mode_ == Mode::on && read_memory_text(child, false, child_text_) ? &child_text_ : nullptr;
}

const MemoryText* MapWatch::read_newborn(TracedThread& thread) {
    return read(thread);
}

std::uint32_t count_mappings(const MemoryText& text) {
    return static_cast<std::uint32_t>(std::ranges::count(text.maps, '\n'));
}

}  // namespace procatlas
