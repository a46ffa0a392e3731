#include "core/model/copies.h"

#include <algorithm>

#include "core/model/common_pages.h"

namespace procatlas {
namespace {

// No program writes to the code of a file: our breakpoints cause the copies of these pages.
bool is_code(const World& world, const CopiedRun& run) {
    const Process* process = world.find_pid(run.pid);
    const Mapping* mapping = process && process->memory ? find_mapping(*process->memory, run.start) : nullptr;
    return mapping && mapping->inode != 0 && mapping->permissions.execute && !mapping->permissions.write;
}

}  // namespace

std::vector<CopiedRun> copied_at(const World& world, const SharingEvidence& sharing, ProcessKey of, const EventDetail& detail,
                                 std::span<const PagesRead> pages) {
    const bool new_memory = std::holds_alternative<ExecEvent>(detail);
    std::vector<PagesChange> changes;
    std::vector<std::size_t> processes;  // the process of each change
    for (const PagesRead& read : pages) {
        const Process* process = world.find(read.process);
        if (!process || !process->pages || !read.pages || (new_memory && read.process == of)) {
            continue;
        }
        const auto index = static_cast<std::size_t>(process - world.processes.data());
        if (memory_owner(world, index) == index) {  // a child by vfork borrows the pages, so the parent reports the copy
            changes.push_back({read.process.pid, process->pages.get(), read.pages.get()});
            processes.push_back(index);
        }
    }
    const auto shared_before = [&](std::size_t first, std::size_t second) {
        return shared_pages(sharing, world, sharing.events.empty() ? 0 : sharing.events.size() - 1, processes[first],
                            processes[second]);
    };
    std::vector<CopiedRun> copied = copied_pages(changes, shared_before);
    std::erase_if(copied, [&](const CopiedRun& run) { return is_code(world, run); });
    return copied;
}

}  // namespace procatlas
