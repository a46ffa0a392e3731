#include "core/layout/memory_column.h"

#include "core/base/text.h"

namespace procatlas {

MemoryColumn memory_title(const World& world, std::size_t index, const Words& words) {
    const Process& process = world.processes[index];
    MemoryColumn column;
    column.process = index;
    column.gone = !process.alive();
    column.title = std::to_string(process.key.pid);
    column.subtitle = process.parent ? words.format("memory.child_of", world.processes[*process.parent].key.pid)
                                     : std::string(words.text("memory.first"));
    if (const std::string program = display_text(base_name(process.program())); !program.empty()) {
        column.subtitle = program + " · " + column.subtitle;
    }
    return column;
}

MemoryColumn memory_column(const World& world, std::size_t index, std::span<const ElfImage> images, const Words& words) {
    MemoryColumn column = memory_title(world, index, words);
    column.regions = regions_of(world.processes[index], images);
    column.places = places_of(world.processes[index], column.regions);
    return column;
}

}  // namespace procatlas
