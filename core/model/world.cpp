#include "core/model/world.h"

#include "core/base/same_value.h"
#include "core/model/descriptors.h"
#include "core/model/inside.h"

#include <algorithm>
#include <tuple>

namespace procatlas {
namespace {

// All members except the pointers. The binding names every member, so a new one does not compile until it is added here.
auto plain_members(const Process& process) {
    const auto& [key, parent_pid, parent, children, born_by, waits, waits_for, programs, told_name, arguments, arguments_cut,
                 made_by_exec, state, orphan, adopted_by_observer, found, kernel_thread, vanished, exit, reap, reaped_by_pid,
                 held_threads, threads, ended_threads, threads_made, memory, memory_moment, changes_not_read, globals, objects,
                 heap, pieces, why_not_inside, why_old_inside, descriptors, descriptors_moment, resident, resident_moment,
                 pages, pages_moment, born_moment, last_moment, start_ns, launch_ns, end_ns] = process;
    return std::tie(key, parent_pid, parent, children, born_by, waits, waits_for, programs, told_name, arguments, arguments_cut,
                    made_by_exec, state, orphan, adopted_by_observer, found, kernel_thread, vanished, exit, reap, reaped_by_pid,
                    held_threads, threads, ended_threads, threads_made, memory_moment, changes_not_read, why_not_inside,
                    why_old_inside, descriptors_moment, resident_moment, pages_moment, born_moment, last_moment, start_ns,
                    launch_ns, end_ns);
}

}  // namespace

bool ThreadState::operator==(const ThreadState& other) const {
    return thread == other.thread && program_counter == other.program_counter && stack_pointer == other.stack_pointer &&
           same_value(stack, other.stack);
}

bool Process::operator==(const Process& other) const {
    return plain_members(*this) == plain_members(other) && memory == other.memory && same_value(resident, other.resident) &&
           same_value(globals, other.globals) && same_value(objects, other.objects) && same_value(heap, other.heap) &&
           same_value(pieces, other.pieces) && same_value(pages, other.pages) && same_value(descriptors, other.descriptors);
}

const Process* World::find(ProcessKey key) const {
    const Process* young = find_pid(key.pid);
    if (!young || young->key == key) {
        return young;
    }
    const auto it = std::ranges::find(processes.rbegin(), processes.rend(), key, &Process::key);
    return it == processes.rend() ? nullptr : &*it;
}

const Process* World::find_pid(std::int32_t pid) const {
    const auto found = youngest.find(pid);
    return found == youngest.end() ? nullptr : &processes[found->second];
}

std::size_t World::alive_count() const {
    return static_cast<std::size_t>(std::ranges::count_if(processes, &Process::alive));
}

std::optional<ByteCount> resident_bytes(const Process& process, AddressRange range) {
    constexpr Address in_page = 4095;
    const AddressRange pages{range.start & ~in_page, (range.end + in_page) & ~in_page};
    const auto overlaps = [&](const AddressRange& other) { return other.overlaps(pages); };
    if (!process.resident || !process.resident->error.empty() || std::ranges::any_of(process.resident->skipped, overlaps)) {
        return std::nullopt;
    }
    ByteCount bytes = 0;
    for (const AddressRange& run : process.resident->runs) {
        if (overlaps(run)) {
            bytes += std::min(run.end, pages.end) - std::max(run.start, pages.start);
        }
    }
    return bytes;
}

std::size_t memory_owner(const World& world, std::size_t index) {
    const Process* process = &world.processes[index];
    while (shares_memory(process->born_by) && process->parent && !process->made_by_exec && process->alive()) {
        index = *process->parent;  // was born before its child
        process = &world.processes[index];
    }
    return index;
}

bool is_launch(const World& world, const Event& event) {
    const Process* process = world.find(event.process);
    return process != nullptr && std::holds_alternative<ExecEvent>(event.detail) && process->launch_ns == event.time_ns;
}

std::optional<RegionPages> pages_of(const Process& process, const Region& region) {
    if (!process.pages) {
        return std::nullopt;
    }
    return pages_in(*process.pages, region.range, is_shared_memory(region));
}

std::vector<Region> regions_of(const Process& process, std::span<const ElfImage> images) {
    // What was seen from outside, and has ended since: its last map was that of a living process.
    const bool gone_since = process.found && process.state == ProcessState::zombie;
    if (!process.memory || gone_since) {
        return {};
    }
    std::vector<ThreadMark> marks;
    for (const ThreadState& thread : process.threads) {
        if (thread.stack_pointer != 0) {
            marks.push_back({thread.thread, thread.stack_pointer});
        }
    }
    for (const EndedThread& ended : process.ended_threads) {
        const Mapping* mapping = process.memory ? find_mapping(*process.memory, ended.stack_pointer) : nullptr;
        if (mapping && mapping->range == ended.stack) {  // otherwise something else may use the addresses by now
            marks.push_back({ended.thread, ended.stack_pointer});
        }
    }
    return classify_regions(*process.memory, process.program(), images, marks);
}

}  // namespace procatlas
