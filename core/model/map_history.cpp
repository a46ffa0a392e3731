#include "core/model/map_history.h"

#include <algorithm>
#include <cassert>
#include <utility>

namespace procatlas {
namespace {

// How many mappings at the start, and how many of the rest at the end, are the same in both.
struct Kept {
    std::size_t first = 0;
    std::size_t last = 0;
};

Kept kept_at_ends(const std::vector<Mapping>& before, const std::vector<Mapping>& now) {
    Kept kept;
    const std::size_t shorter = std::min(before.size(), now.size());
    while (kept.first < shorter && before[kept.first] == now[kept.first]) {
        ++kept.first;
    }
    while (kept.first + kept.last < shorter && before[before.size() - 1 - kept.last] == now[now.size() - 1 - kept.last]) {
        ++kept.last;
    }
    return kept;
}

MappedFile file_behind(const Mapping& mapping) {
    return {mapping.name, mapping.device_major, mapping.device_minor, mapping.inode};
}

}  // namespace

std::shared_ptr<const AddressSpace> MapHistory::record(std::size_t process, std::size_t moment,
                                                       const std::shared_ptr<const AddressSpace>& space) {
    assert(moment < MapRow::open);
    Track& track = track_of(process);
    if (track.last && (space == track.last || space == track.told.lock())) {
        return track.last;
    }
    if (!track.last && !track.changes.empty()) {
        track.open = open_at(track, track.changes.back());
        track.last = space_of(track, track.open, track.changes.back());
    }
    track.told = space;
    const auto now = static_cast<std::uint32_t>(moment);
    const auto owner = static_cast<std::uint32_t>(process);
    bool changed = record_mappings(track, owner, now, *space);
    if (!track.last || track.last->marks != space->marks || track.last->torn != space->torn) {
        track.marks.push_back(static_cast<std::uint32_t>(marks_.size()));
        marks_.push_back({owner, now, space->marks, space->torn});
        changed = true;
    }
    if (changed) {
        track.changes.push_back(now);
        track.last = space_of(track, track.open, now);
    }
    keep_checkpoint(track, now);
    return track.last;
}

// Both lists ascend, so one walk over the different part finds the removed and the added mappings.
bool MapHistory::record_mappings(Track& track, std::uint32_t process, std::uint32_t moment, const AddressSpace& space) {
    static const std::vector<Mapping> none;
    const std::vector<Mapping>& before = track.last ? track.last->mappings : none;
    const std::vector<Mapping>& now = space.mappings;
    const Kept kept = kept_at_ends(before, now);
    const std::size_t before_end = before.size() - kept.last;
    const std::size_t now_end = now.size() - kept.last;
    std::vector<std::uint32_t> middle;
    std::size_t b = kept.first;
    std::size_t n = kept.first;
    while (b < before_end || n < now_end) {
        if (b < before_end && n < now_end && before[b] == now[n]) {
            middle.push_back(track.open[b]);
            ++b;
            ++n;
        } else if (b < before_end && (n == now_end || before[b].range.start <= now[n].range.start)) {
            rows_.end_row(track.open[b], moment);
            closed_.push_back(track.open[b]);
            ++b;
        } else {
            const auto id = static_cast<std::uint32_t>(rows_.size());
            rows_.push_back(
                {now[n].range, now[n].offset, process, file_of(file_behind(now[n])), moment, MapRow::open, now[n].permissions});
            track.rows.push_back(id);
            middle.push_back(id);
            ++n;
        }
    }
    const auto at = [&](std::size_t i) { return track.open.begin() + static_cast<std::ptrdiff_t>(i); };
    track.open.insert(track.open.erase(at(kept.first), at(before_end)), middle.begin(), middle.end());
    return before_end != kept.first || now_end != kept.first;
}

void MapHistory::keep_checkpoint(Track& track, std::uint32_t moment) const {
    constexpr std::size_t every = 512;
    const std::size_t last = track.checkpoints.empty() ? 0 : track.checkpoints.back().row_count;
    if (track.rows.size() - last >= std::max(every, 4 * track.open.size())) {
        track.checkpoints.push_back({moment, track.rows.size(), track.open});
    }
}

std::vector<std::uint32_t> MapHistory::open_at(const Track& track, std::uint32_t moment) const {
    const auto rows = rows_.packed();
    std::vector<std::uint32_t> open;
    std::size_t next = 0;
    const auto after = std::ranges::upper_bound(track.checkpoints, moment, {}, &Checkpoint::moment);
    if (after != track.checkpoints.begin()) {
        const Checkpoint& checkpoint = *std::prev(after);
        std::ranges::copy_if(checkpoint.open, std::back_inserter(open),
                             [&](std::uint32_t id) { return rows[id].until > moment; });
        next = checkpoint.row_count;
    }
    for (; next < track.rows.size() && rows[track.rows[next]].since <= moment; ++next) {
        if (rows[track.rows[next]].until > moment) {
            open.push_back(track.rows[next]);
        }
    }
    std::ranges::sort(open, {}, [&](std::uint32_t id) { return rows[id].range.start; });
    return open;
}

std::shared_ptr<const AddressSpace> MapHistory::space_at(std::size_t process, std::size_t moment) const {
    if (process >= tracks_.size()) {
        return nullptr;
    }
    Track& track = tracks_[process];
    const auto after = std::ranges::upper_bound(track.changes, moment);
    if (after == track.changes.begin()) {
        return nullptr;
    }
    if (after == track.changes.end() && track.last) {
        return track.last;
    }
    const std::uint32_t change = *std::prev(after);
    if (auto built = track.built.lock(); built && track.built_change == change) {
        return built;
    }
    auto space = space_of(track, open_at(track, change), change);
    track.built = space;
    track.built_change = change;
    return space;
}

bool MapHistory::has_space_at(std::size_t process, std::size_t moment) const {
    return process < tracks_.size() && !tracks_[process].changes.empty() && tracks_[process].changes.front() <= moment;
}

void MapHistory::let_go(std::size_t process) {
    if (process < tracks_.size()) {
        Track& track = tracks_[process];
        track.last.reset();
        track.told.reset();
        track.open = std::vector<std::uint32_t>();  // `= {}` would keep its room
        track.rows.shrink_to_fit();
        track.changes.shrink_to_fit();
    }
}

std::shared_ptr<const AddressSpace> MapHistory::space_of(const Track& track, std::span<const std::uint32_t> open,
                                                         std::uint32_t moment) const {
    // Not make_shared: what only knows of the map (`built`, `told`) would keep its room.
    std::shared_ptr<AddressSpace> space(std::make_unique<AddressSpace>());
    space->mappings.reserve(open.size());
    for (const std::uint32_t id : open) {
        space->mappings.push_back(mapping(rows_[id]));
    }
    const auto marks = std::ranges::upper_bound(track.marks, moment, {}, [&](std::uint32_t id) { return marks_[id].since; });
    space->marks = marks_[*std::prev(marks)].marks;
    space->torn = marks_[*std::prev(marks)].torn;
    space->names = names_;
    return space;
}

void MapHistory::let_go_rows() const {
    rows_.let_go();
    marks_.let_go();
}

std::span<const std::uint32_t> MapHistory::changes(std::size_t process) const {
    return process < tracks_.size() ? std::span<const std::uint32_t>(tracks_[process].changes)
                                    : std::span<const std::uint32_t>();
}

Mapping MapHistory::mapping(const MapRow& row) const {
    const MappedFile& file = files_[row.file];
    return {row.range, row.permissions, row.offset, file.device_major, file.device_minor, file.inode, file.name};
}

MapHistory::Track& MapHistory::track_of(std::size_t process) {
    if (process >= tracks_.size()) {
        tracks_.resize(process + 1);
    }
    return tracks_[process];
}

std::uint32_t MapHistory::file_of(MappedFile file) {
    if (const auto known = file_ids_.find(file); known != file_ids_.end()) {
        return known->second;
    }
    file.name = names_->emplace_back(file.name);
    const auto id = static_cast<std::uint32_t>(files_.size());
    files_.push_back(file);
    file_ids_.emplace(file, id);
    return id;
}

}  // namespace procatlas
