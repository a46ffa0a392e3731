// The state of the pages of a process at one moment, as the kernel reports it (Documentation/admin-guide/mm/pagemap.rst). Equal
// neighbours form runs; where runs would be short, a stretch has a byte for each page. Pure.
#pragma once

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <limits>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "core/base/address.h"
#include "core/base/address_ranges.h"
#include "core/model/process_key.h"

namespace procatlas {

// A page that has no state is not present.
// exclusive: anonymous, and mapped by this process alone (pagemap, bit 56).
// shared: anonymous, and mapped by other processes too; the first write copies it.
// file: a page of a file or of shared memory.
// unread: not read, because it would have taken too long.
enum class PageState : std::uint8_t { exclusive, shared, file, swapped, unread };
inline constexpr std::size_t page_state_count = 5;

// `count` equal pages from `start` on.
struct PageRun {
    static constexpr std::uint64_t most_pages = std::numeric_limits<std::uint32_t>::max();  // longer ones are split

    Address start = 0;
    std::uint32_t count = 0;  // 16 bytes in all: there can be as many runs as pages
    PageState state = PageState::exclusive;
    bool huge = false;  // part of a huge page of 2 MiB

    PageRun() = default;
    // `pages` is at most `most_pages`.
    PageRun(Address first, std::uint64_t pages, PageState is, bool is_huge)
        : start(first), count(static_cast<std::uint32_t>(pages)), state(is), huge(is_huge) {}
    void set_count(std::uint64_t pages) { count = static_cast<std::uint32_t>(pages); }

    bool operator==(const PageRun&) const = default;
};

// 0: the page is not present. Otherwise its PageState plus 1.
using PageCode = std::uint8_t;
inline constexpr PageCode absent_page = 0;
[[nodiscard]] constexpr PageCode code_of(PageState state) {
    return static_cast<PageCode>(static_cast<unsigned>(state) + 1);
}
// `code` is not `absent_page`.
[[nodiscard]] constexpr PageState state_of(PageCode code) {
    return static_cast<PageState>(code - 1);
}

// Consecutive pages from `start` on, most of which differ from the one before. None is part of a huge page.
struct PageStretch {
    Address start = 0;
    std::vector<PageCode> codes;

    bool operator==(const PageStretch&) const = default;
};

// Consecutive pages that are also consecutive in physical memory. The kernel gives these numbers to root only.
struct FrameRun {
    Address start = 0;
    std::uint64_t count = 0;
    std::uint64_t frame = 0;  // page frame number of the first page

    static constexpr std::uint64_t most_pages = std::numeric_limits<std::uint64_t>::max();
    void set_count(std::uint64_t pages) { count = pages; }
    bool operator==(const FrameRun&) const = default;
};

struct Pages {
    ByteCount page_size = 4096;
    std::vector<PageRun> runs;           // ascending, not overlapping
    std::vector<FrameRun> frames;        // ascending, not overlapping; empty: not requested or not available
    std::vector<PageStretch> stretches;  // ascending, overlapping neither one another nor `runs`

    bool operator==(const Pages&) const = default;
};

// Pages that this process shared with another one, by fork or as pages of one file, and now has for itself because one of the
// two wrote. After sharing by fork each of the two then has its own page; which of them are told: core/model/copies.h.
struct CopiedRun {
    std::int32_t pid = 0;
    Address start = 0;
    std::uint64_t pages = 0;

    bool operator==(const CopiedRun&) const = default;
};

// All pages in `range` (of whole pages) as runs, including those in stretches; cut to `range`, ascending, not overlapping.
[[nodiscard]] std::vector<PageRun> runs_in(const Pages& pages, AddressRange range);

// All pages of the process as runs.
[[nodiscard]] std::vector<PageRun> runs_of(const Pages& pages);

// The pages of a region, counted and cut to it. A page that lies in it only in part counts too.
struct RegionPages {
    ByteCount page_size = 4096;
    std::uint64_t count = 0;  // pages of the region
    std::uint64_t exclusive = 0;
    std::uint64_t shared = 0;
    std::uint64_t file = 0;
    std::uint64_t swapped = 0;
    std::uint64_t unread = 0;
    std::uint64_t huge = 0;      // of the present ones
    bool shared_memory = false;  // writes to shared pages never copy them
    std::vector<PageRun> runs;

    [[nodiscard]] std::uint64_t present() const { return exclusive + shared + file; }
};

// `shared_memory`: pages that the kernel counts as pages of a file are then shared.
[[nodiscard]] RegionPages pages_in(const Pages& pages, AddressRange region, bool shared_memory);

// Adds the pages of a part of the same region at higher addresses.
void add_pages(RegionPages& pages, const RegionPages& above);

// The frame runs that lie in a region, cut to it.
[[nodiscard]] std::vector<FrameRun> frames_in(const Pages& pages, AddressRange region);

// "exclusive", "shared", ...: the names used in JSON.
[[nodiscard]] std::string_view page_state_name(PageState state);

// The addresses of pages that are in one of `states`.
[[nodiscard]] AddressRanges ranges_in(const Pages& pages, std::initializer_list<PageState> states);

// Pages that were shared or of a file and are exclusive now: somebody wrote to them, or the process that shared them is gone.
[[nodiscard]] AddressRanges became_exclusive(const Pages& before, const Pages& after);

// `pages`, with `ranges` (whole pages, ascending, not overlapping) replaced by those of `part`.
[[nodiscard]] Pages with_part(const Pages& pages, std::span<const AddressRange> ranges, const Pages& part);

// One process's pages before an event and at it; neither is null.
struct PagesChange {
    std::int32_t pid = 0;
    const Pages* before = nullptr;
    const Pages* after = nullptr;
};

// The pages copied in processes that have their memory from one another, ascending within each process. A page that became
// exclusive because the other process is gone was not copied. `shared_before(i, j)` gives what the processes of changes i and j
// shared by fork; it is called as rarely as possible.
[[nodiscard]] std::vector<CopiedRun> copied_pages(std::span<const PagesChange> changes,
                                                  const std::function<AddressRanges(std::size_t, std::size_t)>& shared_before);

}  // namespace procatlas
