#include "core/layout/memory_blocks.h"

#include <algorithm>

#include "core/base/text.h"

namespace procatlas {

namespace {

bool told_together(const Region& a, const Region& b) {
    // A program's language files and the like come in dozens: mapped files that only stand to be read are one block.
    const bool files = a.kind == RegionKind::mapped_file && !a.permissions.write && !b.permissions.write;
    return a.range.end == b.range.start && a.kind == b.kind && (a.file == b.file || files) && a.thread == b.thread &&
           a.arena == b.arena && (a.label == b.label || a.kind == RegionKind::kernel);
}

constexpr ByteCount large_mapping = 4ULL << 20;
constexpr ByteCount fold_reach = 1ULL << 30;  // a larger hole parts what is folded

// What a process needs, but no textbook draws one by one. What the program made with mmap or a large malloc is none of it.
bool is_furniture(const Block& block, std::span<const Region> regions) {
    const RegionKind kind = block.kind;
    if (kind == RegionKind::anonymous && regions[block.first].permissions.write && block.range.size() >= large_mapping) {
        return false;
    }
    return kind == RegionKind::shared_library || kind == RegionKind::mapped_file || kind == RegionKind::anonymous ||
           kind == RegionKind::kernel || kind == RegionKind::guard;
}

std::size_t library_count(const Block& block, std::span<const Region> regions) {
    std::size_t count = 0;
    std::string_view before;
    for (const Region& region : regions.subspan(block.first, block.count)) {
        if (region.kind == RegionKind::shared_library && region.file != before) {
            before = region.file;
            ++count;
        }
    }
    return count;
}

}  // namespace

std::vector<Block> gather_blocks(std::span<const Region> regions) {
    std::vector<Block> blocks;
    for (std::size_t i = 0; i < regions.size(); ++i) {
        if (i > 0 && told_together(regions[i - 1], regions[i])) {
            blocks.back().range.end = regions[i].range.end;
            ++blocks.back().count;
        } else {
            blocks.push_back({regions[i].kind, regions[i].range, i, 1});
        }
    }
    return blocks;
}

std::vector<Block> fold_blocks(std::span<const Block> blocks, std::span<const Region> regions) {
    std::vector<Block> folded;
    std::size_t run = 0;  // blocks at the end of `folded` that may be folded together
    const auto close_run = [&] {
        if (run > 1) {
            Block& first = folded[folded.size() - run];
            const Block& last = folded.back();
            first = {first.kind, {first.range.start, last.range.end}, first.first, last.first + last.count - first.first, run};
            if (library_count(first, regions) > 0) {
                first.kind = RegionKind::shared_library;
            }
            folded.resize(folded.size() - run + 1);
        }
        run = 0;
    };
    for (const Block& block : blocks) {
        if (block.range.start >= kernel_addresses) {
            break;
        }
        if (!is_furniture(block, regions) || (run > 0 && block.range.start - folded.back().range.end > fold_reach)) {
            close_run();
        }
        folded.push_back(block);
        run += is_furniture(block, regions) ? 1 : 0;
    }
    close_run();
    return folded;
}

ByteCount block_size(const Block& block, std::span<const Region> regions) {
    ByteCount size = 0;
    for (const Region& region : regions.subspan(block.first, block.count)) {
        size += region.range.size();
    }
    return size;
}

std::string folded_names(const Block& block, std::span<const Region> regions) {
    std::string names;
    std::string_view before;
    for (const Region& region : regions.subspan(block.first, block.count)) {
        if (region.kind == RegionKind::shared_library && region.file != before) {
            before = region.file;
            names += (names.empty() ? "" : ", ") + display_text(base_name(region.file));
        }
    }
    return names;
}

std::string block_name(const Block& block, std::span<const Region> regions, const Words& words) {
    if (block.folded > 0) {
        const std::size_t libraries = library_count(block, regions);
        return libraries == 0   ? words.format("region.folded", block.folded)
               : libraries == 1 ? words.format("region.folded_library", block.folded - 1)
                                : words.format("region.folded_libraries", libraries);
    }
    const Region& region = regions[block.first];
    switch (block.kind) {
        case RegionKind::mapped_file: {
            std::size_t files = 1;
            for (std::size_t i = block.first + 1; i < block.first + block.count; ++i) {
                files += regions[i].file != regions[i - 1].file ? 1 : 0;
            }
            return files == 1 ? display_text(base_name(region.file)) : words.format("region.mapped_files", files);
        }
        case RegionKind::shared_library:
            return display_text(base_name(region.file));
        case RegionKind::thread_stack:
            return region.thread != 0 ? words.format("region.thread_stack_of", region.thread)
                                      : std::string(words.text("region.thread_stack"));
        case RegionKind::heap:
            return std::string(words.text(region.arena ? "region.arena" : "region.heap"));
        case RegionKind::kernel: {
            std::string name;
            for (std::size_t i = block.first + block.count; i-- > block.first;) {
                std::string label = display_text(regions[i].label);
                std::erase_if(label, [](char c) { return c == '[' || c == ']'; });
                name += (name.empty() ? "" : ", ") + label;
            }
            return name.empty() ? std::string(words.text("region.kernel")) : name;
        }
        default:
            return std::string(words.text("region." + std::string(region_kind_name(block.kind))));
    }
}

std::vector<Place> places_of(const Process& process, std::span<const Region> regions, std::size_t thread_limit) {
    if (!process.alive()) {
        return {};  // it has neither registers nor a heap that could grow
    }
    std::vector<Place> places;
    if (!process.memory) {
        return places;
    }
    const AddressMarks& marks = process.memory->marks;
    const auto add = [&](PlaceKind kind, Address address, std::int32_t thread) {
        if (address != 0) {
            places.push_back({kind, address, thread});
        }
    };
    for (std::size_t i = 0; i < std::min(process.threads.size(), thread_limit); ++i) {
        const ThreadState& thread = process.threads[i];
        const std::int32_t number = thread.thread == process.key.pid ? 0 : thread.thread;
        add(PlaceKind::program_counter, thread.program_counter, number);
        add(PlaceKind::stack_pointer, thread.stack_pointer, number);
    }
    add(PlaceKind::brk, std::max(marks.start_brk, brk_of(regions)), 0);
    add(PlaceKind::stack_start, marks.start_stack, 0);
    add(PlaceKind::entry, marks.entry, 0);
    return places;
}

std::string_view place_key(PlaceKind kind) {
    switch (kind) {
        case PlaceKind::program_counter:
            return "place.pc";
        case PlaceKind::stack_pointer:
            return "place.sp";
        case PlaceKind::brk:
            return "place.brk";
        case PlaceKind::stack_start:
            return "place.stack_start";
        case PlaceKind::entry:
            return "place.entry";
    }
    return "";
}

}  // namespace procatlas
