#include "core/export/request/chosen_processes.h"

#include <algorithm>

#include "core/layout/memory/memory_column.h"
#include "core/layout/processes/shown_processes.h"

namespace procatlas {

Result<std::vector<std::size_t>> chosen_processes(const World& world, std::span<const std::int32_t> pids, std::size_t moment,
                                                  const Messages& words) {
    std::vector<std::size_t> chosen;
    for (const std::int32_t pid : pids) {
        const Process* process = world.find_pid(pid);
        if (process == nullptr) {
            return fail(words.format("figure.no_pid", pid, moment));
        }
        chosen.push_back(static_cast<std::size_t>(process - world.processes.data()));
    }
    return chosen;
}

std::size_t acting_process(const Recording& recording, const World& world, std::size_t moment) {
    const auto acting = recording.empty() ? std::nullopt : recording.process_of(moment);
    return acting.value_or(0) < world.processes.size() ? acting.value_or(0) : 0;
}

std::vector<std::size_t> columns_with_acting(const Recording& recording, const World& world, std::size_t moment,
                                             std::size_t room) {
    std::vector<std::size_t> columns = distinct_memories(world, first_and_youngest(ShownProcesses(world, world, {}), room));
    if (world.processes.empty() || room == 0) {
        return columns;
    }
    const std::size_t acting = memory_owner(world, acting_process(recording, world, moment));
    if (std::ranges::find(columns, acting) == columns.end()) {
        if (columns.size() >= room) {
            columns.pop_back();
        }
        columns.push_back(acting);
        std::ranges::sort(columns);
    }
    return columns;
}

}  // namespace procatlas
