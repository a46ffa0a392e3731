#include "core/layout/memory/layout_memory.h"

#include <algorithm>
#include <bit>
#include <cmath>

#include "core/base/text.h"
#include "core/layout/memory/memory_pins.h"
#include "core/model/places.h"
#include "core/narrate/block_name.h"

namespace procatlas {

namespace {

constexpr float gutter_right = 68;  // for the pins of each column
constexpr float group_gap = 26;     // between the columns of two moments
constexpr float column_min = 114;
constexpr float column_max = 320;
constexpr float header_height = 44;
constexpr float end_line = 22;  // "high addresses", "low addresses"
constexpr float inset = 4;      // between a column's frame and its blocks
constexpr float row_height = 20;
constexpr float gap_height = 17;
constexpr float most_stretch = 3;  // most extra height that a block gets beyond its text

// Width of the start addresses on the left: 12 digits, enough for user space.
float gutter_left(const TextMeasure& measure) {
    return measure.width("0000 0000 0000", TextStyle::mono_small) + 14;
}

bool grows(const Block& block, std::span<const Region> regions) {
    return block.kind == RegionKind::stack || (block.kind == RegionKind::heap && !regions[block.first].arena);
}

// Room for the block's lines of text, plus a height that grows with the logarithm of its size.
float block_height(const Block& block, std::span<const Region> regions, float stretch) {
    const auto doublings = static_cast<float>(std::bit_width(block.range.size() / 4096));
    const float more = stretch * (4 + doublings);
    switch (block.kind) {
        case RegionKind::stack:
        case RegionKind::heap:
            return grows(block, regions) ? 36 + more * 3 : row_height + more;
        case RegionKind::code:
        case RegionKind::data:
        case RegionKind::bss:
        case RegionKind::read_only_data:
            return row_height + more * 2;
        case RegionKind::shared_library:
            return row_height + more * (block.folded > 0 ? 2.0F : 1.0F);
        case RegionKind::thread_stack:
        case RegionKind::mapped_file:
        case RegionKind::shared_memory:
        case RegionKind::anonymous:
        case RegionKind::guard:
        case RegionKind::kernel:
            break;
    }
    return row_height + more * 0.25F;
}

struct Column {
    const MemoryColumn* source;
    std::vector<Block> blocks;
    std::vector<MapChange> ghosts;  // blocks that are gone, where no other block is now
    Box frame;
};

std::vector<MapChange> ghosts_of(const MemoryColumn& column, std::span<const Block> blocks) {
    std::vector<MapChange> ghosts;
    if (column.changes.replaced) {
        return ghosts;  // everything is gone: the title says so
    }
    for (const MapChange& change : column.changes.changes) {
        const bool covered =
            std::ranges::any_of(blocks, [&](const Block& block) { return block.range.overlaps(change.range); });
        if (change.kind == ChangeKind::gone && !covered) {
            ghosts.push_back(change);
        }
    }
    return ghosts;
}

class MemoryLayout {
public:
    MemoryLayout(std::span<const MemoryColumn> columns, const MemoryView& view, const Messages& words,
                 const TextMeasure& measure)
        : view_(view), words_(words), measure_(measure) {
        for (const MemoryColumn& column : columns) {
            std::vector<Block> blocks = gather_blocks(column.regions);
            if (!view.all_regions) {
                blocks = fold_blocks(blocks, column.regions);
            }
            std::vector<MapChange> ghosts = ghosts_of(column, blocks);
            columns_.push_back({&column, std::move(blocks), std::move(ghosts), {}});
        }
    }

    MemoryScene run() {
        build_axis();
        place_columns();
        add_bands();
        add_addresses();
        for (const Column& column : columns_) {
            add_header(column);
            add_column(column);
        }
        add_pointed();
        return std::move(scene_);
    }

private:
    Scene& body() { return scene_.body; }

    void label(Point at, std::string text, TextStyle style, Role role, bool on_fill = false) {
        if (!text.empty()) {
            body().labels.push_back({at, std::move(text), style, role, on_fill});
        }
    }

    AddressAxis axis_with(float stretch) const {
        std::vector<AxisBlock> spans;
        for (const Column& column : columns_) {
            for (const Block& block : column.blocks) {
                spans.push_back({block.range, block_height(block, column.source->regions, stretch)});
            }
            for (const MapChange& ghost : column.ghosts) {
                spans.push_back({ghost.range, row_height});
            }
        }
        return AddressAxis(spans, gap_height + 7 * stretch);
    }

    // Uses as much of the view's height as the blocks can. They get at least the height of their text.
    void build_axis() {
        const float room = view_.height - 2 * (end_line + inset);
        scene_.axis_top = end_line + inset;
        scene_.axis = axis_with(0);
        const float least = scene_.axis.height();
        if (least >= room) {
            return;  // and this skips the work below for maps of thousands of regions
        }
        const float per_stretch = axis_with(1).height() - least;
        if (per_stretch > 0) {
            scene_.axis = axis_with(std::min((room - least) / per_stretch, most_stretch));
        }
    }

    void place_columns() {
        const auto count = static_cast<float>(std::max<std::size_t>(columns_.size(), 1));
        const float room = view_.width - gutter_ - count * gutter_right;
        const float width = std::clamp(room / count, column_min, column_max);
        gutter_ += std::max(0.0F, std::floor((view_.width - gutter_ - count * (width + gutter_right)) / 2));  // centred
        const float height = std::max(scene_.axis.height(), 120.0F) + 2 * inset;
        float x = gutter_;
        for (Column& column : columns_) {
            x += &column != &columns_.front() && column.source->group != std::prev(&column)->source->group ? group_gap : 0;
            column.frame = {x, end_line, width, height};
            scene_.columns.push_back({column.source->process, column.frame});
            x += width + gutter_right;
        }
        body().width = scene_.header.width = std::max(x, view_.width);
        body().height = end_line + height + end_line;
        scene_.header.height = header_height;
    }

    void add_bands() {
        for (std::size_t c = 1; c < columns_.size(); ++c) {
            const Column& left = columns_[c - 1];
            const Column& right = columns_[c];
            if (left.source->gone || right.source->gone) {
                continue;
            }
            std::size_t j = 0;
            for (const Block& block : seen(left)) {
                while (j < right.blocks.size() && right.blocks[j].range.start < block.range.start) {
                    ++j;
                }
                if (j == right.blocks.size()) {
                    break;
                }
                if (right.blocks[j].range == block.range && right.blocks[j].kind == block.kind) {
                    const Box box{left.frame.right() + 1, y_top(block.range), right.frame.x - left.frame.right() - 2,
                                  y_bottom(block.range) - y_top(block.range)};
                    body().boxes.push_back(
                        {.box = box, .role = role_of(block.kind), .outline = Role::band, .radius = 0, .hit = {}});
                }
            }
        }
    }

    // The blocks in the visible part, and no others: they ascend by address, so they go up.
    std::span<const Block> seen(const Column& column) const {
        const auto below = [&](const Block& block) { return y_top(block.range) > view_.bottom; };
        const auto not_above = [&](const Block& block) { return y_bottom(block.range) >= view_.top; };
        const auto first = std::ranges::partition_point(column.blocks, below);
        const std::span<const Block> rest(first, column.blocks.end());
        return rest.first(static_cast<std::size_t>(std::ranges::partition_point(rest, not_above) - rest.begin()));
    }

    float y_top(const AddressRange& range) const { return scene_.axis_top + scene_.axis.top(range); }
    float y_bottom(const AddressRange& range) const { return scene_.axis_top + scene_.axis.bottom(range); }

    void add_addresses() {
        std::vector<Address> starts;
        for (const Column& column : columns_) {
            for (const Block& block : seen(column)) {
                starts.push_back(block.range.start);
            }
        }
        std::sort(starts.begin(), starts.end());
        starts.erase(std::unique(starts.begin(), starts.end()), starts.end());
        const float line = measure_.line_height(TextStyle::mono_small);
        float free_below = body().height;
        for (const Address start : starts) {
            const float y = scene_.axis_top + scene_.axis.y(start) - line;
            if (y + line > free_below) {
                continue;
            }
            std::string text = address_text(start, true);
            if (start >= kernel_addresses) {  // has more digits than fit
                text = text.substr(0, 4) + "…" + text.substr(text.size() - 9);
            }
            const float x = gutter_ - 8 - measure_.width(text, TextStyle::mono_small);
            label({std::max(0.0F, x), y}, std::move(text), TextStyle::mono_small, Role::muted);
            free_below = y;
        }
    }

    void add_header(const Column& column) {
        Scene& header = scene_.header;
        const float x = column.frame.x;
        const float width = column.frame.width + gutter_right - 12;
        header.boxes.push_back(
            {.box = {x, 0, width, header_height}, .filled = false, .hit = {HitKind::column_header, column.source->process, 0}});
        header.labels.push_back({{x, 2},
                                 fit_text(column.source->title, TextStyle::title, width, measure_),
                                 TextStyle::title,
                                 column.source->gone ? Role::muted : Role::text});
        header.labels.push_back({{x, 4 + measure_.line_height(TextStyle::title)},
                                 fit_text(subtitle_of(*column.source), TextStyle::small, width, measure_),
                                 TextStyle::small,
                                 Role::muted});
    }

    std::string subtitle_of(const MemoryColumn& column) const {
        return column.changes.replaced
                   ? std::string(words_.text(column.sides ? "change.all_differs" : "change.replaced")) + " · " + column.subtitle
                   : column.subtitle;
    }

    void add_column(const Column& column) {
        const Box& frame = column.frame;
        body().boxes.push_back({.box = frame, .role = Role::frame, .radius = 6, .filled = false, .outlined = true, .hit = {}});
        const float line = measure_.line_height(TextStyle::small);
        const float label_x = frame.x + inset;
        if (column.blocks.empty()) {
            label({label_x + 6, frame.y + 12},
                  fit_text(words_.text(column.source->kernel_thread ? "memory.kernel" : "memory.not_read"), TextStyle::small,
                           frame.width - 20, measure_),
                  TextStyle::small, Role::muted);
            return;
        }
        label({label_x, (end_line - line) / 2},
              fit_text(words_.text(view_.all_regions ? "memory.high" : "memory.high_kernel"), TextStyle::small, frame.width,
                       measure_),
              TextStyle::small, Role::muted);
        label({label_x, frame.bottom() + (end_line - line) / 2},
              fit_text(words_.text("memory.low"), TextStyle::small, frame.width, measure_), TextStyle::small, Role::muted);
        for (const Block& block : seen(column)) {
            if (&block != &column.blocks.front()) {
                add_gap(column, *std::prev(&block), block);
            }
            add_block(column, block);
        }
        for (const MapChange& ghost : column.ghosts) {
            add_ghost(column, ghost);
        }
        add_pins(column);
    }

    // Draws the outline of a block that is gone, with its name.
    void add_ghost(const Column& column, const MapChange& ghost) {
        const float top = y_top(ghost.range);
        const Box box{column.frame.x + inset, top + 1, column.frame.width - 2 * inset, y_bottom(ghost.range) - top - 2};
        body().boxes.push_back(
            {.box = box, .outline = Role::pin, .radius = 4, .filled = false, .outlined = true, .dashed = true, .hit = {}});
        const float line = measure_.line_height(TextStyle::small);
        if (box.height >= line) {
            const std::string text = change_text(ghost, words_, column.source->sides) + " · " + ghost.name;
            label({box.x + 8, box.y + (box.height - line) / 2}, fit_text(text, TextStyle::small, box.width - 16, measure_),
                  TextStyle::small, Role::muted);
        }
    }

    // The change of one of the blocks that `block` stands for; null: none changed.
    static const MapChange* change_of(const Column& column, const Block& block) {
        if (column.source->changes.replaced) {
            return nullptr;
        }
        const auto& changes = column.source->changes.changes;
        const auto found = std::ranges::find_if(changes, [&](const MapChange& change) {
            return change.kind != ChangeKind::gone && change.range.overlaps(block.range);
        });
        return found == changes.end() ? nullptr : &*found;
    }

    void add_block(const Column& column, const Block& block) {
        const std::span<const Region> regions = column.source->regions;
        const MapChange* change = change_of(column, block);
        const float top = y_top(block.range);
        const Box box{column.frame.x + inset, top + 1, column.frame.width - 2 * inset, y_bottom(block.range) - top - 2};
        const Hit hit{block.folded > 0 ? HitKind::fold : HitKind::region, column.source->process, block.range.start};
        const bool gone = column.source->gone;  // the block no longer exists
        const Role fill = role_of(block.kind);
        const Role role = gone ? Role::muted : fill;
        const bool selected = view_.selected.kind == HitKind::region && view_.selected.process == hit.process &&
                              block.range.contains(view_.selected.address);
        body().boxes.push_back({.box = box,
                                .role = fill,
                                .outline = change != nullptr ? Role::pin
                                           : gone            ? fill
                                                             : Role::frame,
                                .radius = 4,
                                .pale = gone,
                                .outlined = change != nullptr,
                                .dashed = gone,
                                .selected = selected,
                                .hit = hit});
        const float pad = 8;
        const float room = box.width - 2 * pad;
        const float small = measure_.line_height(TextStyle::small);
        const float strong = measure_.line_height(TextStyle::strong);
        if (box.height < strong) {
            return;
        }
        const bool two_lines = box.height >= strong + small + 4;
        const float y = box.y + std::min(4.0F, (box.height - strong - (two_lines ? small : 0)) / 2);
        std::string size = size_text(block_size(block, regions));
        if (change != nullptr) {
            size = change_text(*change, words_, column.source->sides) + " · " + size;
        }
        const float size_width = measure_.width(size, TextStyle::small);
        const std::string name = block_name(block, regions, words_);
        // The name matters more. If both do not fit, the size moves to the line below, or is left out.
        const bool tight = measure_.width(name, TextStyle::strong) > room - size_width - 8;
        const bool size_below = two_lines && tight;
        label({box.x + pad, y}, fit_text(name, TextStyle::strong, tight ? room : room - size_width - 8, measure_),
              TextStyle::strong, role, !gone);
        if (tight && !two_lines) {
            scene_.left_out = true;
            return;
        }
        const float size_y = size_below ? y + strong + 1 : y + (strong - small) / 2;
        label({box.right() - pad - size_width, size_y}, std::move(size), TextStyle::small, role, !gone);
        if (two_lines) {
            const float left = size_below ? room - size_width - 8 : room;
            std::string second = second_line(block, regions);
            if (grows(block, regions) && measure_.width(second, TextStyle::small) > left) {
                second = second.substr(0, second.find(' '));  // the arrow alone is clear enough
            }
            label({box.x + pad, y + strong + 1}, fit_text(second, TextStyle::small, left, measure_), TextStyle::small, role,
                  !gone);
        }
    }

    std::string second_line(const Block& block, std::span<const Region> regions) const {
        switch (block.kind) {
            case RegionKind::stack:
                return std::string(words_.text("memory.grows_down"));
            case RegionKind::heap:
                return grows(block, regions) ? std::string(words_.text("memory.grows_up")) : std::string();
            case RegionKind::shared_library:
                return block.folded > 0 ? folded_names(block, regions) : std::string(words_.text("region.shared_library"));
            case RegionKind::mapped_file:
                return std::string(words_.text("region.mapped_file"));
            case RegionKind::code:
            case RegionKind::read_only_data:
            case RegionKind::data:
                return display_text(base_name(regions[block.first].file));
            case RegionKind::bss:
            case RegionKind::thread_stack:
            case RegionKind::shared_memory:
            case RegionKind::anonymous:
            case RegionKind::guard:
            case RegionKind::kernel:
                break;
        }
        return {};
    }

    void add_gap(const Column& column, const Block& below, const Block& above) {
        const AddressRange gap{below.range.end, above.range.start};
        const float top = y_top(gap);
        const float height = y_bottom(gap) - top;
        const float line = measure_.line_height(TextStyle::small);
        const bool haunted =
            std::ranges::any_of(column.ghosts, [&](const MapChange& ghost) { return ghost.range.overlaps(gap); });
        if (gap.empty() || height < line || haunted) {
            return;
        }
        const bool user_end = gap.start < kernel_addresses && gap.end >= kernel_addresses;
        const bool random = above.kind == RegionKind::heap && !column.source->regions[above.first].arena;
        const std::string text = user_end ? std::string(words_.text("memory.gap_kernel"))
                                          : words_.format(random ? "memory.gap_random" : "memory.gap", size_text(gap.size()));
        const float room = column.frame.width - 12;
        std::string fitting = measure_.width(text, TextStyle::small) <= room
                                  ? text
                                  : fit_text(size_text(gap.size()), TextStyle::small, room, measure_);
        const float width = measure_.width(fitting, TextStyle::small);
        const float middle = column.frame.x + column.frame.width / 2;
        const float y = top + height / 2;
        for (const float side : {-1.0F, 1.0F}) {
            const float inner = middle + side * (width / 2 + 8);
            const float outer = middle + side * (column.frame.width / 2 - 10);
            if ((outer - inner) * side > 8) {
                body().links.push_back({{{std::min(inner, outer), y}, {std::max(inner, outer), y}}, Role::band});
            }
        }
        label({middle - width / 2, y - line / 2}, std::move(fitting), TextStyle::small, Role::muted);
    }

    void add_pins(const Column& column) {
        std::vector<MemoryPin> pins;
        for (const Place& place : column.source->places) {
            if (mapped(column, place.address)) {
                pins.push_back({place, scene_.axis_top + scene_.axis.y(place.address)});
            }
        }
        const float x = column.frame.right() + 14;
        const bool last = &column == &columns_.back();  // no column to its right
        const float room = last ? std::max(gutter_right - 16, view_.width - x) : gutter_right - 16;
        add_memory_pins(body(), std::move(pins), {column.frame.right() - inset, x, room}, words_, measure_);
    }

    // The end of a region counts as mapped: brk and the start of the stack point there.
    static bool mapped(const Column& column, Address address) {
        const auto after = std::upper_bound(column.blocks.begin(), column.blocks.end(), address,
                                            [](Address a, const Block& block) { return a < block.range.start; });
        return after != column.blocks.begin() && address <= std::prev(after)->range.end;
    }

    void add_pointed() {
        for (const Column& column : columns_) {
            if (!view_.pointed || column.source->process != view_.pointed_process || column.blocks.empty()) {
                continue;
            }
            const float y = scene_.axis_top + scene_.axis.y(*view_.pointed);
            body().boxes.push_back(
                {.box = {column.frame.x - 6, y - 1, column.frame.width + 12, 3}, .role = Role::accent, .radius = 1, .hit = {}});
            body().marks.push_back({{column.frame.x - 6, y + 0.5F}, 5, MarkShape::disc, Role::accent});
        }
    }

    const MemoryView& view_;
    const Messages& words_;
    const TextMeasure& measure_;
    std::vector<Column> columns_;
    float gutter_ = gutter_left(measure_);  // x of the first column
    MemoryScene scene_;
};

}  // namespace

MemoryScene layout_memory(std::span<const MemoryColumn> columns, const MemoryView& view, const Messages& words,
                          const TextMeasure& measure) {
    return MemoryLayout(columns, view, words, measure).run();
}

float memory_width(std::size_t columns, float column_width, const TextMeasure& measure) {
    return gutter_left(measure) + static_cast<float>(columns) * (column_width + gutter_right);
}

std::size_t columns_that_fit(float width, const TextMeasure& measure) {
    const float count = std::floor((width - gutter_left(measure)) / (column_min + gutter_right));
    return count < 1 ? 1 : static_cast<std::size_t>(count);
}

}  // namespace procatlas
