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

// Takes the runs of those who only kept a page that `writer` has copied.
std::vector<CopiedRun> without_kept(const std::vector<CopiedRun>& copied, std::span<const PagesRead> pages, ProcessKey writer,
                                    ByteCount page_size) {
    const auto range_of = [&](const CopiedRun& run) { return AddressRange{run.start, run.start + run.pages * page_size}; };
    AddressRanges written;
    for (const CopiedRun& run : copied) {
        if (run.pid == writer.pid) {
            written.push_back(range_of(run));
        }
    }
    std::vector<CopiedRun> told;
    for (const CopiedRun& run : copied) {
        const auto read = std::ranges::find(pages, run.pid, [](const PagesRead& one) { return one.process.pid; });
        if (run.pid == writer.pid || read == pages.end() || !read->did_not_run) {
            told.push_back(run);
            continue;
        }
        for (const AddressRange& range : without({range_of(run)}, written)) {
            told.push_back({run.pid, range.start, range.size() / page_size});
        }
    }
    return told;
}

bool holds(const CopiedRun& run, Address address) {
    constexpr ByteCount page_size = 4096;  // of every machine that the observer runs on
    return address >= run.start && address - run.start < run.pages * page_size;
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
    return copied.empty() ? copied : without_kept(copied, pages, of, changes.front().after->page_size);
}

bool has_parted(std::span<const CopiedRun> copied, std::int32_t pid, Address address) {
    return std::ranges::any_of(copied, [&](const CopiedRun& run) { return run.pid == pid && holds(run, address); });
}

bool has_copied(std::span<const CopiedRun> copied, std::int32_t pid, Address address) {
    return has_parted(copied, pid, address) &&
           std::ranges::none_of(copied, [&](const CopiedRun& run) { return run.pid != pid && holds(run, address); });
}

}  // namespace procatlas
