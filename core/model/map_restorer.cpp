// MapHistory::restored: replays the rows in the order in which they were recorded, but trusts none of them.
#include <algorithm>
#include <iterator>
#include <numeric>
#include <optional>
#include <span>
#include <utility>

#include "core/model/map_history.h"

namespace procatlas {

class MapRestorer {
public:
    explicit MapRestorer(KeptMaps kept) : kept_(std::move(kept)) {}

    Result<MapHistory> run() {
        history_.tracks_.resize(kept_.process_count);
        for (const MappedFile& file : kept_.files) {
            files_.push_back(history_.file_of(file));
        }
        if (auto fine = take_rows(); !fine) {
            return std::unexpected(fine.error());
        }
        if (auto fine = take_marks(); !fine) {
            return std::unexpected(fine.error());
        }
        if (auto fine = play(); !fine) {
            return std::unexpected(fine.error());
        }
        for (MapHistory::Track& track : history_.tracks_) {
            track.open = std::vector<std::uint32_t>();  // the last maps are made where they are looked at
        }
        return std::move(history_);
    }

private:
    Result<void> take_rows() {
        for (const MapRows::Piece& piece : kept_.rows.pieces()) {
            if (piece.file >= files_.size()) {
                return fail("a mapping in it makes no sense");
            }
        }
        kept_.rows.rename_files(files_);
        std::uint32_t before = 0;
        const auto rows = kept_.rows.packed();
        for (std::size_t i = 0; i < rows.size(); ++i) {
            const MapRows::Packed& row = rows[i];
            if (row.process >= kept_.process_count || row.range.empty() || row.since >= kept_.event_count ||
                row.since < before || row.until <= row.since) {
                return fail("a mapping in it makes no sense");
            }
            if (i % let_go_every == 0) {
                kept_.rows.let_go();
            }
            before = row.since;
            if (row.until >= kept_.event_count) {
                kept_.rows.end_row(i, MapRow::open);
            }
        }
        history_.rows_ = std::move(kept_.rows);
        history_.rows_.let_go();
        return {};
    }

    Result<void> take_marks() {
        std::uint32_t before = 0;
        for (const MarksRow& marks : kept_.marks.all()) {
            if (marks.process >= kept_.process_count || marks.since >= kept_.event_count || marks.since < before) {
                return fail("the marks of a process in it make no sense");
            }
            before = marks.since;
        }
        history_.marks_ = std::move(kept_.marks);
        return {};
    }

    template <typename Take>
    void each_ended(Take take) const {
        const auto rows = history_.rows_.packed();
        for (std::uint32_t id = 0; id < rows.size(); ++id) {
            if (rows[id].until != MapRow::open) {
                take(id, rows[id].until);
            }
            if (id % let_go_every == 0) {
                history_.rows_.let_go();
            }
        }
    }

    // The rows that end, in order of time. A counting sort: sorting millions of rows takes longer than everything else.
    std::vector<std::uint32_t> ends() const {
        std::vector<std::uint32_t> place(kept_.event_count + 1, 0);
        each_ended([&](std::uint32_t, std::uint32_t until) { ++place[until + 1]; });
        std::partial_sum(place.begin(), place.end(), place.begin());
        std::vector<std::uint32_t> ids(place.back());
        each_ended([&](std::uint32_t id, std::uint32_t until) { ids[place[until]++] = id; });
        return ids;
    }

    // At each moment: first the rows that end, then the marks, then the rows that begin.
    Result<void> play() {
        const std::vector<std::uint32_t> ends = this->ends();
        const auto rows = history_.rows_.packed();
        const auto& marks = history_.marks_;
        std::size_t e = 0;
        std::uint32_t m = 0;
        std::uint32_t r = 0;
        std::uint32_t let_go_at = let_go_every;
        while (r < rows.size() || m < marks.size() || e < ends.size()) {
            if (r >= let_go_at) {
                let_go_at = r + let_go_every;
                history_.rows_.let_go();
            }
            std::uint32_t moment = MapRow::open;
            moment = e < ends.size() ? std::min(moment, rows[ends[e]].until) : moment;
            moment = m < marks.size() ? std::min(moment, marks[m].since) : moment;
            moment = r < rows.size() ? std::min(moment, rows[r].since) : moment;
            ended_.clear();
            for (; e < ends.size() && rows[ends[e]].until == moment; ++e) {
                ended_.push_back(ends[e]);
            }
            for (; m < marks.size() && marks[m].since == moment; ++m) {
                history_.tracks_[marks[m].process].marks.push_back(m);
                note_change(history_.tracks_[marks[m].process], moment);
            }
            begun_.clear();
            for (; r < rows.size() && rows[r].since == moment; ++r) {
                begun_.push_back(r);
            }
            if (!change_maps(moment)) {
                return fail("mappings in it lie over each other, or belong to no map");
            }
            if (moved_ > most_moved) {
                return fail("it has more mappings than can be read in a reasonable time");
            }
        }
        return {};
    }

    static void note_change(MapHistory::Track& track, std::uint32_t moment) {
        if (track.changes.empty() || track.changes.back() != moment) {
            track.changes.push_back(moment);
        }
    }

    const MapRows::Packed& row(std::uint32_t id) const { return history_.rows_.packed()[id]; }

    // `ended_` and `begun_`, process by process. False: the rows make no map.
    bool change_maps(std::uint32_t moment) {
        const auto by_place = [&](std::uint32_t id) { return std::pair(row(id).process, row(id).range.start); };
        std::ranges::sort(ended_, {}, by_place);
        std::ranges::sort(begun_, {}, by_place);
        std::span<const std::uint32_t> ended = ended_;
        std::span<const std::uint32_t> begun = begun_;
        while (!ended.empty() || !begun.empty()) {
            const std::uint32_t process = begun.empty() || (!ended.empty() && row(ended[0]).process < row(begun[0]).process)
                                              ? row(ended[0]).process
                                              : row(begun[0]).process;
            MapHistory::Track& track = history_.tracks_[process];
            if (!change_map(track, take_of(process, ended), take_of(process, begun))) {
                return false;
            }
            note_change(track, moment);
            history_.keep_checkpoint(track, moment);
        }
        return true;
    }

    // Those of the process, which are the first.
    std::span<const std::uint32_t> take_of(std::uint32_t process, std::span<const std::uint32_t>& ids) const {
        const auto end = std::ranges::find_if(ids, [&](std::uint32_t id) { return row(id).process != process; });
        const auto own = ids.first(static_cast<std::size_t>(end - ids.begin()));
        ids = ids.subspan(own.size());
        return own;
    }

    bool change_map(MapHistory::Track& track, std::span<const std::uint32_t> ended, std::span<const std::uint32_t> begun) {
        constexpr std::size_t few = 4;
        if (!begun.empty() && track.marks.empty()) {
            return false;
        }
        // The order in which they were recorded, which files that are written later keep.
        for (const std::uint32_t id : recorded_order(begun)) {
            track.rows.push_back(id);
        }
        if (ended.size() + begun.size() > few) {
            return merge(track, ended, begun);
        }
        for (const std::uint32_t id : ended) {
            close(track, id);
        }
        return std::ranges::all_of(begun, [&](std::uint32_t id) { return open(track, id); });
    }

    std::span<const std::uint32_t> recorded_order(std::span<const std::uint32_t> ids) {
        sorted_.assign(ids.begin(), ids.end());
        std::ranges::sort(sorted_);
        return sorted_;
    }

    // The first open row of the process that starts at or after `address`.
    auto place_of(MapHistory::Track& track, Address address) {
        return std::ranges::lower_bound(track.open, address, {}, [&](std::uint32_t id) { return row(id).range.start; });
    }

    void close(MapHistory::Track& track, std::uint32_t id) {
        const auto place =
            place_of(track, row(id).range.start);  // it exists: every row that begins is opened, or reading fails
        moved_ += static_cast<std::size_t>(track.open.end() - place);
        track.open.erase(place);
    }

    bool open(MapHistory::Track& track, std::uint32_t id) {
        const AddressRange range = row(id).range;
        const auto place = place_of(track, range.start);
        const bool free = (place == track.open.end() || row(*place).range.start >= range.end) &&
                          (place == track.open.begin() || row(*std::prev(place)).range.end <= range.start);
        moved_ += static_cast<std::size_t>(track.open.end() - place);
        track.open.insert(place, id);
        return free;
    }

    // Many at once: each alone would move all that lie above it.
    bool merge(MapHistory::Track& track, std::span<const std::uint32_t> ended, std::span<const std::uint32_t> begun) {
        std::erase_if(track.open, [&](std::uint32_t id) {
            const bool ends = !ended.empty() && ended[0] == id;
            ended = ended.subspan(ends ? 1 : 0);
            return ends;
        });
        std::vector<std::uint32_t> merged;
        merged.reserve(track.open.size() + begun.size());
        std::ranges::merge(
            track.open, begun, std::back_inserter(merged), {}, [&](std::uint32_t id) { return row(id).range.start; },
            [&](std::uint32_t id) { return row(id).range.start; });
        moved_ += merged.size();
        track.open = std::move(merged);
        return std::ranges::adjacent_find(track.open, [&](std::uint32_t low, std::uint32_t high) {
                   return row(low).range.end > row(high).range.start;
               }) == track.open.end();
    }

    // Opening or closing a row moves the open rows after it. Real recordings move a few hundred for each, or all of them at
    // once.
    static constexpr std::size_t most_moved = 20'000'000'000;

    // Rows that are in memory while they are gone through in order.
    static constexpr std::uint32_t let_go_every = 1 << 17;

    KeptMaps kept_;
    MapHistory history_;
    std::vector<std::uint32_t> files_;
    std::vector<std::uint32_t> ended_;  // rows that end at this moment …
    std::vector<std::uint32_t> begun_;  // … and that begin
    std::vector<std::uint32_t> sorted_;
    std::size_t moved_ = 0;
};

Result<MapHistory> MapHistory::restored(KeptMaps kept) {
    return MapRestorer(std::move(kept)).run();
}

}  // namespace procatlas
