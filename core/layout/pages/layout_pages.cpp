#include "core/layout/pages/layout_pages.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>

#include "core/base/text.h"
#include "core/layout/memory/memory_column.h"
#include "core/layout/pages/equal_columns.h"
#include "core/layout/pages/process_badge.h"
#include "core/narrate/family_names.h"
#include "core/narrate/pages_text.h"
#include "core/scene/wrap_text.h"

namespace procatlas {
namespace {

constexpr float pages_column_gap = 28;
constexpr float pages_least_column = 176;  // three where a window has 1280 pixels
constexpr float pages_large_cell = 16;     // for one page, if there are few
constexpr float pages_small_cell = 8;
constexpr std::uint64_t few_pages = 64;
constexpr std::uint64_t most_cells = 512;
constexpr float pages_region_gap = 22;

// The number of pages in each state in a cell; the rest are not present.
struct Mix {
    std::uint64_t exclusive = 0;
    std::uint64_t shared = 0;
    std::uint64_t file = 0;
    std::uint64_t swapped = 0;
    std::uint64_t unread = 0;
    bool together = false;  // the shared pages are shared memory
    bool copied = false;    // the event of this moment copied at least one

    [[nodiscard]] std::uint64_t told() const { return exclusive + shared + file + swapped + unread; }
};

std::vector<Mix> mixes_of(const RegionPages& pages, Address start, std::uint64_t pages_a_cell, std::size_t cells) {
    std::vector<Mix> mixes(cells);
    for (const PageRun& run : pages.runs) {
        std::uint64_t page = (run.start - start) / pages.page_size;
        for (std::uint64_t left = run.count; left != 0 && page / pages_a_cell < cells;) {
            Mix& mix = mixes[page / pages_a_cell];
            const std::uint64_t here = std::min(left, pages_a_cell - page % pages_a_cell);
            const std::array<std::uint64_t*, page_state_count> counts{&mix.exclusive, &mix.shared, &mix.file, &mix.swapped,
                                                                      &mix.unread};
            *counts[static_cast<std::size_t>(run.state)] += here;
            page += here;
            left -= here;
        }
    }
    return mixes;
}

// The message key of one page's state, as in the legend.
const char* state_key(const RegionPages& page) {
    return page.exclusive != 0 ? "pages.legend_exclusive"
           : page.shared != 0  ? (page.shared_memory ? "pages.legend_together" : "pages.legend_shared")
           : page.file != 0    ? "pages.legend_file"
           : page.runs.empty() ? "pages.legend_absent"
                               : "pages.legend_other";
}

class PagesLayout {
public:
    PagesLayout(const LayoutContext& context, std::span<const std::size_t> processes, const PagesView& view)
        : recording_(context.recording),
          world_(context.world),
          processes_(processes),
          moment_(context.moment),
          view_(view),
          words_(context.words),
          measure_(context.measure) {}

    PagesScene run() {
        const ChosenRegions chosen =
            choose_regions(world_, processes_, recording_.images(), words_, view_.most_regions, view_.only);
        add_legend(std::ranges::any_of(chosen.regions, [](const CommonRegion& c) { return is_shared_memory(c.region); }));
        add_titles();
        for (const CommonRegion& common : chosen.regions) {
            add_region(common);
        }
        if (chosen.regions.empty()) {
            add_text(0, words_.text(chosen.read ? "pages.none" : "pages.none_read"), width_);
        }
        if (chosen.left_out != 0) {
            add_text(0, words_.format("pages.left_out", chosen.left_out), width_);
        }
        made_.scene.width = width_;
        made_.scene.height = y_;
        return std::move(made_);
    }

private:
    void label(float x, float y, std::string_view text, TextStyle style, Role role, float room) {
        SceneLabel label = fitted_label({{x, y}, std::string(text), style, role}, room, measure_);
        if (!label.text.empty()) {
            made_.scene.labels.push_back(std::move(label));
        }
    }

    // Adds wrapped text and moves below it.
    void add_text(float x, std::string_view text, float room) {
        for (const std::string& line : wrap_text(text, TextStyle::small, room, measure_)) {
            label(x, y_, line, TextStyle::small, Role::muted, room + 1);
            y_ += measure_.line_height(TextStyle::small) + 2;
        }
    }

    void add_legend(bool with_shared_memory) {
        constexpr float swatch = 14;
        constexpr float between = 16;
        const std::array<std::pair<Mix, const char*>, 5> entries{{
            {{.exclusive = 1}, "pages.legend_exclusive"},
            {{.shared = 1}, "pages.legend_shared"},
            {{.file = 1}, "pages.legend_file"},
            {{.swapped = 1}, "pages.legend_other"},
            {{}, "pages.legend_absent"},
        }};
        const float line = measure_.line_height(TextStyle::small);
        float x = 0;
        const auto add = [&](const Mix& mix, std::uint64_t pages, std::string_view text) {
            const float room = swatch + 6 + measure_.width(text, TextStyle::small);
            if (x > 0 && x + room > width_) {
                x = 0;
                y_ += line + 6;
            }
            add_cell({x, y_ + (line - swatch) / 2, swatch, swatch}, mix, pages);
            label(x + swatch + 6, y_, text, TextStyle::small, Role::text, room);
            x += room + between;
        };
        for (const auto& [mix, key] : entries) {
            add(mix, 1, words_.text(key));
        }
        if (with_shared_memory) {
            add({.shared = 1, .together = true}, 1, words_.text("pages.legend_together"));
        }
        add({.exclusive = 2, .shared = 2}, 4, words_.text("pages.legend_mixed"));
        add({.exclusive = 1, .copied = true}, 1,
            words_.text(is_writer_known() ? "pages.legend_copied" : "pages.legend_parted"));
        y_ += line + 14;
    }

    void add_titles() {
        const std::vector<std::string> names = family_names(world_);
        const float strong = measure_.line_height(TextStyle::strong);
        const float small = measure_.line_height(TextStyle::small);
        for (std::size_t i = 0; i < processes_.size(); ++i) {
            const MemoryColumn column = memory_title(world_, processes_[i], words_);
            const float badge =
                add_process_badge(made_.scene, {columns_.x(i), y_}, processes_[i], names[processes_[i]], measure_);
            label(columns_.x(i) + badge, y_, words_.format("pages.pid", column.title), TextStyle::strong, Role::text,
                  columns_.width - badge);
            label(columns_.x(i), y_ + strong + 1, column.subtitle, TextStyle::small, Role::muted, columns_.width);
            const Process& process = world_.processes[processes_[i]];
            const std::string when = !process.pages_moment              ? std::string(words_.text("pages.not_read"))
                                     : *process.pages_moment == moment_ ? std::string()
                                                                        : words_.format("pages.as_of", *process.pages_moment);
            label(columns_.x(i), y_ + strong + small + 2, when, TextStyle::small, Role::muted, columns_.width);
        }
        y_ += strong + 2 * small + 18;
    }

    void add_region(const CommonRegion& common) {
        const Region& region = common.region;
        const float whole = y_;
        constexpr float swatch = 12;
        const float strong = measure_.line_height(TextStyle::strong);
        made_.scene.boxes.push_back({.box = {0, y_ + (strong - swatch) / 2, swatch, swatch},
                                     .role = role_of(region.kind),
                                     .outline = Role::frame,
                                     .radius = 2,
                                     .outlined = true,
                                     .hit = {}});
        const std::string title = common.title;
        const float title_width = measure_.width(title, TextStyle::strong);
        label(swatch + 8, y_, title, TextStyle::strong, Role::text, width_);
        label(swatch + 18 + title_width, y_ + 2,
              fmt::format("{}-{} {}", address_text(region.range.start, true), address_text(region.range.end, true),
                          permissions_text(region.permissions)),
              TextStyle::mono_small, Role::muted, width_ - swatch - 18 - title_width);
        y_ += strong + 6;
        grid_ = grid_of(common);
        if (grid_.pages_a_cell > 1) {
            add_text(0, words_.format("pages.cell_of", count_text(grid_.pages_a_cell)), width_);
            y_ += 2;
        }
        const float top = y_;
        float bottom = y_;
        for (std::size_t i = 0; i < processes_.size(); ++i) {
            y_ = top;
            add_grid(common, i);
            bottom = std::max(bottom, y_);
        }
        if (const std::uint64_t copied = copied_in(region.range); copied > most_copied_) {
            most_copied_ = copied;
            made_.copied = {0, whole, width_, bottom - whole};
        }
        y_ = bottom + pages_region_gap;
    }

    // How many pages of the range the event copied for one of the processes shown.
    [[nodiscard]] std::uint64_t copied_in(const AddressRange& range) const {
        std::uint64_t pages = 0;
        for (const CopiedRun& run :
             recording_.empty() ? std::span<const CopiedRun>() : recording_.events()[moment_].copied.all()) {
            const auto is_its = [&](std::size_t process) { return world_.processes[process].key.pid == run.pid; };
            const AddressRange of_run{run.start, run.start + run.pages * grid_.page_size};
            if (of_run.overlaps(range) && std::ranges::any_of(processes_, is_its)) {
                pages += (std::min(of_run.end, range.end) - std::max(of_run.start, range.start)) / grid_.page_size;
            }
        }
        return pages;
    }

    struct Grid {
        Address start = 0;
        ByteCount page_size = 4096;
        std::uint64_t pages = 1;
        std::uint64_t pages_a_cell = 1;
        float cell = pages_small_cell;
        std::size_t a_row = 1;
    };

    Grid grid_of(const CommonRegion& common) const {
        Grid grid;
        for (const auto& pages : common.pages) {
            grid.page_size = pages ? pages->page_size : grid.page_size;
        }
        grid.start = common.region.range.start / grid.page_size * grid.page_size;
        const std::uint64_t count = (common.region.range.end - grid.start + grid.page_size - 1) / grid.page_size;
        grid.pages = count;
        grid.pages_a_cell = count <= most_cells ? 1 : std::bit_ceil((count + most_cells - 1) / most_cells);
        grid.cell = count <= few_pages ? pages_large_cell : pages_small_cell;
        grid.a_row = std::bit_floor(static_cast<std::size_t>(columns_.width / (grid.cell + 1)));
        return grid;
    }

    void add_grid(const CommonRegion& common, std::size_t column) {
        const auto& pages = common.pages[column];
        if (!pages) {
            const bool read = world_.processes[processes_[column]].pages != nullptr;
            y_ += 2;
            const float x = columns_.x(column);
            add_text(x, words_.text(read ? "pages.no_region" : "pages.not_read"), columns_.width);
            return;
        }
        const auto cells = static_cast<std::size_t>((grid_.pages + grid_.pages_a_cell - 1) / grid_.pages_a_cell);
        std::vector<Mix> mixes = mixes_of(*pages, grid_.start, grid_.pages_a_cell, cells);
        for (Mix& mix : mixes) {
            mix.together = pages->shared_memory;
        }
        mark_copied(mixes, world_.processes[processes_[column]].key.pid);
        const float step = grid_.cell + 1;
        for (std::size_t i = 0; i < cells; ++i) {
            const std::size_t row = i / grid_.a_row;
            const Box box{columns_.x(column) + static_cast<float>(i % grid_.a_row) * step, y_ + static_cast<float>(row) * step,
                          grid_.cell, grid_.cell};
            const std::uint64_t first = i * grid_.pages_a_cell;
            const std::uint64_t count = std::min(grid_.pages_a_cell, grid_.pages - first);
            const Address start = grid_.start + first * grid_.page_size;
            const AddressRange of_cell{start, start + count * grid_.page_size};
            const auto has = [&](const AddressRange& part) { return part.overlaps(of_cell); };
            if (std::ranges::any_of(common.parts[column], has)) {
                add_cell(box, mixes[i], count);
                made_.cells.push_back({box, processes_[column], start, count});
            }
        }
        const std::size_t rows = (cells + grid_.a_row - 1) / grid_.a_row;
        y_ += static_cast<float>(rows) * step + 5;
        add_text(columns_.x(column), pages_text(*pages, words_), columns_.width);
        add_frames(common.region, column);
    }

    // Shows the page frame of a single page, by which a user can see that two processes share it.
    void add_frames(const Region& region, std::size_t column) {
        const Process& process = world_.processes[processes_[column]];
        const auto frames = process.pages ? frames_in(*process.pages, region.range) : std::vector<FrameRun>();
        if (frames.size() == 1 && frames.front().count == 1) {
            add_text(columns_.x(column), words_.format("pages.frame", fmt::format("0x{:x}", frames.front().frame)),
                     columns_.width);
        }
    }

    // Else either of two that have parted may have got the copy.
    bool is_writer_known() const {
        const auto copied = recording_.empty() ? std::span<const CopiedRun>() : recording_.events()[moment_].copied.all();
        return std::ranges::all_of(copied, [&](const CopiedRun& run) { return run.pid == copied.front().pid; });
    }

    void mark_copied(std::vector<Mix>& mixes, std::int32_t pid) const {
        if (recording_.empty()) {
            return;
        }
        for (const CopiedRun& run : recording_.events()[moment_].copied) {
            const Address end = grid_.start + mixes.size() * grid_.pages_a_cell * grid_.page_size;
            const Address run_end = run.start + run.pages * grid_.page_size;
            if (run.pid != pid || run.start >= end || run_end <= grid_.start) {
                continue;
            }
            const ByteCount cell_size = grid_.pages_a_cell * grid_.page_size;
            const std::size_t first = (std::max(run.start, grid_.start) - grid_.start) / cell_size;
            const std::size_t last = (std::min(run_end, end) - 1 - grid_.start) / cell_size;
            for (std::size_t i = first; i <= last; ++i) {
                mixes[i].copied = true;
            }
        }
    }

    void add_box(const Box& box, Role role, Role outline, bool filled, bool dashed) {
        made_.scene.boxes.push_back({.box = box,
                                     .role = role,
                                     .outline = outline,
                                     .radius = 0,
                                     .filled = filled,
                                     .outlined = !filled && !dashed,
                                     .dashed = dashed,
                                     .hit = {}});
    }

    // States differ in shape too. Exclusive: full. Shared: a dot. Shared memory: a bar. File: an outline with a foot. Swapped
    // and unread: dashes. Copied: a notch.
    void add_cell(const Box& box, const Mix& mix, std::uint64_t pages) {
        const std::uint64_t told = mix.told();
        const bool one_state = told == pages && (mix.exclusive == told || mix.shared == told || mix.file == told);
        if (mix.exclusive == pages) {
            add_box(box, Role::page_exclusive, Role::page_exclusive, true, false);
        } else if (one_state && mix.shared != 0) {
            const float dot_inset = std::floor(box.width * 0.31F);
            const float along = mix.together ? 0 : dot_inset;  // shared memory: over the whole height
            add_box(box, Role::page_shared, Role::page_exclusive, true, false);
            if (box.width > pages_small_cell) {
                add_box(box, Role::page_shared, Role::page_exclusive, false, false);
            }
            add_box({box.x + dot_inset, box.y + along, box.width - 2 * dot_inset, box.height - 2 * along}, Role::page_exclusive,
                    Role::page_exclusive, true, false);
        } else if (one_state) {
            const float foot = std::max(2.0F, std::floor(box.height / 4));
            add_box(box, Role::page_file, Role::link, false, false);
            add_box({box.x, box.bottom() - foot, box.width, foot}, Role::link, Role::link, true, false);
        } else if (told == 0) {
            add_box(box, Role::card, Role::frame, false, false);
        } else if (mix.swapped + mix.unread == pages) {
            add_box(box, Role::card, Role::muted, false, true);
        } else {
            add_mixed(box, mix, pages);
        }
        if (mix.copied) {
            const float notch = std::floor(box.width * 0.4F);
            add_box({box.right() - notch, box.y, notch, notch}, Role::card, Role::card, true, false);
            add_box({box.x - 0.5F, box.y - 0.5F, box.width + 1, box.height + 1}, Role::accent, Role::accent, false, false);
        }
    }

    // From the bottom: exclusive, then shared, then pages of a file.
    void add_mixed(const Box& box, const Mix& mix, std::uint64_t pages) {
        float bottom = box.bottom();
        const std::array<std::pair<std::uint64_t, Role>, 3> parts{
            {{mix.exclusive, Role::page_exclusive}, {mix.shared, Role::page_shared}, {mix.file, Role::page_file}}};
        for (const auto& [count, role] : parts) {
            if (count != 0) {
                const float share = static_cast<float>(count) / static_cast<float>(pages);
                const float height = std::max(1.0F, std::round(box.height * share));
                const float top = std::max(box.y, bottom - height);
                add_box({box.x, top, box.width, bottom - top}, role, role, true, false);
                bottom = top;
            }
        }
        add_box(box, Role::card, Role::page_exclusive, false, mix.swapped + mix.unread != 0);
    }

    const Recording& recording_;
    const World& world_;
    std::span<const std::size_t> processes_;
    std::size_t moment_;
    const PagesView& view_;
    const Messages& words_;
    const TextMeasure& measure_;
    EqualColumns columns_ = EqualColumns::in(view_.width, processes_.size(), pages_column_gap, pages_least_column);
    float width_ = columns_.whole();
    float y_ = 0;
    Grid grid_;
    std::uint64_t most_copied_ = 0;  // in one region
    PagesScene made_;
};

}  // namespace

const PageCell* PagesScene::cell_at(Point point) const {
    const auto found = std::ranges::find_if(cells, [&](const PageCell& cell) { return cell.box.contains(point); });
    return found == cells.end() ? nullptr : &*found;
}

std::size_t pages_columns_that_fit(float width) {
    return EqualColumns::that_fit(width, pages_column_gap, pages_least_column);
}

PagesScene layout_pages(const LayoutContext& context, std::span<const std::size_t> processes, const PagesView& view) {
    return PagesLayout(context, processes, view).run();
}

std::vector<std::string> page_lines(const World& world, std::span<const std::size_t> processes,
                                    std::span<const ElfImage> images, Address start, std::uint64_t count,
                                    const Messages& words) {
    std::vector<std::string> lines;
    lines.push_back(count == 1 ? words.format("pages.at", hex_address(start))
                               : words.format("pages.from", count_text(count), hex_address(start)));
    for (const std::size_t index : processes) {
        const Process& process = world.processes[index];
        const std::vector<Region> regions = regions_of(process, images);
        const Region* region = find_region(regions, start);
        std::string text(words.text("pages.no_region"));
        if (!process.pages) {
            text = words.text("pages.not_read");
        } else if (region) {
            const AddressRange range{start, start + count * process.pages->page_size};
            const RegionPages here = pages_in(*process.pages, range, is_shared_memory(*region));
            text = count == 1 ? std::string(words.text(state_key(here))) : pages_text(here, words);
            const auto frames = frames_in(*process.pages, range);
            if (frames.size() == 1) {
                text += ", " + words.format("pages.frame", fmt::format("0x{:x}", frames.front().frame));
            }
        }
        lines.push_back(words.format("pages.of_process", process.key.pid, text));
    }
    return lines;
}

}  // namespace procatlas
