#include "core/layout/memory/memory_column.h"

#include <algorithm>

#include "core/model/places.h"
#include "core/narrate/program_name.h"

namespace procatlas {

std::vector<std::size_t> distinct_memories(const World& world, std::span<const std::size_t> processes) {
    std::vector<std::size_t> owners;
    for (const std::size_t process : processes) {
        const std::size_t owner = memory_owner(world, process);
        if (std::ranges::find(owners, owner) == owners.end()) {
            owners.push_back(owner);
        }
    }
    return owners;
}

MemoryColumn memory_title(const World& world, std::size_t index, const Messages& words) {
    const Process& process = world.processes[index];
    MemoryColumn column;
    column.process = index;
    column.gone = !process.alive();
    column.kernel_thread = process.kernel_thread;
    column.title = std::to_string(process.key.pid);
    for (const std::size_t child : process.children) {
        if (memory_owner(world, child) == memory_owner(world, index)) {
            column.title += " + " + std::to_string(world.processes[child].key.pid);
            column.shared = true;
        }
    }
    column.subtitle = column.shared    ? std::string(words.text("memory.shared_by_vfork"))
                      : process.parent ? words.format("memory.child_of", world.processes[*process.parent].key.pid)
                                       : std::string(words.text("memory.first"));
    if (column.gone) {  // comes first, because a long subtitle is cut at its end
        const bool zombie = process.state == ProcessState::zombie;
        column.subtitle = std::string(words.text(zombie ? "memory.zombie" : "memory.was")) + " · " + column.subtitle;
        return column;
    }
    if (process.threads.size() > 1) {
        column.subtitle = words.format("memory.one_for_threads", process.threads.size()) + " · " + column.subtitle;
    }
    if (const std::string program = program_name(process); !program.empty()) {
        column.subtitle = program + " · " + column.subtitle;
    }
    if (process.changes_not_read != 0) {
        column.subtitle = words.format("memory.as_of", process.memory_moment) + " · " + column.subtitle;
    }
    return column;
}

MemoryColumn memory_column(const World& world, std::size_t index, std::span<const ElfImage> images, const Messages& words) {
    MemoryColumn column = memory_title(world, index, words);
    column.regions = regions_of(world.processes[index], images);
    column.places = places_of(world.processes[index], column.regions);
    return column;
}

}  // namespace procatlas
