#include "core/model/region.h"

#include <algorithm>
#include <array>
#include <map>
#include <tuple>

namespace procatlas {
namespace {

constexpr Address page_mask = 4095;
constexpr ByteCount arena_size = 64ull << 20;  // glibc: HEAP_MAX_SIZE of a non-main arena on 64-bit systems, also its alignment

using FileKey = std::tuple<std::uint32_t, std::uint32_t, std::uint64_t>;

FileKey file_key(const Mapping& m) {
    return {m.device_major, m.device_minor, m.inode};
}

bool is_file(const Mapping& m) {
    return m.inode != 0 || m.name.starts_with('/');
}
bool no_access(const Mapping& m) {
    return !m.permissions.read && !m.permissions.write && !m.permissions.execute;
}
bool is_unnamed(const Mapping& m) {
    return !is_file(m) && (m.name.empty() || m.name.starts_with("[anon"));
}

bool is_shared_memory_file(const Mapping& m) {
    constexpr std::array<std::string_view, 4> places{"/memfd:", "/dev/shm/", "/SYSV", "/dev/zero"};
    return m.permissions.shared && std::ranges::any_of(places, [&](std::string_view p) { return m.name.starts_with(p); });
}

// A file with an executable mapping: a program or a library.
struct Module {
    bool executable_file = false;  // the program itself
    const ElfImage* image = nullptr;
    std::optional<Address> bias;  // run-time minus link-time address
    AddressRange bss;             // run-time; empty: not known
};

// Computes the load bias from the segment that `m` maps: elf(5), p_vaddr and p_offset agree modulo the page size.
std::optional<Address> bias_of(const Mapping& m, const ElfImage& image) {
    for (const ElfSegment& segment : image.segments) {
        const std::uint64_t first = segment.offset & ~page_mask;
        if (m.offset >= first && m.offset < segment.offset + segment.file_size) {
            return m.range.start - ((segment.range.start & ~page_mask) + (m.offset - first));
        }
    }
    return std::nullopt;
}

AddressRange bss_of(const ElfImage& image, Address bias) {
    AddressRange bss;
    for (const ElfSection& section : image.sections) {
        if (section.no_bits && section.write && section.name != ".tbss") {  // .tbss takes no space in the image
            bss.start = bss.empty() ? section.range.start : std::min(bss.start, section.range.start);
            bss.end = std::max(bss.end, section.range.end);
        }
    }
    return bss.empty() ? bss : AddressRange{bss.start + bias, (bss.end + bias + page_mask) & ~page_mask};
}

class Classifier {
public:
    Classifier(const AddressSpace& space, std::string_view executable, std::span<const ElfImage> images,
               std::span<const ThreadMark> threads)
        : space_(space), threads_(threads) {
        find_modules(executable, images);
    }

    std::vector<Region> run() {
        constexpr std::size_t split = 16;  // mappings that become two regions
        regions_.reserve(space_.mappings.size() + split);
        for (std::size_t i = 0; i < space_.mappings.size(); ++i) {
            classify(i);
        }
        return std::move(regions_);
    }

private:
    void find_modules(std::string_view executable, std::span<const ElfImage> images) {
        for (const Mapping& m : space_.mappings) {
            if (is_file(m) && m.permissions.execute && !is_shared_memory_file(m)) {
                modules_.try_emplace(file_key(m));
            }
        }
        // The kernel says where the program's code starts. If it does not, the path must do.
        const Mapping* program = at(space_.marks.start_code);
        for (const Mapping& m : space_.mappings) {
            const auto found = is_file(m) ? modules_.find(file_key(m)) : modules_.end();
            if (found == modules_.end()) {
                continue;
            }
            Module& module = found->second;
            const bool has_mark = program && is_file(*program);
            module.executable_file |= has_mark ? file_key(*program) == file_key(m) : m.name == executable;
            if (!module.image) {
                const auto image = std::ranges::find_if(images, [&](const ElfImage& candidate) {
                    return FileKey{candidate.device_major, candidate.device_minor, candidate.inode} == file_key(m);
                });
                module.image = image == images.end() ? nullptr : &*image;
            }
            if (module.image && !module.bias) {
                module.bias = bias_of(m, *module.image);
                if (module.bias) {
                    module.bss = bss_of(*module.image, *module.bias);
                }
            }
        }
        for (auto& [key, module] : modules_) {
            const AddressMarks& marks = space_.marks;
            if (module.executable_file && module.bss.empty() && marks.end_data != 0) {
                const Address limit = marks.start_brk >= marks.end_data ? marks.start_brk : marks.end_data;
                module.bss = {marks.end_data, limit};
            }
        }
    }

    const Mapping* at(Address address) const { return address != 0 ? find_mapping(space_, address) : nullptr; }

    Region region(const Mapping& m, RegionKind kind, AddressRange range, LibraryPart part = LibraryPart::none) const {
        Region r;
        r.kind = kind;
        r.part = part;
        r.range = range;
        r.permissions = m.permissions;
        if (is_file(m)) {
            r.file = m.name;
            r.offset = m.offset + (range.start - m.range.start);
        } else {
            r.label = m.name;
        }
        return r;
    }

    void add(Region&& r) {
        if (r.range.empty()) {
            return;
        }
        // A bss that starts in the last page of its file and continues in anonymous pages is one bss.
        Region* below = regions_.empty() ? nullptr : &regions_.back();
        const bool both_bss = below && below->kind == r.kind && below->part == r.part &&
                              (r.kind == RegionKind::bss || r.part == LibraryPart::bss);
        const bool same_module = both_bss && (r.file.empty() || r.file == below->file) && below->permissions == r.permissions;
        if (same_module && below->range.end == r.range.start) {
            below->range.end = r.range.end;
            return;
        }
        regions_.push_back(std::move(r));
    }

    void classify(std::size_t i) {
        const Mapping& m = space_.mappings[i];
        if (m.name == "[heap]") {
            classify_heap(m);
        } else if (m.name.starts_with("[stack")) {
            add(region(m, RegionKind::stack, m.range));
        } else if (m.name.starts_with("[v") || m.name == "[uprobes]") {
            add(region(m, RegionKind::kernel, m.range));
        } else if (is_file(m)) {
            classify_file(m);
        } else {
            classify_anonymous(i);
        }
    }

    // Without address randomisation the bss and the heap can be one mapping. The kernel remembers where brk started.
    void classify_heap(const Mapping& m) {
        const Address brk = std::clamp(space_.marks.start_brk, m.range.start, m.range.end);
        const bool split = brk > m.range.start && brk < m.range.end;
        if (split) {
            Region bss = region(m, RegionKind::bss, {m.range.start, brk});
            bss.label.clear();
            add(std::move(bss));
        }
        add(region(m, RegionKind::heap, {split ? brk : m.range.start, m.range.end}));
    }

    void classify_file(const Mapping& m) {
        const auto found = modules_.find(file_key(m));
        if (is_shared_memory_file(m)) {
            add(region(m, RegionKind::shared_memory, m.range));
        } else if (no_access(m)) {
            add(region(m, RegionKind::guard, m.range));
        } else if (found == modules_.end()) {
            add(region(m, RegionKind::mapped_file, m.range));
        } else if (m.permissions.execute) {
            add_part(m, found->second, m.range, LibraryPart::code);
        } else if (!m.permissions.write) {
            add_part(m, found->second, m.range, LibraryPart::read_only_data);
        } else {
            const AddressRange& bss = found->second.bss;
            const Address cut = bss.empty() ? m.range.end : std::clamp(bss.start, m.range.start, m.range.end);
            add_part(m, found->second, {m.range.start, cut}, LibraryPart::data);
            add_part(m, found->second, {cut, m.range.end}, LibraryPart::bss);
        }
    }

    void add_part(const Mapping& m, const Module& module, AddressRange range, LibraryPart part) {
        if (!module.executable_file) {
            add(region(m, RegionKind::shared_library, range, part));
            return;
        }
        switch (part) {
            case LibraryPart::code:
                return add(region(m, RegionKind::code, range));
            case LibraryPart::read_only_data:
                return add(region(m, RegionKind::read_only_data, range));
            case LibraryPart::data:
                return add(region(m, RegionKind::data, range));
            case LibraryPart::none:
            case LibraryPart::bss:
                return add(region(m, RegionKind::bss, range));
        }
    }

    void classify_anonymous(std::size_t i) {
        const Mapping& m = space_.mappings[i];
        if (m.permissions.shared) {
            add(region(m, RegionKind::shared_memory, m.range));
        } else if (no_access(m)) {
            Region guard = region(m, RegionKind::guard, m.range);
            guard.arena = i > 0 && is_arena(i - 1);
            add(std::move(guard));
        } else if (const ThreadMark* mark = stack_of(i)) {
            Region stack = region(m, RegionKind::thread_stack, m.range);
            stack.thread = mark->thread;
            add(std::move(stack));
        } else if (is_arena(i)) {
            Region arena = region(m, RegionKind::heap, m.range);
            arena.arena = true;
            add(std::move(arena));
        } else {
            classify_bss(m);
        }
    }

    // Beyond the last page of its file a bss is an anonymous mapping. Whatever else the kernel merged into that mapping is not
    // bss.
    void classify_bss(const Mapping& m) {
        for (const auto& [key, module] : modules_) {
            if (!m.permissions.write || !module.bss.overlaps(m.range)) {
                continue;
            }
            const AddressRange inside{std::max(m.range.start, module.bss.start), std::min(m.range.end, module.bss.end)};
            add(region(m, RegionKind::anonymous, {m.range.start, inside.start}));
            add_bss(m, key, module, inside);
            add(region(m, RegionKind::anonymous, {inside.end, m.range.end}));
            return;
        }
        add(region(m, RegionKind::anonymous, m.range));
    }

    void add_bss(const Mapping& m, const FileKey& key, const Module& module, AddressRange range) {
        const bool own = module.executable_file;
        Region bss = region(m, own ? RegionKind::bss : RegionKind::shared_library, range);
        bss.part = own ? LibraryPart::none : LibraryPart::bss;
        bss.file = file_name(key);
        add(std::move(bss));
    }

    std::string file_name(const FileKey& key) const {
        const auto found =
            std::ranges::find_if(space_.mappings, [&](const Mapping& m) { return is_file(m) && file_key(m) == key; });
        return found == space_.mappings.end() ? std::string() : std::string(found->name);
    }

    // The thread whose stack a mapping is. That a stack pointer lies in it is not enough: Go keeps the stacks of its threads
    // and goroutines in the memory of its heap. A stack has a guard below, or is used by one thread from its upper end on.
    const ThreadMark* stack_of(std::size_t i) const {
        constexpr Address at_the_upper_end = 128 << 10;
        const AddressRange range = space_.mappings[i].range;
        const auto inside = [&](const ThreadMark& t) { return range.contains(t.stack_pointer); };
        const auto found = std::ranges::find_if(threads_, inside);
        if (found == threads_.end()) {
            return nullptr;
        }
        const bool guarded = i > 0 && no_access(space_.mappings[i - 1]) && space_.mappings[i - 1].range.end == range.start;
        const bool alone = std::ranges::count_if(threads_, inside) == 1;
        return guarded || (alone && range.end - found->stack_pointer <= at_the_upper_end) ? &*found : nullptr;
    }

    bool is_arena(std::size_t i) const {
        const Mapping& m = space_.mappings[i];
        if (!is_unnamed(m) || !m.permissions.read || !m.permissions.write || m.range.start % arena_size != 0) {
            return false;
        }
        if (m.range.size() == arena_size) {
            return true;
        }
        if (i + 1 == space_.mappings.size()) {
            return false;
        }
        const Mapping& reserve = space_.mappings[i + 1];
        return is_unnamed(reserve) && no_access(reserve) && reserve.range.start == m.range.end &&
               reserve.range.end == m.range.start + arena_size;
    }

    const AddressSpace& space_;
    std::span<const ThreadMark> threads_;
    std::map<FileKey, Module> modules_;
    std::vector<Region> regions_;
};

}  // namespace

std::vector<Region> classify_regions(const AddressSpace& space, std::string_view executable, std::span<const ElfImage> images,
                                     std::span<const ThreadMark> threads) {
    return Classifier(space, executable, images, threads).run();
}

std::string_view region_kind_name(RegionKind kind) {
    switch (kind) {
        case RegionKind::code:
            return "code";
        case RegionKind::read_only_data:
            return "read_only_data";
        case RegionKind::data:
            return "data";
        case RegionKind::bss:
            return "bss";
        case RegionKind::heap:
            return "heap";
        case RegionKind::stack:
            return "stack";
        case RegionKind::thread_stack:
            return "thread_stack";
        case RegionKind::shared_library:
            return "shared_library";
        case RegionKind::mapped_file:
            return "mapped_file";
        case RegionKind::shared_memory:
            return "shared_memory";
        case RegionKind::anonymous:
            return "anonymous";
        case RegionKind::guard:
            return "guard";
        case RegionKind::kernel:
            return "kernel";
    }
    return "";
}

std::string_view library_part_name(LibraryPart part) {
    switch (part) {
        case LibraryPart::none:
            return "";
        case LibraryPart::code:
            return "code";
        case LibraryPart::read_only_data:
            return "read_only_data";
        case LibraryPart::data:
            return "data";
        case LibraryPart::bss:
            return "bss";
    }
    return "";
}

const Region* find_region(std::span<const Region> regions, Address address) {
    const auto after = std::ranges::upper_bound(regions, address, {}, [](const Region& r) { return r.range.start; });
    if (after == regions.begin() || !std::prev(after)->range.contains(address)) {
        return nullptr;
    }
    return &*std::prev(after);
}

Address brk_of(std::span<const Region> regions) {
    Address end = 0;
    for (const Region& region : regions) {
        if (region.kind == RegionKind::heap && !region.arena) {
            end = std::max(end, region.range.end);
        }
    }
    return end;
}

}  // namespace procatlas
