#include "core/layout/stage/stage_areas.h"

#include <algorithm>
#include <optional>

#include "core/base/text.h"
#include "core/model/memory_blocks.h"
#include "core/narrate/block_name.h"

namespace procatlas {
namespace {

bool is_of_a_file(const Region& region) {
    return !region.file.empty() && region.kind != RegionKind::bss && region.part != LibraryPart::bss;
}

class AreaMaker {
public:
    AreaMaker(std::span<const Region> regions, std::span<const Address> interesting, const Messages& words)
        : regions_(regions), interesting_(interesting), words_(words) {}

    std::vector<StageArea> run() {
        const std::vector<Block> blocks = gather_blocks(regions_);
        for (const Block& block : blocks) {
            if (block.range.start < kernel_addresses) {
                take(block);
            }
        }
        name_libraries();
        std::ranges::stable_sort(areas_, [](const StageArea& a, const StageArea& b) { return a.place() > b.place(); });
        if (areas_.size() > most_stage_areas) {
            merge_the_least();
        }
        return std::move(areas_);
    }

private:
    void take(const Block& block) {
        switch (block.kind) {
            case RegionKind::code:
                return add(block, Role::code, "code", "region.code", "stage.code_note");
            case RegionKind::read_only_data:
                return add(block, Role::read_only_data, "read_only", "region.read_only_data", "");
            case RegionKind::data:
            case RegionKind::bss:
                return add(block, Role::data, "data", "region.data", "stage.data_note");
            case RegionKind::heap:
                if (regions_[block.first].arena) {
                    return alone(block, "region.arena", "");
                }
                return add(block, Role::heap, "heap", "region.heap", "memory.grows_up");
            case RegionKind::stack:
                return alone(block, "region.stack", "memory.grows_down");
            case RegionKind::thread_stack:
            case RegionKind::shared_memory:
                return alone(block, {}, "");
            case RegionKind::anonymous:
                if (is_interesting(block) || block.range.size() >= large) {
                    return alone(block, "stage.mapped", "");
                }
                break;
            case RegionKind::mapped_file:
                if (is_interesting(block)) {
                    return alone(block, {}, "");
                }
                break;
            case RegionKind::shared_library:
            case RegionKind::guard:
            case RegionKind::kernel:
                break;
        }
        if (!furniture_) {
            furniture_ = areas_.size();
            begin(Role::shared_library, "libraries", {}, "");
            areas_.back().furniture = true;
        }
        extend(areas_[*furniture_], block);
        libraries_ += count_libraries(block, regions_);
    }

    [[nodiscard]] bool is_interesting(const Block& block) const {
        return std::ranges::any_of(interesting_, [&](Address address) { return block.range.contains(address); });
    }

    [[nodiscard]] std::size_t index_of(std::string_view key) const {
        const auto found = std::ranges::find(named_, key, [&](std::size_t i) -> const std::string& { return areas_[i].key; });
        return found == named_.end() ? areas_.size() : *found;
    }

    void alone(const Block& block, std::string_view title, std::string_view note) {
        begin(role_of(block.kind), std::string(region_kind_name(block.kind)) + " " + address_text(block.range.end), title,
              note);
        if (title.empty()) {
            areas_.back().title = block_name(block, regions_, words_);
        }
        extend(areas_.back(), block);
    }

    void add(const Block& block, Role role, const std::string& key, std::string_view title, std::string_view note) {
        const std::size_t at = index_of(key);
        if (at == areas_.size()) {
            begin(role, key, title, note);
            named_.push_back(at);
        }
        extend(areas_[at], block);
    }

    void begin(Role role, const std::string& key, std::string_view title, std::string_view note) {
        areas_.push_back({.role = role, .key = key, .title = {}, .note = {}, .parts = {}, .of_file = {}});
        areas_.back().title = title.empty() ? std::string() : std::string(words_.text(title));
        areas_.back().note = note.empty() ? std::string() : std::string(words_.text(note));
    }

    void extend(StageArea& area, const Block& block) {
        for (const Region& region : regions_.subspan(block.first, block.count)) {
            area.parts.push_back(region.range);
            area.of_file.push_back(is_of_a_file(region));
            area.size += region.range.size();
            area.shared_memory |= is_shared_memory(region);
        }
    }

    void name_libraries() {
        if (furniture_) {
            areas_[*furniture_].title = words_.format(libraries_ == 1 ? "stage.library" : "stage.libraries", libraries_);
        }
    }

    // A program may have thousands of mappings: the smallest ones that have no name of their own become one area.
    void merge_the_least() {
        StageArea rest{.role = Role::anonymous, .key = "rest", .title = {}, .note = {}, .parts = {}, .of_file = {}};
        const auto is_named = [](const StageArea& area) {
            return area.role == Role::code || area.role == Role::data || area.role == Role::read_only_data ||
                   area.key == "heap" || area.role == Role::stack || area.furniture;
        };
        std::vector<std::size_t> order;
        for (std::size_t i = 0; i < areas_.size(); ++i) {
            if (!is_named(areas_[i])) {
                order.push_back(i);
            }
        }
        std::ranges::stable_sort(order, {}, [&](std::size_t i) { return areas_[i].size; });
        std::vector<bool> merged(areas_.size(), false);
        std::size_t left = areas_.size() + 1;
        for (const std::size_t i : order) {
            if (left <= most_stage_areas) {
                break;
            }
            merged[i] = true;
            --left;
            rest.parts.insert(rest.parts.end(), areas_[i].parts.begin(), areas_[i].parts.end());
            rest.of_file.insert(rest.of_file.end(), areas_[i].of_file.begin(), areas_[i].of_file.end());
            rest.size += areas_[i].size;
        }
        const auto count = static_cast<std::size_t>(std::ranges::count(merged, true));
        std::vector<StageArea> kept;
        bool placed = false;
        for (std::size_t i = 0; i < areas_.size(); ++i) {
            if (!merged[i]) {
                kept.push_back(std::move(areas_[i]));
            } else if (!placed) {
                placed = true;
                kept.push_back(rest);
                kept.back().title = words_.format("stage.more_mappings", count);
            }
        }
        for (StageArea& area : kept) {
            sort_parts(area);
        }
        areas_ = std::move(kept);
    }

    static void sort_parts(StageArea& area) {
        std::vector<std::pair<AddressRange, bool>> both;
        for (std::size_t i = 0; i < area.parts.size(); ++i) {
            both.emplace_back(area.parts[i], area.of_file[i]);
        }
        std::ranges::sort(both);
        for (std::size_t i = 0; i < both.size(); ++i) {
            area.parts[i] = both[i].first;
            area.of_file[i] = both[i].second;
        }
    }

    static constexpr ByteCount large = 1ULL << 20;  // memory that the program asked for, not what the loader needs

    std::span<const Region> regions_;
    std::span<const Address> interesting_;
    const Messages& words_;
    std::vector<StageArea> areas_;
    std::vector<std::size_t> named_;        // those that have several blocks: indices in areas_
    std::optional<std::size_t> furniture_;  // index in areas_
    std::size_t libraries_ = 0;
};

}  // namespace

std::pair<Address, int> StageArea::place() const {
    const int order = role == Role::data ? 2 : role == Role::read_only_data ? 1 : 0;
    return {order > 0 || role == Role::code ? 0 : parts.front().start, order};
}

bool StageArea::contains(Address address) const {
    return std::ranges::any_of(parts, [&](const AddressRange& part) { return part.contains(address); });
}

std::vector<StageArea> stage_areas(std::span<const Region> regions, std::span<const Address> interesting,
                                   const Messages& words) {
    return AreaMaker(regions, interesting, words).run();
}

}  // namespace procatlas
