#include "core/model/pages.h"

#include <algorithm>
#include <array>
#include <utility>

namespace procatlas {
namespace {

constexpr Address last_page = ~Address{0xffff};

AddressRange range_of(const PageRun& run, ByteCount page_size) {
    return {run.start, run.start + run.count * page_size};
}

// The first write copies such a page.
constexpr std::initializer_list<PageState> not_copied_yet{PageState::shared, PageState::file};
constexpr std::initializer_list<PageState> present_states{PageState::exclusive, PageState::shared, PageState::file};

AddressRange whole_pages(AddressRange range, ByteCount page_size) {
    const ByteCount over = range.end % page_size;
    return {range.start - range.start % page_size, over == 0 ? range.end : range.end - over + page_size};
}

// Calls `take` with the part of each run inside `whole`, and with the number of the run's pages before it.
template <typename Run, typename Take>
void each_part(const std::vector<Run>& runs, AddressRange whole, ByteCount page_size, Take take) {
    auto run = std::ranges::upper_bound(runs, whole.start, {}, &Run::start);
    run = run == runs.begin() ? run : std::prev(run);
    for (; run != runs.end() && run->start < whole.end; ++run) {
        const Address start = std::max(run->start, whole.start);
        const Address end = std::min(run->start + run->count * page_size, whole.end);
        if (start < end) {
            Run part = *run;
            part.start = start;
            part.set_count((end - start) / page_size);
            take(part, (start - run->start) / page_size);
        }
    }
}

AddressRanges complement(std::span<const AddressRange> ranges) {
    AddressRanges outside;
    Address start = 0;
    for (const AddressRange& range : ranges) {
        if (start < range.start) {
            outside.push_back({start, range.start});
        }
        start = range.end;
    }
    outside.push_back({start, last_page});
    return outside;
}

// Whether `next` starts where `last` ends, and both say the same.
bool goes_on(const PageRun& last, const PageRun& next, ByteCount page_size) {
    return last.start + last.count * page_size == next.start && last.state == next.state && last.huge == next.huge;
}
bool goes_on(const FrameRun& last, const FrameRun& next, ByteCount page_size) {
    return last.start + last.count * page_size == next.start && last.frame + last.count == next.frame;
}
void move_on(PageRun&, std::uint64_t) {}
void move_on(FrameRun& run, std::uint64_t pages) {
    run.frame += pages;
}

template <typename Run>
void add_joined(std::vector<Run>& out, const Run& run, ByteCount page_size) {
    if (!out.empty() && goes_on(out.back(), run, page_size) && run.count <= Run::most_pages - out.back().count) {
        out.back().set_count(out.back().count + run.count);
    } else {
        out.push_back(run);
    }
}

template <typename Run>
std::vector<Run> parts_in(const std::vector<Run>& runs, std::span<const AddressRange> ranges, ByteCount page_size) {
    std::vector<Run> parts;
    for (std::size_t i = 0, j = 0; i < runs.size() && j < ranges.size();) {
        const Address run_end = runs[i].start + runs[i].count * page_size;
        const Address start = std::max(runs[i].start, ranges[j].start);
        const Address end = std::min(run_end, ranges[j].end);
        if (start < end) {
            Run part = runs[i];
            move_on(part, (start - part.start) / page_size);
            part.start = start;
            part.set_count((end - start) / page_size);
            parts.push_back(part);
        }
        run_end < ranges[j].end ? ++i : ++j;
    }
    return parts;
}

template <typename Run>
void put_together(std::vector<Run>& out, const std::vector<Run>& a, std::span<const AddressRange> a_ranges,
                  const std::vector<Run>& b, std::span<const AddressRange> b_ranges, ByteCount page_size) {
    std::vector<Run> all = parts_in(a, a_ranges, page_size);
    const std::vector<Run> others = parts_in(b, b_ranges, page_size);
    all.insert(all.end(), others.begin(), others.end());
    std::ranges::sort(all, {}, &Run::start);
    for (const Run& run : all) {
        add_joined(out, run, page_size);
    }
}

// Adds the runs of a stretch, as far as they are inside `whole`.
void add_runs(std::vector<PageRun>& runs, const PageStretch& stretch, AddressRange whole, ByteCount page_size) {
    const Address stretch_end = stretch.start + stretch.codes.size() * page_size;
    const Address start = std::max(stretch.start, whole.start);
    const Address end = std::min(stretch_end, whole.end);
    if (start >= end) {
        return;
    }
    const std::span<const PageCode> codes =
        std::span(stretch.codes).subspan((start - stretch.start) / page_size, (end - start) / page_size);
    for (std::size_t first = 0, i = 1; i <= codes.size(); ++i) {
        if (i < codes.size() && codes[i] == codes[first]) {
            continue;
        }
        if (codes[first] != absent_page) {
            runs.emplace_back(start + first * page_size, i - first, state_of(codes[first]), false);
        }
        first = i;
    }
}

}  // namespace

// Data from outside may overlap; the returned runs never do.
std::vector<PageRun> runs_in(const Pages& pages, AddressRange range) {
    std::vector<PageRun> stretched;
    for (const PageStretch& stretch : pages.stretches) {
        add_runs(stretched, stretch, range, pages.page_size);
    }
    std::vector<PageRun> runs;
    auto next = stretched.begin();
    const auto add = [&](const PageRun& run) {
        if (!runs.empty() && run.start < range_of(runs.back(), pages.page_size).end) {
            return;
        }
        add_joined(runs, run, pages.page_size);
    };
    each_part(pages.runs, range, pages.page_size, [&](const PageRun& part, std::uint64_t) {
        for (; next != stretched.end() && next->start < part.start; ++next) {
            add(*next);
        }
        add(part);
    });
    std::for_each(next, stretched.end(), add);
    return runs;
}

std::vector<PageRun> runs_of(const Pages& pages) {
    return pages.stretches.empty() ? pages.runs : runs_in(pages, {0, last_page});
}

RegionPages pages_in(const Pages& pages, AddressRange region, bool shared_memory) {
    RegionPages in;
    in.page_size = pages.page_size;
    in.shared_memory = shared_memory;
    const AddressRange whole = whole_pages(region, pages.page_size);
    in.count = whole.size() / pages.page_size;
    const std::array<std::uint64_t*, page_state_count> counts{&in.exclusive, &in.shared, &in.file, &in.swapped, &in.unread};
    in.runs = runs_in(pages, whole);
    for (PageRun& part : in.runs) {
        if (shared_memory && part.state != PageState::swapped && part.state != PageState::unread) {
            part.state = PageState::shared;
        }
        *counts[static_cast<std::size_t>(part.state)] += part.count;
        in.huge += part.huge ? part.count : 0;
    }
    return in;
}

void add_pages(RegionPages& pages, const RegionPages& above) {
    pages.count += above.count;
    pages.exclusive += above.exclusive;
    pages.shared += above.shared;
    pages.file += above.file;
    pages.swapped += above.swapped;
    pages.unread += above.unread;
    pages.huge += above.huge;
    pages.runs.insert(pages.runs.end(), above.runs.begin(), above.runs.end());
}

std::vector<FrameRun> frames_in(const Pages& pages, AddressRange region) {
    std::vector<FrameRun> frames;
    each_part(pages.frames, whole_pages(region, pages.page_size), pages.page_size, [&](FrameRun part, std::uint64_t before) {
        part.frame += before;
        frames.push_back(part);
    });
    return frames;
}

std::string_view page_state_name(PageState state) {
    switch (state) {
        case PageState::exclusive:
            return "exclusive";
        case PageState::shared:
            return "shared";
        case PageState::file:
            return "file";
        case PageState::swapped:
            return "swapped";
        case PageState::unread:
            return "unread";
    }
    return "";
}

AddressRanges ranges_in(const Pages& pages, std::initializer_list<PageState> states) {
    AddressRanges ranges;
    for (const PageRun& run : runs_of(pages)) {
        if (std::ranges::find(states, run.state) == states.end()) {
            continue;
        }
        const AddressRange range = range_of(run, pages.page_size);
        if (!ranges.empty() && ranges.back().end == range.start) {
            ranges.back().end = range.end;
        } else {
            ranges.push_back(range);
        }
    }
    return ranges;
}

AddressRanges became_exclusive(const Pages& before, const Pages& after) {
    return common_part(ranges_in(before, not_copied_yet), ranges_in(after, {PageState::exclusive}));
}

Pages with_part(const Pages& pages, std::span<const AddressRange> ranges, const Pages& part) {
    Pages whole;
    whole.page_size = pages.page_size;
    const AddressRanges outside = complement(ranges);
    put_together(whole.runs, runs_of(pages), outside, runs_of(part), ranges, pages.page_size);
    put_together(whole.frames, pages.frames, outside, part.frames, ranges, pages.page_size);
    return whole;
}

std::vector<CopiedRun> copied_pages(std::span<const PagesChange> changes,
                                    const std::function<AddressRanges(std::size_t, std::size_t)>& shared_before) {
    struct Flip {
        AddressRanges became_exclusive;  // not copied before, exclusive now
        AddressRanges of_file;           // a page of the file before, and still present
        AddressRanges shared;            // shared before, and the process still has a page there
    };
    std::vector<Flip> flips;
    for (const PagesChange& change : changes) {
        const AddressRanges present = ranges_in(*change.after, present_states);
        flips.push_back({became_exclusive(*change.before, *change.after),
                         common_part(ranges_in(*change.before, {PageState::file}), present),
                         common_part(ranges_in(*change.before, {PageState::shared}), present)});
    }
    std::vector<CopiedRun> copied;
    for (std::size_t i = 0; i < changes.size(); ++i) {
        AddressRanges open = flips[i].became_exclusive;  // not found yet: another process that had the page and still has one
        AddressRanges found;
        for (std::size_t other = 0; other < changes.size() && !open.empty(); ++other) {
            if (other == i) {
                continue;
            }
            AddressRanges kept = common_part(common_part(open, flips[i].of_file), flips[other].of_file);
            if (const AddressRanges perhaps = common_part(open, flips[other].shared); !perhaps.empty()) {
                kept = joined_ranges(std::move(kept), common_part(perhaps, shared_before(i, other)));
            }
            open = without(open, kept);
            found = joined_ranges(std::move(found), kept);
        }
        for (const AddressRange& range : found) {
            copied.push_back({changes[i].pid, range.start, range.size() / changes[i].after->page_size});
        }
    }
    return copied;
}

}  // namespace procatlas
