// MapHistory::restored: replays the rows in the order in which they were recorded, but trusts none of them.
#include <algorithm>
#include <numeric>
#include <optional>
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
            before = row.since;
            if (row.until >= kept_.event_count) {
                kept_.rows.end_row(i, MapRow::open);
            }
        }
        history_.rows_ = std::move(kept_.rows);
        reserve_tracks();
        return {};
    }

    // Reserves exactly: lists that grow take up to twice the space.
    void reserve_tracks() {
        std::vector<std::size_t> counts(kept_.process_count);
        for (const MapRows::Packed& row : history_.rows_.packed()) {
            ++counts[row.process];
        }
        for (std::size_t i = 0; i < counts.size(); ++i) {
            history_.tracks_[i].rows.reserve(counts[i]);
        }
    }

    Result<void> take_marks() {
        std::uint32_t before = 0;
        for (const MarksRow& marks : kept_.marks) {
            if (marks.process >= kept_.process_count || marks.since >= kept_.event_count || marks.since < before) {
                return fail("the marks of a process in it make no sense");
            }
            before = marks.since;
        }
        history_.marks_ = std::move(kept_.marks);
        return {};
    }

    // The rows that end, in order of time. A counting sort: sorting millions of rows takes longer than everything else.
    std::vector<std::uint32_t> ends() const {
        std::vector<std::uint32_t> place(kept_.event_count + 1, 0);
        const auto rows = history_.rows_.packed();
        for (const MapRows::Packed& row : rows) {
            if (row.until != MapRow::open) {
                ++place[row.until + 1];
            }
        }
        std::partial_sum(place.begin(), place.end(), place.begin());
        std::vector<std::uint32_t> ids(place.back());
        for (std::uint32_t id = 0; id < rows.size(); ++id) {
            if (rows[id].until != MapRow::open) {
                ids[place[rows[id].until]++] = id;
            }
        }
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
        while (r < rows.size() || m < marks.size() || e < ends.size()) {
            std::uint32_t moment = MapRow::open;
            moment = e < ends.size() ? std::min(moment, rows[ends[e]].until) : moment;
            moment = m < marks.size() ? std::min(moment, marks[m].since) : moment;
            moment = r < rows.size() ? std::min(moment, rows[r].since) : moment;
            for (; e < ends.size() && rows[ends[e]].until == moment; ++e) {
                close(ends[e]);
            }
            for (; m < marks.size() && marks[m].since == moment; ++m) {
                history_.tracks_[marks[m].process].marks.push_back(m);
                note_change(history_.tracks_[marks[m].process], moment);
            }
            begun_.clear();
            for (; r < rows.size() && rows[r].since == moment; ++r) {
                if (!open(r)) {
                    return fail("mappings in it lie over each other, or belong to no map");
                }
            }
            for (const std::uint32_t process : begun_) {
                history_.keep_checkpoint(history_.tracks_[process], moment);
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

    // The first open row of the process that starts at or after `address`.
    auto place_of(MapHistory::Track& track, Address address) {
        return std::ranges::lower_bound(track.open, address, {},
                                        [&](std::uint32_t id) { return history_.rows_.packed()[id].range.start; });
    }

    void close(std::uint32_t id) {
        const MapRows::Packed& row = history_.rows_.packed()[id];
        MapHistory::Track& track = history_.tracks_[row.process];
        const auto place = place_of(track, row.range.start);  // it exists: every row that begins is opened, or reading fails
        moved_ += static_cast<std::size_t>(track.open.end() - place);
        track.open.erase(place);
        note_change(track, row.until);
    }

    bool open(std::uint32_t id) {
        const MapRows::Packed& row = history_.rows_.packed()[id];
        MapHistory::Track& track = history_.tracks_[row.process];
        const auto place = place_of(track, row.range.start);
        const bool free =
            (place == track.open.end() || history_.rows_.packed()[*place].range.start >= row.range.end) &&
            (place == track.open.begin() || history_.rows_.packed()[*std::prev(place)].range.end <= row.range.start);
        if (!free || track.marks.empty()) {
            return false;
        }
        moved_ += static_cast<std::size_t>(track.open.end() - place);
        track.open.insert(place, id);
        track.rows.push_back(id);
        note_change(track, row.since);
        if (begun_.empty() || begun_.back() != row.process) {
            begun_.push_back(row.process);
        }
        return true;
    }

    // Opening or closing a row moves the open rows after it. Real recordings move a few hundred for each.
    static constexpr std::size_t most_moved = 20'000'000'000;

    KeptMaps kept_;
    MapHistory history_;
    std::vector<std::uint32_t> files_;
    std::vector<std::uint32_t> begun_;  // processes in which rows begin at this moment
    std::size_t moved_ = 0;
};

Result<MapHistory> MapHistory::restored(KeptMaps kept) {
    return MapRestorer(std::move(kept)).run();
}

}  // namespace procatlas
