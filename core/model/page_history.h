// The pages of all processes of a recording, kept as changes: each run is one row, valid from one moment to another. Rows are
// only appended; afterwards only their end is set, once. Pure. One thread only.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <span>
#include <vector>

#include "core/base/large_list.h"
#include "core/base/result.h"
#include "core/model/pages.h"
#include "core/model/row_list.h"

namespace procatlas {

// A run that was there at every moment of [since, until).
struct PageRow {
    static constexpr std::uint32_t open = std::numeric_limits<std::uint32_t>::max();  // `until` of a run that still exists

    Address start = 0;
    std::uint64_t count = 0;
    std::uint64_t value = 0;    // of a state: PageState, and `huge_value` where huge; of frames: the first frame
    std::uint32_t process = 0;  // index in World::processes
    std::uint32_t since = 0;
    std::uint32_t until = open;

    static constexpr std::uint64_t huge_value = 16;
};

// Rows of one sort (states or page frames). The value of a run is only a number here.
class PageRows {
public:
    struct Value {
        Address start = 0;
        std::uint64_t count = 0;
        std::uint64_t value = 0;

        bool operator==(const Value&) const = default;
    };

    // Records the runs of a process read at `moment`, ascending.
    void record(std::size_t process, std::size_t moment, std::span<const Value> runs);
    // Takes stored rows. Returns false if they are not valid for so many processes and events.
    [[nodiscard]] bool restore(LargeList<PageRow> rows, std::size_t processes, std::size_t events, ByteCount page_size);
    [[nodiscard]] std::vector<Value> at(std::size_t process, std::size_t moment) const;
    // Whether something of the process was there at a reading before `moment`.
    [[nodiscard]] bool has_before(std::size_t process, std::size_t moment) const;

    // Calls `take` with each row of a process that existed at a moment after `from`, up to `to`.
    template <typename Take>
    void each_within(std::size_t process, std::size_t from, std::size_t to, Take take) const {
        for (std::size_t i = 0; process < tracks_.size() && i < tracks_[process].rows.size(); ++i) {
            const PageRow& row = rows_[tracks_[process].rows[i]];
            if (row.since > to) {
                return;
            }
            if (row.until > from + 1) {
                take(row);
            }
        }
    }

    [[nodiscard]] std::span<const PageRow> rows() const { return rows_.all(); }
    void let_go() const { rows_.let_go(); }  // see LargeList
    // The rows that got their end, in that order.
    [[nodiscard]] const RowList& closed() const { return closed_; }

private:
    // The rows that were open at a moment. Going to a later moment then needs only the rows added since.
    struct Checkpoint {
        std::uint32_t moment = 0;
        std::size_t row_count = 0;  // rows of the process at that moment
        std::vector<std::uint32_t> open;
    };
    struct Track {                        // of one process
        std::vector<std::uint32_t> open;  // rows, by start
        RowList rows;                     // all, by `since`
        std::vector<Checkpoint> checkpoints;
        std::size_t next_checkpoint = 128;  // number of rows at which the next one is made
    };
    Track& track_of(std::size_t process);
    void keep_checkpoint(Track& track, std::uint32_t moment) const;
    [[nodiscard]] std::vector<std::uint32_t> open_at(const Track& track, std::uint32_t moment) const;

    LargeList<PageRow> rows_;
    RowList closed_;
    std::vector<Track> tracks_;
};

// A stored history.
struct KeptPages {
    ByteCount page_size = 4096;
    LargeList<PageRow> states;
    LargeList<PageRow> frames;
};

class PageHistory {
public:
    // Checks `kept`. Returns a consistent history, or an error.
    [[nodiscard]] static Result<PageHistory> restored(KeptPages kept, std::size_t processes, std::size_t events);

    void record(std::size_t process, std::size_t moment, const Pages& pages);
    // The pages last read at or before `moment`.
    [[nodiscard]] std::shared_ptr<const Pages> pages_at(std::size_t process, std::size_t moment) const;

    [[nodiscard]] ByteCount page_size() const { return page_size_; }
    [[nodiscard]] const PageRows& states() const { return states_; }
    [[nodiscard]] const PageRows& frames() const { return frames_; }

private:
    ByteCount page_size_ = 4096;
    PageRows states_;
    PageRows frames_;
};

}  // namespace procatlas
