#include "app/panels/shown_regions.h"

namespace procatlas {

std::vector<Region> regions_now(const Frame& frame, std::size_t process) {
    const auto& processes = frame.world().processes;
    return process < processes.size() ? regions_of(processes[process], frame.run.recording().images()) : std::vector<Region>{};
}

MapChanges changes_of(const Frame& frame, std::size_t process, std::size_t first) {
    const Recording& recording = frame.run.recording();
    switch (frame.view.compare) {
        case Compare::event:
            return changes_at(recording, frame.world(), process, frame.words);
        case Compare::since:
            return changes_since(recording, frame.world(), process, frame.view.compare_since, frame.words);
        case Compare::processes:
            return process == first ? MapChanges{}
                                    : compare_maps(regions_now(frame, first), regions_now(frame, process), frame.words);
    }
    return {};
}

}  // namespace procatlas
