#include "core/layout/memory/map_changes.h"

#include <algorithm>

#include "core/base/text.h"
#include "core/model/memory_blocks.h"
#include "core/narrate/block_name.h"

namespace procatlas {
namespace {

struct Side {
    std::span<const Region> regions;
    std::vector<Block> blocks;

    explicit Side(std::span<const Region> all) : regions(all), blocks(gather_blocks(all)) {}

    [[nodiscard]] const Region& first(const Block& block) const { return regions[block.first]; }
};

bool is_same_thing(const Side& a, const Block& x, const Side& b, const Block& y) {
    return x.kind == y.kind && x.range.overlaps(y.range) && a.first(x).file == b.first(y).file &&
           a.first(x).label == b.first(y).label && a.first(x).arena == b.first(y).arena;
}

bool looks_the_same(const Side& a, const Block& x, const Side& b, const Block& y) {
    const auto left = a.regions.subspan(x.first, x.count);
    const auto right = b.regions.subspan(y.first, y.count);
    return std::ranges::equal(
        left, right, [](const Region& p, const Region& q) { return p.range == q.range && p.permissions == q.permissions; });
}

ChangeKind kind_of(ByteCount before, ByteCount after) {
    return after > before ? ChangeKind::grew : after < before ? ChangeKind::shrank : ChangeKind::changed;
}

std::vector<Region> regions_with(Process process, std::shared_ptr<const AddressSpace> memory,
                                 std::span<const ElfImage> images) {
    process.memory = std::move(memory);
    return regions_of(process, images);
}

}  // namespace

MapChanges compare_maps(std::span<const Region> before, std::span<const Region> after, const Messages& words) {
    const Side a(before);
    const Side b(after);
    MapChanges found;
    std::vector<bool> met(a.blocks.size());
    std::size_t from = 0;  // blocks of `a` before this index end below all remaining blocks of `b`
    std::size_t same = 0;
    for (const Block& block : b.blocks) {
        while (from < a.blocks.size() && a.blocks[from].range.end <= block.range.start) {
            ++from;
        }
        std::size_t match = from;
        while (match < a.blocks.size() && a.blocks[match].range.start < block.range.end &&
               (met[match] || !is_same_thing(a, a.blocks[match], b, block))) {
            ++match;
        }
        const std::string name = block_name(block, b.regions, words);
        if (match == a.blocks.size() || a.blocks[match].range.start >= block.range.end) {
            found.changes.push_back({ChangeKind::appeared, block.range, block.kind, name, 0, block_size(block, b.regions)});
            continue;
        }
        met[match] = true;
        if (looks_the_same(a, a.blocks[match], b, block)) {
            same += block.kind != RegionKind::kernel ? 1 : 0;  // vsyscall has the same address in every process
            continue;
        }
        const ByteCount was = block_size(a.blocks[match], a.regions);
        const ByteCount is = block_size(block, b.regions);
        found.changes.push_back({kind_of(was, is), block.range, block.kind, name, was, is});
    }
    for (std::size_t i = 0; i < a.blocks.size(); ++i) {
        if (!met[i]) {
            found.changes.push_back({ChangeKind::gone, a.blocks[i].range, a.blocks[i].kind,
                                     block_name(a.blocks[i], a.regions, words), block_size(a.blocks[i], a.regions), 0});
        }
    }
    std::ranges::stable_sort(found.changes, {}, [](const MapChange& change) { return change.range.start; });
    found.replaced = same == 0 && !before.empty() && !after.empty();
    return found;
}

MapChanges changes_at(const Recording& recording, const World& world, std::size_t process, const Messages& words) {
    const Process& now = world.processes[process];
    if (!now.memory || now.memory_moment != now.last_moment || now.memory_moment == 0) {
        return {};
    }
    auto before = recording.maps().space_at(process, now.memory_moment - 1);
    if (!before || before == now.memory) {
        return {};
    }
    Process then = now;
    if (std::holds_alternative<ExecEvent>(recording.events()[now.memory_moment].detail) && !then.programs.empty()) {
        then.programs.pop_back();  // the map before belonged to another program
    }
    return compare_maps(regions_with(std::move(then), std::move(before), recording.images()),
                        regions_of(now, recording.images()), words);
}

MapChanges changes_since(const Recording& recording, const World& world, std::size_t process, std::size_t base,
                         const Messages& words) {
    const Process& now = world.processes[process];
    auto before = recording.maps().space_at(process, base);
    if (!before || !now.memory) {
        return {};
    }
    const World then = recording.world_at(base);  // after an exec in between, the map before belonged to another program
    return compare_maps(
        regions_with(process < then.processes.size() ? then.processes[process] : now, std::move(before), recording.images()),
        regions_of(now, recording.images()), words);
}

std::string change_text(const MapChange& change, const Messages& words, bool sides) {
    switch (change.kind) {
        case ChangeKind::appeared:
            return std::string(words.text(sides ? "change.only_here" : "change.appeared"));
        case ChangeKind::gone:
            return std::string(words.text(sides ? "change.only_there" : "change.gone"));
        case ChangeKind::grew:
            return words.format("change.grew", size_text(change.after - change.before));
        case ChangeKind::shrank:
            return words.format("change.shrank", size_text(change.before - change.after));
        case ChangeKind::changed:
            return std::string(words.text("change.changed"));
    }
    return {};
}

}  // namespace procatlas
