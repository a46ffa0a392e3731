// The state of the pages of a process at one moment, as the kernel tells it (Documentation/admin-guide/mm/pagemap.rst): in
// runs of pages that are alike, and where these would be short, a byte a page. Pure.
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

// A page that is in none of these is not present.
// exclusive: anonymous, and this process alone has it (pagemap, bit 56).
// shared: anonymous, and others have it too: the first write copies it.
// file: of a file or of shared memory.
// unread: not looked at, because that would have taken too long.
enum class PageState : std::uint8_t { exclusive, shared, file, swapped, unread };
inline constexpr std::size_t page_state_count = 5;

// `count` pages from `start` on that are all alike.
struct PageRun {
    static constexpr std::uint64_t most_pages = std::numeric_limits<std::uint32_t>::max();  // more are several runs

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

// 0: a page that is not present. Otherwise its PageState and 1.
using PageCode = std::uint8_t;
inline constexpr PageCode absent_page = 0;
[[nodiscard]] constexpr PageCode code_of(PageState state) {
    return static_cast<PageCode>(static_cast<unsigned>(state) + 1);
}
// `code` is not `absent_page`.
[[nodiscard]] constexpr PageState state_of(PageCode code) {
    return static_cast<PageState>(code - 1);
}

// Pages one behind the other from `start` on, few of which are like the one before: none of a huge page.
struct PageStretch {
    Address start = 0;
    std::vector<PageCode> codes;

    bool operator==(const PageStretch&) const = default;
};

// Pages that lie one behind the other in physical memory too. The numbers are told to root alone.
struct FrameRun {
    Address start = 0;
    std::uint64_t count = 0;
    std::uint64_t frame = 0;  // physical number of the first page

    static constexpr std::uint64_t most_pages = std::numeric_limits<std::uint64_t>::max();
    void set_count(std::uint64_t pages) { count = pages; }
    bool operator==(const FrameRun&) const = default;
};

struct Pages {
    ByteCount page_size = 4096;
    std::vector<PageRun> runs;           // ascending, not overlapping
    std::vector<FrameRun> frames;        // the same; empty: not asked for, or not told
    std::vector<PageStretch> stretches;  // the same, and where no run is

    bool operator==(const Pages&) const = default;
};

// Pages that this process had in common with another one, by fork or as pages of one file, and that are its own now: one of the
// two has written. Of two that shared by fork both have a page of their own then.
struct CopiedRun {
    std::int32_t pid = 0;
    Address start = 0;
    std::uint64_t pages = 0;

    bool operator==(const CopiedRun&) const = default;
};

// All pages in `range` (of whole pages) as runs, those of stretches too; cut to it, ascending, not overlapping.
[[nodiscard]] std::vector<PageRun> runs_in(const Pages& pages, AddressRange range);

// Of the whole memory.
[[nodiscard]] std::vector<PageRun> runs_of(const Pages& pages);

// The pages that lie in a region, with one that it has in part; counted and cut to it.
struct RegionPages {
    ByteCount page_size = 4096;
    std::uint64_t count = 0;  // pages of the region
    std::uint64_t exclusive = 0;
    std::uint64_t shared = 0;
    std::uint64_t file = 0;
    std::uint64_t swapped = 0;
    std::uint64_t unread = 0;
    std::uint64_t huge = 0;      // of the present ones
    bool shared_memory = false;  // what is shared is never copied, whoever writes
    std::vector<PageRun> runs;

    [[nodiscard]] std::uint64_t present() const { return exclusive + shared + file; }
};

// `shared_memory`: what the kernel calls pages of a file is then shared.
[[nodiscard]] RegionPages pages_in(const Pages& pages, AddressRange region, bool shared_memory);

// Those of a part of a region that lies above.
void add_pages(RegionPages& pages, const RegionPages& above);

// The frame runs that lie in a region, cut to it.
[[nodiscard]] std::vector<FrameRun> frames_in(const Pages& pages, AddressRange region);

// "exclusive", "shared", ...: the names of the JSON contract.
[[nodiscard]] std::string_view page_state_name(PageState state);

// Where the pages are in one of `states`.
[[nodiscard]] AddressRanges ranges_in(const Pages& pages, std::initializer_list<PageState> states);

// Where pages that were shared, or those of a file, are the process's own now: somebody has written, or somebody who shared
// them is gone.
[[nodiscard]] AddressRanges became_exclusive(const Pages& before, const Pages& after);

// `pages`, but in `ranges` (whole pages, ascending, not overlapping) as `part` has it.
[[nodiscard]] Pages with_part(const Pages& pages, std::span<const AddressRange> ranges, const Pages& part);

// One process's pages before an event and at it; neither is null.
struct PagesChange {
    std::int32_t pid = 0;
    const Pages* before = nullptr;
    const Pages* after = nullptr;
};

// What was copied in processes that have their memory from one another. A page that is a process's own because the other one is
// gone was not copied. Ascending within each process.
// `shared_before(i, j)`: what the processes of two changes had shared by fork; asked for as seldom as can be.
[[nodiscard]] std::vector<CopiedRun> copied_pages(std::span<const PagesChange> changes,
                                                  const std::function<AddressRanges(std::size_t, std::size_t)>& shared_before);

}  // namespace procatlas
