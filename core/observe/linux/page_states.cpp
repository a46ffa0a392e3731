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
#include "core/observe/linux/clock.h"
#include "core/observe/linux/pagemap.h"

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

PageState state_of(std::uint64_t entry) {
    return (entry & is_present) == 0     ? PageState::swapped
           : (entry & is_of_file) != 0   ? PageState::file
           : (entry & is_exclusive) != 0 ? PageState::own
                                         : PageState::shared;
}

class PageReader {
public:
    PageReader(UniqueFd pagemap, bool frames) : pagemap_(std::move(pagemap)), frames_(frames) {
        pages_.page_size = static_cast<ByteCount>(::sysconf(_SC_PAGESIZE));
    }

    // False: there is no memory any more.
    bool read(AddressRange range) {
        while (range.start < range.end) {
            if (monotonic_ns() > deadline_ns_ || pages_.runs.size() > most_runs || pages_.frames.size() > most_runs) {
                add(range.start, range.size() / pages_.page_size, PageState::unread, false);
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
        if (pages_.runs.capacity() > 2 * pages_.runs.size()) {
            pages_.runs.shrink_to_fit();
        }
        return std::move(pages_);
    }
    [[nodiscard]] ByteCount page_size() const { return pages_.page_size; }

private:
    static constexpr std::size_t most_runs = 200'000;
    static constexpr std::uint64_t patience_ns = 200'000'000;
    static constexpr std::uint64_t huge_pages = 512;  // of 4 KiB in one of 2 MiB

    std::size_t read_entries(AddressRange range) {
        const auto wanted = std::min<std::size_t>(entries_.size(), range.size() / pages_.page_size);
        const auto offset = static_cast<off_t>(range.start / pages_.page_size * sizeof entries_[0]);
        const ssize_t got = ::pread(pagemap_.get(), entries_.data(), wanted * sizeof entries_[0], offset);
        return got > 0 ? static_cast<std::size_t>(got) / sizeof entries_[0] : 0;
    }

    void take_states(Address start, std::span<const std::uint64_t> entries) {
        make_room(entries.size());
        const ByteCount page_size = pages_.page_size;
        const std::uint64_t* const begin = entries.data();
        const std::uint64_t* const end = begin + entries.size();
        const std::uint64_t* first = begin;
        std::uint64_t told = 0;  // of the run at hand: the same for all entries from `first` on
        for (const std::uint64_t* entry = begin; entry != end; ++entry) {
            if ((*entry & told_bits) == told) {
                continue;
            }
            const auto count = static_cast<std::uint64_t>(entry - first);
            if ((told & (is_present | is_swapped)) == 0) {
                // not there
            } else if (count < huge_pages && first != begin) {  // most: it differs from the run before
                pages_.runs.emplace_back(start, count, state_of(told), false);
            } else {
                add_with_huge(start, {first, entry}, state_of(told));
            }
            start += count * page_size;
            told = *entry & told_bits;
            first = entry;
        }
        if ((told & (is_present | is_swapped)) != 0) {
            add_with_huge(start, {first, end}, state_of(told));
        }
    }

    // For as many runs as there can be: growing step by step costs more than the runs themselves.
    void make_room(std::size_t more) {
        const std::size_t needed = pages_.runs.size() + more;
        if (needed > pages_.runs.capacity()) {
            pages_.runs.reserve(std::max(needed, 2 * pages_.runs.capacity()));
        }
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

    // pagemap does not tell a huge page from 512 pages that are alike, so each such block is asked for. Seldom called, and kept
    // out of the loop that does: there it costs a third.
    [[gnu::noinline]] void add_with_huge(Address start, std::span<const std::uint64_t> entries, PageState state) {
        const std::uint64_t count = entries.size();
        if (count < huge_pages) {
            add(start, count, state, false);
            return;
        }
        const ByteCount block = huge_pages * pages_.page_size;
        const Address end = start + count * pages_.page_size;
        const Address first = (start + block - 1) / block * block;
        if (pages_.page_size != 4096 || state == PageState::swapped || first + block > end) {
            add(start, count, state, false);
            return;
        }
        add(start, (first - start) / pages_.page_size, state, false);
        Address at = first;
        for (; at + block <= end; at += block) {
            const std::span<const std::uint64_t> here = entries.subspan((at - start) / pages_.page_size, huge_pages);
            add(at, huge_pages, state, can_be_huge(here) && is_huge(at));
        }
        add(at, (end - at) / pages_.page_size, state, false);
    }

    void add(Address start, std::uint64_t count, PageState state, bool huge) {
        PageRun* last = pages_.runs.empty() ? nullptr : &pages_.runs.back();
        if (count == 0) {
            return;
        }
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

    // Where the frames are told (root), most blocks need not be asked for: a huge page lies in one piece, at a multiple of its
    // size.
    static bool can_be_huge(std::span<const std::uint64_t> block) {
        const std::uint64_t first = block.front() & frame_bits;
        return first == 0 || (first % huge_pages == 0 && (block.back() & frame_bits) == first + huge_pages - 1);
    }

    bool is_huge(Address start) { return scan({start, start + pages_.page_size}, scan_huge).has_value(); }

    bool ends_in_hole(std::span<const std::uint64_t> entries) const {
        constexpr std::size_t hole = 512;
        return can_scan_ && entries.size() == entries_.size() &&
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
    std::array<std::uint64_t, 4096> entries_;
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

}  // namespace

Result<Pages> read_page_states(pid_t thread, std::span<const AddressRange> ranges, bool frames) {
    UniqueFd pagemap(::open(("/proc/" + std::to_string(thread) + "/pagemap").c_str(), O_RDONLY | O_CLOEXEC));
    if (!pagemap) {
        return std::unexpected(system_error("pagemap", errno));
    }
    PageReader reader(std::move(pagemap), frames);
    for (const AddressRange& range : coalesced(ranges, 256 * reader.page_size())) {
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
