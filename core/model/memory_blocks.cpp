#include "core/model/memory_blocks.h"

#include <algorithm>

namespace procatlas {

namespace {

bool told_together(const Region& a, const Region& b) {
    // A program maps dozens of language files and the like: mapped files that are only read form one block.
    const bool files = a.kind == RegionKind::mapped_file && !a.permissions.write && !b.permissions.write;
    return a.range.end == b.range.start && a.kind == b.kind && (a.file == b.file || files) && a.thread == b.thread &&
           a.arena == b.arena && (a.label == b.label || a.kind == RegionKind::kernel);
}

constexpr ByteCount large_mapping = 4ULL << 20;
constexpr ByteCount fold_reach = 1ULL << 30;  // blocks across a larger hole are not folded together

// Memory that a process needs, but that no textbook draws piece by piece. Memory that the program got by mmap or a large malloc
// is not part of it.
bool is_furniture(const Block& block, std::span<const Region> regions) {
    const RegionKind kind = block.kind;
    if (kind == RegionKind::anonymous && regions[block.first].permissions.write && block.range.size() >= large_mapping) {
        return false;
    }
    return kind == RegionKind::shared_library || kind == RegionKind::mapped_file || kind == RegionKind::anonymous ||
           kind == RegionKind::kernel || kind == RegionKind::guard;
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
    std::size_t run = 0;  // number of blocks at the end of `folded` that may be folded together
    const auto close_run = [&] {
        if (run > 1) {
            const std::span<const Block> together = std::span(folded).last(run);
            const bool libraries = std::ranges::find(together, RegionKind::shared_library, &Block::kind) != together.end();
            Block& first = folded[folded.size() - run];
            const Block& last = folded.back();
            first = {libraries ? RegionKind::shared_library : first.kind,
                     {first.range.start, last.range.end},
                     first.first,
                     last.first + last.count - first.first,
                     run};
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

std::size_t count_libraries(const Block& block, std::span<const Region> regions) {
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

ByteCount block_size(const Block& block, std::span<const Region> regions) {
    ByteCount size = 0;
    for (const Region& region : regions.subspan(block.first, block.count)) {
        size += region.range.size();
    }
    return size;
}

}  // namespace procatlas
