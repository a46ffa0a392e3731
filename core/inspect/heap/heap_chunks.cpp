#include "core/inspect/heap/heap_chunks.h"

#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/text.h"

namespace procatlas {
namespace {

constexpr std::uint64_t flag_bits = 7;
constexpr std::uint64_t previous_in_use = 1;
constexpr std::uint64_t is_mapped = 2;
constexpr ByteCount smallest_chunk = 32;
constexpr ByteCount header_size = 16;
constexpr ByteCount page_size = 4096;
constexpr std::size_t chunk_limit = 500'000;

// tcache_perthread_struct since glibc 2.30: 64 counts of two bytes, 64 lists.
constexpr std::size_t tcache_lists = 64;
constexpr ByteCount tcache_chunk_size = 0x290;
constexpr ByteCount tcache_lists_at = header_size + 2 * tcache_lists;

// malloc_state since glibc 2.27: ten lists of fast chunks, then the top chunk, then the bins.
constexpr std::size_t fast_lists = 10;
constexpr ByteCount fast_lists_before_top = fast_lists * sizeof(Address);
constexpr ByteCount next_arena_behind_top = 2064;  // the last remainder, 254 bin links, and a map of four words of 32 bits

// malloc_state as its field `top` begins it: the last remainder, then the bins, each a list that leads back here.
constexpr std::size_t bins = 127;
constexpr std::size_t bins_at = 2;  // words behind `top`
constexpr std::size_t fewest_empty_bins = 16;

bool is_link(Address link) {
    return link != 0 && link % header_size == 0;
}

// Whether the words, which lie at `here`, are an arena's from its field `top` on.
bool is_arena(const std::array<Address, bins_at + 2 * bins>& words, Address here) {
    std::size_t empty = 0;
    for (std::size_t i = 0; i < bins; ++i) {
        const Address forward = words[bins_at + 2 * i];
        const Address backward = words[bins_at + 2 * i + 1];
        const Address itself = here + 2 * i * sizeof(Address);
        if ((forward == itself) != (backward == itself) || !is_link(forward) || !is_link(backward)) {
            return false;
        }
        empty += forward == itself ? 1 : 0;
    }
    return empty >= fewest_empty_bins && is_link(words[0]);
}

std::size_t threads_of(pid_t pid) {
    struct stat status{};
    return ::stat(("/proc/" + std::to_string(pid) + "/task").c_str(), &status) == 0 && status.st_nlink > 2 ? status.st_nlink - 2
                                                                                                           : 1;
}

class HeapReader {
public:
    explicit HeapReader(StoppedProcess& process) : process_(process) {}

    Heap read() {
        const Address top = top_field();
        if (top == 0) {
            note("malloc's own records were not found, so its blocks are not known");
            heap_.why_not = brk_range().empty() ? "" : std::move(heap_.why_not);
        } else if (const Address chunk = process_.value_at<Address>(top).value_or(top); chunk != top) {  // it has been used
            walk(brk_range(), chunk);
        }
        if (!heap_.chunks.empty()) {
            mark_tcache();
            mark_fast_chunks(top);
            note_other_threads(top);
        }
        add_mapped_blocks();
        std::ranges::sort(heap_.chunks, {}, &HeapChunk::start);
        find_links();
        return std::move(heap_);
    }

private:
    void note(std::string_view text) {
        heap_.why_not += heap_.why_not.empty() ? "" : "; ";
        heap_.why_not += text;
    }

    [[nodiscard]] AddressRange brk_range() const {
        AddressRange range;
        for (const Mapping& m : process_.space().mappings) {
            if (m.name == "[heap]") {
                range.start = range.empty() ? m.range.start : range.start;
                range.end = m.range.end;
            }
        }
        return range;
    }

    // Chunks that follow each other without a gap, from the first to the top chunk or to fenceposts, which malloc leaves where
    // the program itself has moved the end of the heap meanwhile.
    struct Run {
        std::vector<HeapChunk> chunks;
        Address end = 0;  // behind the fenceposts, or the top chunk
    };
    [[nodiscard]] std::optional<Run> run_from(Address start, Address top) {
        Run run;
        Address at = start;
        while (at < top) {
            const auto header = process_.value_at<std::array<std::uint64_t, 2>>(at);
            if (!header || budget_ == 0) {
                return std::nullopt;
            }
            --budget_;
            const ByteCount size = (*header)[1] & ~flag_bits;
            const bool after_free = ((*header)[1] & previous_in_use) == 0;
            const bool first = at == start;
            if (((*header)[1] & (flag_bits & ~previous_in_use)) != 0 || (first && (after_free || (*header)[0] != 0)) ||
                (after_free && (*header)[0] != run.chunks.back().size)) {
                return std::nullopt;
            }
            if (after_free) {
                run.chunks.back().state = ChunkState::free;
            }
            if (size == header_size && !first) {
                run.end = at + size;
                const auto second = process_.value_at<std::uint64_t>(run.end + 8).value_or(0) & ~flag_bits;
                run.end += second == header_size ? header_size : 0;
                return second == header_size ? std::optional(std::move(run)) : std::nullopt;
            }
            if (size < smallest_chunk || size % header_size != 0 || size > top - at) {
                return std::nullopt;
            }
            run.chunks.push_back({at, size, ChunkState::in_use, {}});
            at += size;
        }
        run.end = top;
        return run;
    }

    // The first run that begins at or after `from`. Nothing but its chunks tells where it begins, so one of which the data look
    // like another beginning is not certain.
    [[nodiscard]] std::optional<Run> find_run(Address from, Address top) {
        for (Address at = (from + header_size - 1) / header_size * header_size; at < top && budget_ > 0; at += header_size) {
            auto run = run_from(at, top);
            if (!run) {
                continue;
            }
            const Address inside_end = at + run->chunks.front().size;
            for (Address other = at + header_size; at != from && other < inside_end; other += header_size) {
                if (run_from(other, top)) {
                    return std::nullopt;
                }
            }
            return run;
        }
        return std::nullopt;
    }

    void walk(const AddressRange& range, Address top) {
        const ByteCount top_size = process_.value_at<std::uint64_t>(top + 8).value_or(0) & ~flag_bits;
        if (!range.contains(top) || top_size == 0 || top_size > range.end - top) {
            note("malloc's own heap does not lie where the program's brk is, and is not shown");
            return;
        }
        bool foreign = false;
        for (Address at = range.start; at < top;) {
            auto run = find_run(at, top);
            if (!run) {
                note(budget_ == 0
                         ? "there are more chunks than can be shown"
                         : "no chunk of malloc's lies at 0x" + address_text(at) + ", and where they go on is not certain");
                heap_.chunks.clear();
                return;
            }
            foreign |= run->chunks.front().start != at;
            heap_.chunks.insert(heap_.chunks.end(), run->chunks.begin(), run->chunks.end());
            at = run->end;
        }
        const bool after_free = (process_.value_at<std::uint64_t>(top + 8).value_or(0) & previous_in_use) == 0;
        if (after_free && !heap_.chunks.empty()) {
            heap_.chunks.back().state = ChunkState::free;
        }
        heap_.chunks.push_back({top, top_size, ChunkState::top, {}});
        foreign |= top + top_size < range.end;
        if (foreign) {
            note("parts of the heap are not malloc's: the program has moved its end by itself");
        }
    }

    HeapChunk* chunk_at(Address start) {
        const auto found = std::ranges::lower_bound(heap_.chunks, start, {}, &HeapChunk::start);
        return found != heap_.chunks.end() && found->start == start ? &*found : nullptr;
    }

    // Since glibc 2.32 the links of these lists are mangled with the address at which they are stored.
    static Address unmixed(Address place, std::uint64_t link) { return link ^ (place >> 12); }

    // Chunks in a thread's cache are marked as in use. Their links point to what malloc returned.
    void mark_tcache() {
        const HeapChunk first = heap_.chunks.front();
        if (first.size != tcache_chunk_size) {
            note("the cache of freed blocks was not found: those in it count as in use");
            return;
        }
        heap_.chunks.front().state = ChunkState::bookkeeping;
        std::size_t budget = heap_.chunks.size();
        for (std::size_t i = 0; i < tcache_lists; ++i) {
            Address block = process_.value_at<Address>(first.start + tcache_lists_at + i * sizeof(Address)).value_or(0);
            while (block != 0 && budget-- > 0) {
                HeapChunk* chunk = chunk_at(block - header_size);
                if (!chunk || chunk->state == ChunkState::top) {
                    break;
                }
                chunk->state = ChunkState::free;
                block = unmixed(block, process_.value_at<std::uint64_t>(block).value_or(0));
            }
        }
    }

    // Small chunks that the arena caches are marked as in use, too. Their links point to chunks.
    void mark_fast_chunks(Address top) {
        std::size_t budget = heap_.chunks.size();
        for (std::size_t i = 0; i < fast_lists; ++i) {
            const Address list = top - fast_lists_before_top + i * sizeof(Address);
            Address start = process_.value_at<Address>(list).value_or(0);
            while (start != 0 && budget-- > 0) {
                HeapChunk* chunk = chunk_at(start);
                if (!chunk || chunk->state == ChunkState::top) {
                    break;
                }
                chunk->state = ChunkState::free;
                const Address link = start + header_size;
                start = unmixed(link, process_.value_at<std::uint64_t>(link).value_or(0));
            }
        }
    }

    // Arenas form a circular list; a single arena links to itself.
    void note_other_threads(Address top) {
        const Address arena = top - fast_lists_before_top - header_size;
        if (process_.value_at<Address>(top + next_arena_behind_top).value_or(arena) != arena) {
            note("other threads have arenas of their own, which are not shown");
        }
        if (threads_of(process_.pid()) > 1) {
            note("blocks that another thread has freed may be in its own cache, and count as in use then");
        }
    }

    // The field of libc's main arena that points to the top chunk, by what the arena holds, because libc is mostly stripped of
    // symbols. 0: not found.
    Address top_field() {
        for (const Mapping& m : process_.space().mappings) {
            const std::string_view name = base_name(m.name);
            if (!m.permissions.write || (name != "libc.so.6" && !name.starts_with("libc-2."))) {
                continue;
            }
            const std::string data = process_.read_some(m.range.start, m.range.size());
            std::array<Address, bins_at + 2 * bins> words{};
            for (std::size_t at = fast_lists_before_top; at + sizeof words <= data.size(); at += sizeof(Address)) {
                std::memcpy(words.data(), data.data() + at, sizeof words);
                if (is_arena(words, m.range.start + at)) {
                    return m.range.start + at;
                }
            }
        }
        return 0;
    }

    // Big blocks are at the start of an anonymous mapping, because the kernel maps downwards and merges neighbours.
    void add_mapped_blocks() {
        for (const Mapping& m : process_.space().mappings) {
            const bool anonymous = m.inode == 0 && m.name.empty() && m.permissions.read && m.permissions.write;
            for (Address at = m.range.start; anonymous && at < m.range.end && heap_.chunks.size() < 2 * chunk_limit;) {
                const auto header = process_.value_at<std::array<std::uint64_t, 2>>(at);
                const ByteCount size = header ? (*header)[1] & ~flag_bits : 0;
                if (!header || (*header)[0] != 0 || ((*header)[1] & flag_bits) != is_mapped || size < page_size ||
                    size % page_size != 0 || size > m.range.end - at) {
                    break;
                }
                heap_.chunks.push_back({at, size, ChunkState::mapped, {}});
                at += size;
            }
        }
    }

    static bool holds_data(const HeapChunk& chunk) {
        return chunk.state == ChunkState::in_use || chunk.state == ChunkState::mapped;
    }

    // Whether the block that contains `address` holds data.
    bool leads_to_block(Address address) const {
        const HeapChunk* chunk = find_chunk(heap_, address);
        return chunk && holds_data(*chunk) && address - chunk->start >= header_size;
    }

    // Finds which blocks point to which, by words that look like addresses. Reads only the start of large blocks, and limits
    // the total, to take only a moment.
    void find_links() {
        constexpr ByteCount most_of_a_block = 4096;
        constexpr std::size_t most_links = 64;
        ByteCount budget = 2u << 20;
        for (HeapChunk& chunk : heap_.chunks) {
            const ByteCount size = std::min(chunk.size - header_size, most_of_a_block);
            if (!holds_data(chunk) || size > budget) {
                continue;
            }
            budget -= size;
            const std::string data = process_.read_some(chunk.start + header_size, size);
            for (std::size_t at = 0; at + sizeof(Address) <= data.size() && chunk.leads_to.size() < most_links;
                 at += sizeof(Address)) {
                Address word = 0;
                std::memcpy(&word, data.data() + at, sizeof word);
                if (word != 0 && leads_to_block(word)) {
                    chunk.leads_to.push_back(word);
                }
            }
        }
    }

    StoppedProcess& process_;
    Heap heap_;
    std::size_t budget_ = 2 * chunk_limit;  // headers that are looked at
};

}  // namespace

Heap read_heap(StoppedProcess& process, const std::string& other_allocator) {
    if (!other_allocator.empty()) {
        Heap heap;
        heap.why_not = other_allocator;
        return heap;
    }
    return HeapReader(process).read();
}

}  // namespace procatlas
