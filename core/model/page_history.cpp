#include "core/model/page_history.h"

#include <algorithm>
#include <utility>

namespace procatlas {
namespace {

PageRows::Value value_of(const PageRow& row) {
    return {row.start, row.count, row.value};
}

bool is_page_size(ByteCount size) {
    return size >= 4096 && size <= 65536 && (size & (size - 1)) == 0;
}

bool is_state(std::uint64_t value) {
    return (value & ~PageRow::huge_value) < page_state_count;
}

}  // namespace

PageRows::Track& PageRows::track_of(std::size_t process) {
    if (tracks_.size() <= process) {
        tracks_.resize(process + 1);
    }
    return tracks_[process];
}

// Both lists ascend, so one walk finds the removed and the added runs.
void PageRows::record(std::size_t process, std::size_t moment, std::span<const Value> runs) {
    Track& track = track_of(process);
    const auto now = static_cast<std::uint32_t>(moment);
    std::vector<std::uint32_t> open;
    open.reserve(runs.size());
    auto old = track.open.begin();
    const auto close_until = [&](Address start) {
        for (; old != track.open.end() && rows_[*old].start < start; ++old) {
            rows_[*old].until = now;
            closed_.push_back(*old);
        }
    };
    for (const Value& run : runs) {
        close_until(run.start);
        if (old != track.open.end() && value_of(rows_[*old]) == run) {
            open.push_back(*old++);
            continue;
        }
        close_until(run.start + 1);
        const auto id = static_cast<std::uint32_t>(rows_.size());
        rows_.push_back({run.start, run.count, run.value, static_cast<std::uint32_t>(process), now, PageRow::open});
        track.rows.push_back(id);
        open.push_back(id);
    }
    close_until(std::numeric_limits<Address>::max());
    track.open = std::move(open);
    keep_checkpoint(track, now);
}

// Call this after all rows of `moment`. Computes each checkpoint from the one before. The more rows are open, the rarer
// checkpoints are: their total time and space grow no faster than the rows.
void PageRows::keep_checkpoint(Track& track, std::uint32_t moment) const {
    if (track.rows.size() < track.next_checkpoint) {
        return;
    }
    constexpr std::size_t least_rows = 128;
    std::vector<std::uint32_t> open = open_at(track, moment);
    track.next_checkpoint = track.rows.size() + std::max(least_rows, 4 * open.size());
    track.checkpoints.push_back({moment, track.rows.size(), std::move(open)});
}

std::vector<std::uint32_t> PageRows::open_at(const Track& track, std::uint32_t moment) const {
    const auto after = std::ranges::upper_bound(track.checkpoints, moment, {}, &Checkpoint::moment);
    const Checkpoint* from = after == track.checkpoints.begin() ? nullptr : &*std::prev(after);
    std::vector<std::uint32_t> open = from ? from->open : std::vector<std::uint32_t>();
    std::erase_if(open, [&](std::uint32_t id) { return rows_[id].until <= moment; });
    for (std::size_t i = from ? from->row_count : 0; i < track.rows.size(); ++i) {
        const PageRow& row = rows_[track.rows[i]];
        if (row.since > moment) {
            break;
        }
        if (row.until > moment) {
            open.push_back(track.rows[i]);
        }
    }
    return open;
}

bool PageRows::restore(LargeList<PageRow> rows, std::size_t processes, std::size_t events, ByteCount page_size) {
    tracks_.resize(processes);
    std::uint32_t before = 0;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        PageRow& row = rows[i];
        if (page_size == 0 || row.process >= processes || row.since >= events || row.since < before || row.until <= row.since ||
            row.start % page_size != 0 || row.count == 0 ||
            row.count > std::min((std::numeric_limits<Address>::max() - row.start) / page_size, PageRun::most_pages)) {
            return false;
        }
        before = row.since;
        row.until = row.until >= events ? PageRow::open : row.until;
        tracks_[row.process].rows.push_back(static_cast<std::uint32_t>(i));
        if (row.until == PageRow::open) {
            tracks_[row.process].open.push_back(static_cast<std::uint32_t>(i));
        }
    }
    rows_ = std::move(rows);
    rows_.let_go();
    for (Track& track : tracks_) {
        const RowList all = std::exchange(track.rows, {});
        for (std::size_t i = 0; i < all.size(); ++i) {
            const std::uint32_t id = all[i];
            if (!track.rows.empty() && rows_[track.rows.back()].since != rows_[id].since) {
                keep_checkpoint(track, rows_[track.rows.back()].since);
            }
            track.rows.push_back(id);
        }
        std::ranges::sort(track.open, {}, [&](std::uint32_t id) { return rows_[id].start; });
    }
    return true;
}

std::vector<PageRows::Value> PageRows::at(std::size_t process, std::size_t moment) const {
    std::vector<Value> runs;
    if (process >= tracks_.size()) {
        return runs;
    }
    for (const std::uint32_t id : open_at(tracks_[process], static_cast<std::uint32_t>(moment))) {
        runs.push_back(value_of(rows_[id]));
    }
    std::ranges::sort(runs, {}, &Value::start);
    return runs;
}

bool PageRows::has_before(std::size_t process, std::size_t moment) const {
    return process < tracks_.size() && !tracks_[process].rows.empty() && rows_[tracks_[process].rows[0]].since < moment;
}

Result<PageHistory> PageHistory::restored(KeptPages kept, std::size_t processes, std::size_t events) {
    PageHistory history;
    history.page_size_ = kept.page_size;
    if (!is_page_size(kept.page_size) ||
        !std::ranges::all_of(kept.states, [](const PageRow& row) { return is_state(row.value); }) ||
        !history.states_.restore(std::move(kept.states), processes, events, kept.page_size) ||
        !history.frames_.restore(std::move(kept.frames), processes, events, kept.page_size)) {
        return fail("the pages in it make no sense");
    }
    return history;
}

void PageHistory::record(std::size_t process, std::size_t moment, const Pages& pages) {
    page_size_ = pages.page_size;
    std::vector<PageRows::Value> values;
    const std::vector<PageRun> runs = runs_of(pages);
    values.reserve(runs.size());
    for (const PageRun& run : runs) {
        values.push_back({run.start, run.count, static_cast<std::uint64_t>(run.state) | (run.huge ? PageRow::huge_value : 0)});
    }
    states_.record(process, moment, values);
    values.clear();
    for (const FrameRun& run : pages.frames) {
        values.push_back({run.start, run.count, run.frame});
    }
    frames_.record(process, moment, values);
}

// Rows of a forged file may overlap; the returned runs never do.
std::shared_ptr<const Pages> PageHistory::pages_at(std::size_t process, std::size_t moment) const {
    auto pages = std::make_shared<Pages>();
    pages->page_size = page_size_;
    Address end = 0;
    for (const PageRows::Value& run : states_.at(process, moment)) {
        if (run.start >= end) {
            const auto state = static_cast<PageState>(run.value & ~PageRow::huge_value);
            pages->runs.push_back({run.start, run.count, state, (run.value & PageRow::huge_value) != 0});
            end = run.start + run.count * page_size_;
        }
    }
    end = 0;
    for (const PageRows::Value& run : frames_.at(process, moment)) {
        if (run.start >= end) {
            pages->frames.push_back({run.start, run.count, run.value});
            end = run.start + run.count * page_size_;
        }
    }
    return pages;
}

}  // namespace procatlas
