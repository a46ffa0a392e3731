#include "core/model/copies.h"

#include <algorithm>

#include "core/model/common_pages.h"

namespace procatlas {
namespace {

// Code of a file, which no program writes to: it is our breakpoints that make copies of its pages.
bool is_code(const World& world, const CopiedRun& run) {
    const Process* process = world.find_pid(run.pid);
    const Mapping* mapping = process && process->memory ? find_mapping(*process->memory, run.start) : nullptr;
    return mapping && mapping->inode != 0 && mapping->permissions.execute && !mapping->permissions.write;
}

}  // namespace

std::vector<CopiedRun> copied_at(const Recording& recording, const Event& event) {
    const World& world = recording.last_world();
    const bool new_memory = std::holds_alternative<ExecEvent>(event.detail);
    std::vector<PagesChange> changes;
    std::vector<std::size_t> processes;  // of each change
    for (const PagesRead& read : event.pages) {
        const Process* process = world.find(read.process);
        if (!process || !process->pages || !read.pages || (new_memory && read.process == event.process)) {
            continue;
        }
        const auto index = static_cast<std::size_t>(process - world.processes.data());
        if (memory_owner(world, index) == index) {  // what a child by vfork borrows is told of its parent
            changes.push_back({read.process.pid, process->pages.get(), read.pages.get()});
            processes.push_back(index);
        }
    }
    const auto shared_before = [&](std::size_t first, std::size_t second) {
        return shared_pages(recording, world, recording.last_moment(), processes[first], processes[second]);
    };
    std::vector<CopiedRun> copied = copied_pages(changes, shared_before);
    std::erase_if(copied, [&](const CopiedRun& run) { return is_code(world, run); });
    return copied;
}

}  // namespace procatlas
