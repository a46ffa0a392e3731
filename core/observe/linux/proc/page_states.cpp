#include <fcntl.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <optional>
#include <string>

#include "core/base/unique_fd.h"
#include "core/observe/linux/proc/clock.h"
#include "core/observe/linux/proc/pagemap.h"

namespace procatlas {
namespace {

constexpr std::uint64_t is_present = 1ull << 63;
constexpr std::uint64_t is_swapped = 1ull << 62;
constexpr std::uint64_t is_of_file = 1ull << 61;
constexpr std::uint64_t is_exclusive = 1ull << 56;
constexpr std::uint64_t told_bits = is_present | is_swapped | is_of_file | is_exclusive;
constexpr std::uint64_t frame_bits = (1ull << 55) - 1;

// PAGEMAP_SCAN (Linux 6.7), by its own numbers: older headers lack it.
struct ScanArgument {
    std::uint64_t size = sizeof(ScanArgument);
    std::uint64_t flags = 0;
    std::uint64_t start = 0;
    std::uint64_t end = 0;
    std::uint64_t walk_end = 0;
    std::uint64_t regions = 0;
    std::uint64_t region_count = 0;
    std::uint64_t most_pages = 0;
    std::uint64_t inverted = 0;
    std::uint64_t all_of = 0;
    std::uint64_t any_of = 0;
    std::uint64_t returned = 0;
};
struct ScannedRegion {
    std::uint64_t start = 0;
    std::uint64_t end = 0;
    std::uint64_t categories = 0;
};
constexpr std::uint64_t scan_present = 1u << 3;
constexpr std::uint64_t scan_swapped = 1u << 4;
constexpr std::uint64_t scan_huge = 1u << 6;

PageCode code_of_entry(std::uint64_t entry) {
    const auto told = static_cast<std::uint8_t>(entry >> 56);  // a byte is enough, and quicker
    constexpr auto bit = [](std::uint64_t of_entry) { return static_cast<std::uint8_t>(of_entry >> 56); };
    return (told & bit(is_present)) == 0     ? ((told & bit(is_swapped)) != 0 ? code_of(PageState::swapped) : absent_page)
           : (told & bit(is_of_file)) != 0   ? code_of(PageState::file)
           : (told & bit(is_exclusive)) != 0 ? code_of(PageState::exclusive)
                                             : code_of(PageState::shared);
}

// In pieces of a fixed length, which is what compilers make vector instructions of.
constexpr std::size_t piece = 64;

void codes_of_piece(const std::uint64_t* __restrict entries, PageCode* __restrict codes) {
    for (std::size_t i = 0; i < piece; ++i) {
        codes[i] = code_of_entry(entries[i]);
    }
}

// How many of them are not like the next one.
std::uint8_t changes_in_piece(const PageCode* codes) {
    std::uint8_t changes = 0;
    for (std::size_t i = 0; i < piece; ++i) {
        changes = static_cast<std::uint8_t>(changes + (codes[i] != codes[i + 1] ? 1 : 0));
    }
    return changes;
}

class PageReader {
public:
    PageReader(UniqueFd pagemap, bool frames) : pagemap_(std::move(pagemap)), frames_(frames) {
        pages_.page_size = static_cast<ByteCount>(::sysconf(_SC_PAGESIZE));
    }

    // False: there is no memory any more.
    bool read(AddressRange range) {
        while (range.start < range.end) {
            if (monotonic_ns() > deadline_ns_ || runs_read_ > most_runs || pages_.frames.size() > most_runs) {
                add(range.start, range.size() / pages_.page_size, code_of(PageState::unread), false);
                return true;
            }
            const std::size_t count = read_entries(range);
            if (count == 0) {
                return false;
            }
            const std::span<const std::uint64_t> entries(entries_.data(), count);
            take_states(range.start, entries);
            if (frames_) {
                take_frames(range.start, entries);
            }
            range.start += count * pages_.page_size;
            if (ends_in_hole(entries)) {
                range.start = next_there(range);
            }
        }
        return true;
    }

    Pages take() {
        const auto ascending = [](auto& list) {  // most often it is
            const auto start = [](const auto& one) { return one.start; };
            if (!std::ranges::is_sorted(list, {}, start)) {
                std::ranges::sort(list, {}, start);
            }
        };
        ascending(pages_.runs);
        ascending(pages_.frames);
        ascending(pages_.stretches);
        if (pages_.runs.capacity() > 2 * pages_.runs.size()) {
            pages_.runs.shrink_to_fit();
        }
        return std::move(pages_);
    }
    [[nodiscard]] ByteCount page_size() const { return pages_.page_size; }

private:
    static constexpr std::size_t most_runs = 200'000;
    static constexpr std::uint64_t patience_ns = 200'000'000;
    static constexpr std::size_t most_entries = 4096;
    static constexpr std::size_t huge_pages = 512;  // of 4 KiB in one of 2 MiB

    std::size_t read_entries(AddressRange range) {
        const auto wanted = std::min<std::size_t>(most_entries, range.size() / pages_.page_size);
        const auto offset = static_cast<off_t>(range.start / pages_.page_size * sizeof entries_[0]);
        const ssize_t got = ::pread(pagemap_.get(), entries_.data(), wanted * sizeof entries_[0], offset);
        const std::size_t count = got > 0 ? static_cast<std::size_t>(got) / sizeof entries_[0] : 0;
        std::fill_n(entries_.begin() + count, piece, 0);  // the last piece reaches so far
        return count;
    }

    // In blocks that may be huge pages.
    void take_states(Address start, std::span<const std::uint64_t> entries) {
        while (!entries.empty()) {
            const std::size_t until_next = huge_pages - start / pages_.page_size % huge_pages;
            const auto block = entries.first(std::min(until_next, entries.size()));
            take_block(start, block);
            start += block.size() * pages_.page_size;
            entries = entries.subspan(block.size());
        }
    }

    void take_block(Address start, std::span<const std::uint64_t> block) {
        const std::size_t count = block.size();
        for (std::size_t i = 0; i < count; i += piece) {
            codes_of_piece(block.data() + i, codes_.data() + i);  // of some entries beyond the block too
        }
        std::fill(codes_.begin() + count, codes_.end(), codes_[count - 1]);
        std::size_t changes = 0;
        for (std::size_t i = 0; i < count; i += piece) {
            changes += changes_in_piece(codes_.data() + i);
        }
        runs_read_ += changes + 1;
        constexpr std::size_t short_run = 4;  // on average; in the stream a run takes as much as so many pages of a stretch
        if (changes == 0) {
            add(start, count, codes_[0], is_huge(start, block, codes_[0]));
        } else if (changes * short_run > count) {
            add_stretch(start, {codes_.data(), count});
        } else {
            add_runs(start, {codes_.data(), count});
        }
    }

    void add_runs(Address start, std::span<const PageCode> codes) {
        while (!codes.empty()) {
            const auto other = std::ranges::find_if(codes, [&](PageCode code) { return code != codes.front(); });
            const auto count = static_cast<std::size_t>(other - codes.begin());
            add(start, count, codes.front(), false);
            start += count * pages_.page_size;
            codes = codes.subspan(count);
        }
    }

    void add_stretch(Address start, std::span<const PageCode> codes) {
        if (pages_.stretches.empty() ||
            pages_.stretches.back().start + pages_.stretches.back().codes.size() * pages_.page_size != start) {
            pages_.stretches.push_back({start, {}});
        }
        std::vector<PageCode>& all = pages_.stretches.back().codes;
        all.insert(all.end(), codes.begin(), codes.end());
    }

    void take_frames(Address start, std::span<const std::uint64_t> entries) {
        for (std::size_t i = 0; i < entries.size(); ++i) {
            const std::uint64_t frame = entries[i] & frame_bits;
            if ((entries[i] & is_present) == 0 || frame == 0) {
                continue;
            }
            const Address at = start + i * pages_.page_size;
            FrameRun* last = pages_.frames.empty() ? nullptr : &pages_.frames.back();
            if (last && last->start + last->count * pages_.page_size == at && last->frame + last->count == frame) {
                ++last->count;
            } else {
                pages_.frames.push_back({at, 1, frame});
            }
        }
    }

    void add(Address start, std::uint64_t count, PageCode code, bool huge) {
        if (code == absent_page) {
            return;
        }
        const PageState state = state_of(code);
        PageRun* last = pages_.runs.empty() ? nullptr : &pages_.runs.back();
        if (last && last->state == state && last->huge == huge && last->start + last->count * pages_.page_size == start) {
            const std::uint64_t joined = std::min(count, PageRun::most_pages - last->count);
            last->set_count(last->count + joined);
            count -= joined;
            start += joined * pages_.page_size;
        }
        while (count != 0) {
            const std::uint64_t part = std::min(count, PageRun::most_pages);
            pages_.runs.emplace_back(start, part, state, huge);
            count -= part;
            start += part * pages_.page_size;
        }
    }

    // The first page in `range` of those that `any_of` names; nullopt: there is none, or this kernel cannot say.
    std::optional<Address> scan(AddressRange range, std::uint64_t any_of) {
        ScannedRegion found;
        ScanArgument argument;
        argument.start = range.start;
        argument.end = range.end;
        argument.regions = reinterpret_cast<std::uint64_t>(&found);
        argument.region_count = 1;
        argument.most_pages = 1;
        argument.any_of = any_of;
        argument.returned = any_of;
        const int count = can_scan_ ? ::ioctl(pagemap_.get(), _IOWR('f', 16, ScanArgument), &argument) : -1;
        can_scan_ = can_scan_ && count >= 0;
        return count == 1 ? std::optional(found.start) : std::nullopt;
    }

    // pagemap does not tell a huge page from 512 pages that are alike, so such a block is asked for.
    bool is_huge(Address start, std::span<const std::uint64_t> block, PageCode code) {
        return block.size() == huge_pages && pages_.page_size == 4096 && code != absent_page &&
               code != code_of(PageState::swapped) && can_be_huge(block) &&
               scan({start, start + pages_.page_size}, scan_huge).has_value();
    }

    // Where the frames are told (root), most blocks need not be asked for: a huge page lies in one piece, at a multiple of its
    // size.
    static bool can_be_huge(std::span<const std::uint64_t> block) {
        const std::uint64_t first = block.front() & frame_bits;
        return first == 0 || (first % huge_pages == 0 && (block.back() & frame_bits) == first + huge_pages - 1);
    }

    bool ends_in_hole(std::span<const std::uint64_t> entries) const {
        constexpr std::size_t hole = 512;
        return can_scan_ && entries.size() == most_entries &&
               std::ranges::all_of(entries.last(hole), [](std::uint64_t entry) { return (entry & told_bits) == 0; });
    }

    Address next_there(AddressRange range) {
        const auto found = scan(range, scan_present | scan_swapped);
        return found ? *found : can_scan_ ? range.end : range.start;
    }

    UniqueFd pagemap_;
    bool frames_;
    bool can_scan_ = true;
    std::uint64_t deadline_ns_ = monotonic_ns() + patience_ns;
    std::array<std::uint64_t, most_entries + piece> entries_;
    std::array<PageCode, huge_pages + piece> codes_;  // of the block at hand
    std::size_t runs_read_ = 0;
    Pages pages_;
};

// Mappings that lie near each other are one range: what lies between costs less than another call.
std::vector<AddressRange> coalesced(std::span<const AddressRange> ranges, ByteCount gap) {
    std::vector<AddressRange> wide;
    for (const AddressRange& range : ranges) {
        if (!wide.empty() && range.start - wide.back().end <= gap) {
            wide.back().end = range.end;
        } else {
            wide.push_back(range);
        }
    }
    return wide;
}

// Where there is so much that something may have to be left out, that is the largest.
std::vector<AddressRange> in_reading_order(std::span<const AddressRange> ranges, ByteCount page_size) {
    constexpr ByteCount much = 256u << 20;
    ByteCount size = 0;
    for (const AddressRange& range : ranges) {
        size += range.size();
    }
    if (size < much) {
        return coalesced(ranges, 256 * page_size);
    }
    std::vector<AddressRange> ordered(ranges.begin(), ranges.end());
    std::ranges::stable_sort(ordered, {}, &AddressRange::size);
    return ordered;
}

}  // namespace

Result<Pages> read_page_states(pid_t thread, std::span<const AddressRange> ranges, bool frames) {
    UniqueFd pagemap(::open(("/proc/" + std::to_string(thread) + "/pagemap").c_str(), O_RDONLY | O_CLOEXEC));
    if (!pagemap) {
        return std::unexpected(system_error("pagemap", errno));
    }
    PageReader reader(std::move(pagemap), frames);
    for (const AddressRange& range : in_reading_order(ranges, reader.page_size())) {
        if (!reader.read(range)) {
            return fail("the process has no memory any more", ESRCH);
        }
    }
    return reader.take();
}

std::vector<AddressRange> ranges_with_pages(std::string_view maps) {
    constexpr Address end_of_user_space = 1ull << 63;  // [vsyscall] lies beyond
    std::vector<AddressRange> ranges;
    while (!maps.empty()) {
        const std::string_view line = maps.substr(0, maps.find('\n'));
        maps.remove_prefix(std::min(line.size() + 1, maps.size()));
        AddressRange range;
        const char* const line_end = line.data() + line.size();
        const auto start = std::from_chars(line.data(), line_end, range.start, 16);
        if (start.ec != std::errc() || start.ptr == line_end || *start.ptr != '-') {
            continue;
        }
        const auto end = std::from_chars(start.ptr + 1, line_end, range.end, 16);
        if (end.ec == std::errc() && !range.empty() && range.end <= end_of_user_space) {
            ranges.push_back(range);
        }
    }
    return ranges;
}

}  // namespace procatlas
