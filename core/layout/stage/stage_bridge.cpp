#include "core/layout/stage/stage_bridge.h"

#include <algorithm>

#include "core/base/text.h"

namespace procatlas {

std::string StageBridge::pages_text(std::uint64_t pages, const Messages& words) const {
    return words.format(pages == 1 ? "compare.page" : "compare.pages", count_text(pages));
}

StageBridges::StageBridges(const LayoutContext& context, std::size_t first, std::size_t second)
    : c_(context),
      first_(first),
      second_(second),
      read_(context.world.processes[first].pages && context.world.processes[second].pages),
      pages_(context.recording, context.world, context.moment, first, second) {}

StageBridge StageBridges::of(const StageArea& first, const StageArea& second) const {
    StageBridge bridge;
    if (first.shared_memory && second.shared_memory) {
        bridge.together = true;
        return bridge;
    }
    if (first.role == Role::code) {  // written by nobody but procatlas, whose breakpoints make pages private
        bridge.same_file = true;
        return bridge;
    }
    for (std::size_t i = 0; i < first.parts.size(); ++i) {
        const CommonPages::Counts counts = pages_.in(first.parts[i], first.of_file[i]);
        bridge.shared += counts.shared;
        bridge.copied += counts.copied;
    }
    if (first.furniture && bridge.shared > 0) {
        bridge.copied = 0;  // what the loader wrote is not what a lesson is about
    }
    const auto copied = c_.recording.events()[c_.moment].copied.all();
    const auto is_here = [&](const CopiedRun& run) {
        const bool of_either = run.pid == c_.world.processes[first_].key.pid || run.pid == c_.world.processes[second_].key.pid;
        const AddressRange range{run.start, run.start + run.pages * 4096};
        return of_either && std::ranges::any_of(first.parts, [&](const AddressRange& part) { return part.overlaps(range); });
    };
    bridge.copied_now = std::ranges::any_of(copied, is_here);
    return bridge;
}

}  // namespace procatlas
