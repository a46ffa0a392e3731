#include "core/model/copies.h"

#include <algorithm>
#include <unordered_map>
#include <utility>

namespace procatlas {
namespace {

// Code of a file, which no program writes to: it is our breakpoints that make copies of its pages.
bool is_code(const World& world, const CopiedRun& run) {
    const Process* process = world.find_pid(run.pid);
    if (!process || !process->memory) {
        return false;
    }
    const auto& mappings = process->memory->mappings;
    const auto after = std::ranges::upper_bound(mappings, run.start, {}, [](const Mapping& m) { return m.range.start; });
    if (after == mappings.begin()) {
        return false;
    }
    const Mapping& mapping = *std::prev(after);
    return mapping.range.contains(run.start) && mapping.inode != 0 && mapping.permissions.execute && !mapping.permissions.write;
}

}  // namespace

std::vector<CopiedRun> copied_at(const World& world, const Event& event) {
    const bool new_memory = std::holds_alternative<ExecEvent>(event.detail);
    std::vector<CopiedRun> copied;
    std::vector<PagesChange> changes;
    std::unordered_map<std::int32_t, const Pages*> last;
    const auto take_changes = [&] {
        const auto more = copied_pages(std::exchange(changes, {}));
        copied.insert(copied.end(), more.begin(), more.end());
    };
    for (const PagesRead& read : event.pages) {
        const Process* process = world.find(read.process);
        if (!process || !read.pages || (new_memory && read.process == event.process)) {
            continue;
        }
        const auto [known, first] = last.try_emplace(read.process.pid, process->pages.get());
        if (!first) {
            take_changes();  // read twice: once before a fork, which shares again what was copied
        }
        if (known->second) {
            changes.push_back({read.process.pid, known->second, read.pages.get()});
        }
        known->second = read.pages.get();
    }
    take_changes();
    std::erase_if(copied, [&](const CopiedRun& run) { return is_code(world, run); });
    return copied;
}

}  // namespace procatlas
