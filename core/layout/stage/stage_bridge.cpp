#include "core/layout/stage/stage_bridge.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "core/base/text.h"

namespace procatlas {

std::string StageBridge::pages_text(std::uint64_t pages, const Messages& words) const {
    return words.format(pages == 1 ? "compare.page" : "compare.pages", count_text(pages));
}

namespace {

constexpr ByteCount page_size = 4096;
constexpr std::size_t most_ranges = 512;

// The area as ranges of whole pages: parts that touch, and are of one kind, are one range, and no page is in two.
std::vector<std::pair<AddressRange, bool>> whole_pages(const StageArea& area) {
    std::vector<std::pair<AddressRange, bool>> ranges;
    for (std::size_t i = 0; i < area.parts.size(); ++i) {
        AddressRange range{area.parts[i].start & ~(page_size - 1), (area.parts[i].end + page_size - 1) & ~(page_size - 1)};
        if (!ranges.empty()) {
            range.start = std::max(range.start, ranges.back().first.end);
        }
        if (range.empty()) {
            continue;  // on the last page of the part before
        }
        if (!ranges.empty() && ranges.back().first.end == range.start && ranges.back().second == area.of_file[i]) {
            ranges.back().first.end = range.end;
        } else {
            ranges.emplace_back(range, area.of_file[i]);
        }
    }
    return ranges;
}

}  // namespace

StageBridges::StageBridges(const LayoutContext& context, std::size_t first, std::size_t second)
    : c_(context),
      first_(first),
      second_(second),
      read_(context.world.processes[first].pages && context.world.processes[second].pages),
      pages_(context.recording, context.world, context.moment, first, second) {
    for (const std::size_t process : {first, second}) {
        if (const auto& pages = context.world.processes[process].pages) {
            unread_ = joined_ranges(ranges_in(*pages, {PageState::unread}), unread_);
        }
    }
}

bool StageBridges::copied_at_moment(std::size_t process, const StageArea& area) const {
    return std::ranges::any_of(c_.recording.events()[c_.moment].copied.all(), [&](const CopiedRun& run) {
        return run.pid == c_.world.processes[process].key.pid && touches(area, run);
    });
}

JustCopied StageBridges::just_copied(const std::array<std::string, 2>& names) const {
    const Event& event = c_.recording.events()[c_.moment];
    const std::array<ProcessKey, 2> keys{c_.world.processes[first_].key, c_.world.processes[second_].key};
    std::array<std::uint64_t, 2> copied{};
    for (const CopiedRun& run : event.copied.all()) {
        for (std::size_t side = 0; side < keys.size(); ++side) {
            copied[side] += run.pid == keys[side].pid ? run.pages : 0;
        }
    }
    if (copied[0] > 0 && copied[1] > 0) {  // the states leave it open which of the two wrote
        return {{c_.words.format("stage.parted_now", names[0], names[1])}, true};
    }
    for (std::size_t side = 0; side < keys.size(); ++side) {
        if (copied[side] > 0) {
            const std::string count = count_text(copied[side]);
            return {
                {c_.words.format(copied[side] == 1 ? "stage.page_just_copied" : "stage.pages_just_copied", names[side], count),
                 names[side] + " +" + count},
                true};
        }
    }
    std::array<bool, 2> read{};
    for (std::size_t side = 0; side < keys.size(); ++side) {
        const std::size_t process = side == 0 ? first_ : second_;
        const auto& pages = c_.world.processes[process].pages;
        read[side] = std::ranges::find(event.pages, keys[side]) != event.pages.end() && pages &&
                     ranges_in(*pages, {PageState::unread}).empty() && was_read_before(process);
    }
    if (!read[0] && !read[1]) {
        return {};
    }
    const std::string who = read[0] && read[1] ? std::string() : names[read[0] ? 0 : 1] + ": ";
    JustCopied none;
    for (const char* key : {"stage.nothing_just_copied", "stage.nothing_just_copied_short"}) {
        none.texts.push_back(who + std::string(c_.words.text(key)));
    }
    return none;
}

// The first reading of a process does not tell what was copied when, but right after a fork nothing is yet.
bool StageBridges::was_read_before(std::size_t process) const {
    const auto born_now = [&](std::size_t child) {
        return c_.world.processes[child].born_moment == c_.moment && c_.world.processes[child].parent.has_value();
    };
    const std::size_t other = process == first_ ? second_ : first_;
    return born_now(process) || (born_now(other) && c_.world.processes[other].parent == process) ||
           c_.recording.pages().states().has_before(process, c_.moment);
}

bool StageBridges::touches(const StageArea& area, const CopiedRun& run) {
    const Address end = run.start + run.pages * page_size;
    const auto part = std::ranges::upper_bound(area.parts, run.start, {}, &AddressRange::end);
    return part != area.parts.end() && part->start < end;
}

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
    const auto ranges = whole_pages(first);
    if (ranges.size() > most_ranges) {
        return bridge;  // to count them would take longer than a draw may
    }
    for (const auto& [pages, of_file] : ranges) {
        const CommonPages::Counts counts = pages_.in(pages, of_file);
        bridge.shared += counts.shared;
        bridge.copied += counts.copied;
        bridge.apart += counts.apart;
        bridge.unread += size_of(common_part({pages}, unread_)) / page_size;
    }
    if (first.furniture && bridge.shared > 0) {
        bridge.hides_copies = bridge.own() > 0;
        bridge.copied = bridge.apart = 0;  // what the loader wrote is not what a lesson is about
    }
    for (const std::size_t process : {first_, second_}) {
        const Process& read = c_.world.processes[process];
        bridge.stale |= !read.pages_moment || read.last_moment > *read.pages_moment;
    }
    bridge.copied_now = {copied_at_moment(first_, first), copied_at_moment(second_, first)};
    return bridge;
}

}  // namespace procatlas
