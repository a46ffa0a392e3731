#include "core/narrate/block_name.h"

#include "core/base/text.h"

namespace procatlas {

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

std::string block_name(const Block& block, std::span<const Region> regions, const Messages& words) {
    if (block.folded > 0) {
        const std::size_t libraries = count_libraries(block, regions);
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
        case RegionKind::code:
        case RegionKind::read_only_data:
        case RegionKind::data:
        case RegionKind::bss:
        case RegionKind::stack:
        case RegionKind::shared_memory:
        case RegionKind::anonymous:
        case RegionKind::guard:
            break;
    }
    return std::string(words.text("region." + std::string(region_kind_name(block.kind))));
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
