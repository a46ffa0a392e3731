#include "core/inspect/heap/heap_chunks.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <string_view>

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

class HeapReader {
public:
    HeapReader(StoppedProcess& process, const DwarfModules& modules) : process_(process), modules_(modules) {}

    Heap read() {
        if (const std::string other = other_allocator(); !other.empty()) {
            heap_.why_not = other;
            return std::move(heap_);
        }
        if (const AddressRange range = brk_range(); !range.empty()) {
            walk(range);
        }
        if (heap_.why_not.empty() && !heap_.chunks.empty()) {
            mark_tcache();
            if (const Address top = top_field(); top != 0) {
                mark_fast_chunks(top);
                note_other_arenas(top);
            }
        }
        add_mapped_blocks();
        std::ranges::sort(heap_.chunks, {}, &HeapChunk::start);
        find_links();
        return std::move(heap_);
    }

private:
    // Why the chunks are not glibc's, in words; empty: they are glibc's.
    [[nodiscard]] std::string other_allocator() const {
        bool glibc = false;
        for (const ModuleSpan& span : modules_.spans()) {
            const std::string_view name = base_name(span.path);
            for (const std::string_view other : {"jemalloc", "tcmalloc", "mimalloc", "ld-musl", "hoard", "libasan", "scudo"}) {
                if (name.find(other) != name.npos) {
                    return "another allocator than glibc's serves this program: " + display_text(name);
                }
            }
            glibc = glibc || name == "libc.so.6" || name.starts_with("libc-2.");
        }
        return glibc ? "" : "another allocator than that of a shared glibc serves this program";
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

    // Walks from the first chunk to the top chunk, which ends at the end of the heap.
    void walk(const AddressRange& range) {
        Address at = range.start;
        while (at < range.end && heap_.chunks.size() < chunk_limit) {
            const auto field = process_.value_at<std::uint64_t>(at + 8);
            const ByteCount size = field.value_or(0) & ~flag_bits;
            if (!field || size < smallest_chunk || size % header_size != 0 || size > range.end - at) {
                heap_.why_not = "no chunk of malloc's lies at 0x" + address_text(at);
                return;
            }
            // The next chunk says whether this one is in use.
            if (!heap_.chunks.empty() && (*field & previous_in_use) == 0) {
                heap_.chunks.back().state = ChunkState::free;
            }
            heap_.chunks.push_back({at, size, ChunkState::in_use, {}});
            at += size;
        }
        if (at < range.end) {
            heap_.why_not = "there are more chunks than can be shown";
        } else if (!heap_.chunks.empty()) {
            heap_.chunks.back().state = ChunkState::top;
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
    void note_other_arenas(Address top) {
        const Address arena = top - fast_lists_before_top - header_size;
        if (process_.value_at<Address>(top + next_arena_behind_top).value_or(arena) != arena) {
            heap_.why_not = "other threads have arenas of their own, which are not shown";
        }
    }

    // Finds the field of libc's main arena that points to the top chunk. Searches for its contents, because libc is mostly
    // stripped of symbols. After the field come the last remainder and the first bin, whose links point to chunks or back here.
    // 0: not found.
    Address top_field() {
        for (const Mapping& m : process_.space().mappings) {
            const std::string_view name = base_name(m.name);
            if (!m.permissions.write || (name != "libc.so.6" && !name.starts_with("libc-2."))) {
                continue;
            }
            const std::string data = process_.read_some(m.range.start, m.range.size());
            for (std::size_t at = fast_lists_before_top; at + 4 * sizeof(Address) <= data.size(); at += sizeof(Address)) {
                std::array<Address, 4> fields{};
                std::memcpy(fields.data(), data.data() + at, sizeof fields);
                const Address here = m.range.start + at;
                const auto bin_link = [&](Address link) { return link == here || chunk_at(link) != nullptr; };
                if (fields[0] == heap_.chunks.back().start && bin_link(fields[2]) && bin_link(fields[3])) {
                    return here;
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
    const DwarfModules& modules_;
    Heap heap_;
};

}  // namespace

Heap read_heap(StoppedProcess& process, const DwarfModules& modules) {
    return HeapReader(process, modules).read();
}

}  // namespace procatlas
