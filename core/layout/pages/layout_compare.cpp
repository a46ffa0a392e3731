#include "core/layout/pages/layout_compare.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "core/base/text.h"
#include "core/layout/memory/memory_column.h"
#include "core/layout/pages/chosen_regions.h"
#include "core/layout/pages/equal_columns.h"
#include "core/layout/pages/process_badge.h"
#include "core/model/common_pages.h"
#include "core/model/inside.h"
#include "core/narrate/cut_at_word.h"
#include "core/narrate/family_names.h"
#include "core/scene/wrap_text.h"

namespace procatlas {
namespace {

constexpr float compare_ribbon = 176;
constexpr float compare_least = 200;
constexpr float compare_height = 54;
constexpr float compare_gap = 8;
constexpr float variable_height = 26;

// A private mapping of a file: each page belongs to the file until the first write.
bool is_of_file(const Region& region) {
    return !region.file.empty() && region.kind != RegionKind::bss && region.part != LibraryPart::bss;
}

// Adds all variables that have an address, globals first.
void add_variables(const Process& process, std::size_t column, std::size_t columns,
                   std::map<std::pair<Address, std::string>, std::vector<std::string>>& found) {
    const auto add = [&](const std::vector<Variable>& variables) {
        for (const Variable& variable : variables) {
            if (variable.address != 0 && !variable.value.empty()) {
                auto& values = found[{variable.address, variable.name}];
                values.resize(columns);
                values[column] = variable.value;
            }
        }
    };
    if (process.globals) {
        add(*process.globals);
    }
    if (!process.threads.empty() && process.threads.front().stack) {
        for (const auto& frame : process.threads.front().stack->frames) {
            add(frame->variables);
        }
    }
}

class CompareLayout {
public:
    CompareLayout(const LayoutContext& context, std::span<const std::size_t> processes, const CompareView& view)
        : recording_(context.recording),
          world_(context.world),
          processes_(processes),
          moment_(context.moment),
          view_(view),
          words_(context.words),
          measure_(context.measure) {}

    Scene run() {
        for (std::size_t i = 0; i + 1 < processes_.size(); ++i) {
            between_.emplace_back(recording_, world_, moment_, processes_[i], processes_[i + 1]);
        }
        add_titles();
        const ChosenRegions chosen = choose_regions(world_, processes_, recording_.images(), words_, view_.most_regions);
        for (const CommonRegion& common : chosen.regions) {
            add_row(common);
        }
        if (chosen.regions.empty()) {
            add_note(words_.text(chosen.read ? "pages.none" : "pages.none_read"));
        }
        if (chosen.left_out != 0) {
            add_note(words_.format("pages.left_out", chosen.left_out));
        }
        add_note(words_.text("compare.libraries"));
        add_split_variables();
        scene_.width = width_;
        scene_.height = y_;
        return std::move(scene_);
    }

private:
    // Never half a number: it would be told as another one.
    [[nodiscard]] std::string fitted_at_word(std::string_view text, TextStyle style, float room) const {
        const std::string fitted = fit_text(text, style, room, measure_);
        if (fitted == text || fitted.empty()) {
            return fitted;
        }
        std::string cut = cut_at_word(text, characters_in(fitted) - 1);
        return cut == "…" ? std::string() : cut;
    }

    void label(float x, float y, std::string_view text, TextStyle style, Role role, float room, bool on_fill = false) {
        std::string fitted = fitted_at_word(text, style, room);
        if (!fitted.empty()) {
            scene_.labels.push_back({{x, y}, std::move(fitted), style, role, on_fill});
        }
    }

    void centred(const Box& box, float y, std::string_view text, TextStyle style, Role role) {
        const float wide = std::min(measure_.width(text, style), box.width);
        label(box.x + (box.width - wide) / 2, y, text, style, role, box.width);
    }

    void add_note(std::string_view text) {
        for (const std::string& line : wrap_text(text, TextStyle::small, width_, measure_)) {
            label(0, y_, line, TextStyle::small, Role::muted, width_ + 1);
            y_ += measure_.line_height(TextStyle::small) + 2;
        }
    }

    void add_titles() {
        const std::vector<std::string> names = family_names(world_);
        for (std::size_t i = 0; i < processes_.size(); ++i) {
            const MemoryColumn column = memory_title(world_, processes_[i], words_);
            const float badge = add_process_badge(scene_, {columns_.x(i), y_}, processes_[i], names[processes_[i]], measure_);
            label(columns_.x(i) + badge, y_, words_.format("pages.pid", column.title), TextStyle::strong, Role::text,
                  columns_.width - badge);
            label(columns_.x(i), y_ + measure_.line_height(TextStyle::strong) + 1, column.subtitle, TextStyle::small,
                  Role::muted, columns_.width);
            const Process& process = world_.processes[processes_[i]];
            const std::string when = !process.pages_moment              ? std::string(words_.text("pages.not_read"))
                                     : *process.pages_moment == moment_ ? std::string()
                                                                        : words_.format("pages.as_of", *process.pages_moment);
            label(columns_.x(i), y_ + measure_.line_height(TextStyle::strong) + measure_.line_height(TextStyle::small) + 2,
                  when, TextStyle::small, Role::muted, columns_.width);
        }
        y_ += measure_.line_height(TextStyle::strong) + 2 * measure_.line_height(TextStyle::small) + 12;
    }

    void add_row(const CommonRegion& common) {
        for (std::size_t i = 0; i < processes_.size(); ++i) {
            add_block(common, i);
            if (i + 1 < processes_.size()) {
                add_ribbon(common, i);
            }
        }
        y_ += compare_height + compare_gap;
    }

    void add_block(const CommonRegion& common, std::size_t i) {
        const Box box{columns_.x(i), y_, columns_.width, compare_height};
        const auto& pages = common.pages[i];
        const Role fill = role_of(common.region.kind);
        if (!pages) {
            scene_.boxes.push_back(
                {.box = box, .role = Role::card, .outline = Role::frame, .filled = false, .dashed = true, .hit = {}});
            const bool read = world_.processes[processes_[i]].pages != nullptr;
            label(box.x + 10, box.y + 18, words_.text(read ? "pages.no_region" : "pages.not_read"), TextStyle::small,
                  Role::muted, box.width - 20);
            return;
        }
        const bool gone = !world_.processes[processes_[i]].alive();  // the process no longer exists
        const Role role = gone ? Role::muted : fill;
        scene_.boxes.push_back({.box = box,
                                .role = fill,
                                .outline = gone ? fill : Role::frame,
                                .pale = gone,
                                .outlined = !gone,
                                .dashed = gone,
                                .hit = {}});
        label(box.x + 10, box.y + 4, common.title, TextStyle::strong, role, box.width - 20, !gone);
        const std::string whole = address_text(common.parts[i].front().start, true);
        const bool has_room = measure_.width(whole, TextStyle::mono_small) <= box.width - 20;
        const std::string address = has_room ? whole : std::string();
        const float after = has_room ? measure_.width(address, TextStyle::mono_small) + 12 : 0;
        label(box.x + 10, box.y + 21, address, TextStyle::mono_small, role, box.width - 20, !gone);
        label(box.x + 10 + after, box.y + 20,
              words_.format(pages->count == 1 ? "compare.page" : "compare.pages", count_text(pages->count)), TextStyle::small,
              role, box.width - 20 - after, !gone);
        const std::string counts = pages->unread == 0
                                       ? words_.format("compare.block", count_text(pages->exclusive), count_text(pages->shared))
                                       : words_.format("compare.block_unread", count_text(pages->exclusive),
                                                       count_text(pages->shared), count_text(pages->unread));
        label(box.x + 10, box.y + 36, counts, TextStyle::small, role, box.width - 20, !gone);
    }

    void add_ribbon(const CommonRegion& common, std::size_t i) {
        const Box box{columns_.x(i) + columns_.width, y_, compare_ribbon, compare_height};
        if (!common.pages[i] || !common.pages[i + 1]) {
            return;
        }
        const CommonPages& between = between_[i];
        const bool together = is_shared_memory(common.region);
        if (together ? !is_one_object(common, i) : !between.related()) {
            return;
        }
        const CommonPages::Counts counts = between.in(common.region.range, is_of_file(common.region));
        const float small = measure_.line_height(TextStyle::small);
        if (counts.shared != 0 || together) {
            scene_.boxes.push_back(
                {.box = box, .role = role_of(common.region.kind), .outline = Role::band, .radius = 0, .hit = {}});
        }
        for (const float y : {box.y, box.bottom()}) {
            scene_.links.push_back({{{box.x, y}, {box.right(), y}}, Role::band});
        }
        if (together) {
            centred(box, box.y + (box.height - small) / 2, words_.text("compare.together"), TextStyle::small, Role::text);
            return;
        }
        const bool least = common.pages[i]->unread != 0 || common.pages[i + 1]->unread != 0;
        std::vector<std::pair<std::string, Role>> lines;
        const auto add_line = [&](std::string_view key, std::string_view short_key, std::uint64_t pages, Role role) {
            const std::string number = (least ? "≥ " : "") + count_text(pages);
            lines.emplace_back(ribbon_text({words_.format(std::string(key) + (least ? "_least" : ""), count_text(pages)),
                                            fmt::format("{} {}", words_.text(short_key), number), number},
                                           box.width),
                               role);
        };
        add_line("compare.shared", "stage.shared", counts.shared, Role::text);
        add_line("compare.copied", "stage.copied", counts.copied, counts.copied != 0 ? Role::accent : Role::muted);
        if (counts.apart != 0) {
            add_line("compare.apart", "stage.own", counts.apart, Role::text);
        }
        const float step = small + 2;
        float y = box.y + (box.height - step * static_cast<float>(lines.size())) / 2 + 1;
        for (const auto& [text, role] : lines) {
            centred(box, y, text, TextStyle::small, role);
            y += step;
        }
    }

    // The first that has room whole, if any.
    [[nodiscard]] std::string ribbon_text(std::initializer_list<std::string> texts, float room) const {
        const auto* const found = std::ranges::find_if(
            texts, [&](const std::string& text) { return measure_.width(text, TextStyle::small) <= room; });
        return found == texts.end() ? std::string() : *found;
    }

    // Shared mappings at one address may be different objects: the kernel gives each its own inode.
    bool is_one_object(const CommonRegion& common, std::size_t i) const {
        const Mapping* first = mapping_of(common, i);
        const Mapping* second = mapping_of(common, i + 1);
        return first && second && first->inode == second->inode && first->device_major == second->device_major &&
               first->device_minor == second->device_minor;
    }

    const Mapping* mapping_of(const CommonRegion& common, std::size_t i) const {
        const auto& memory = world_.processes[processes_[i]].memory;
        return memory && !common.parts[i].empty() ? find_mapping(*memory, common.parts[i].front().start) : nullptr;
    }

    void add_split_variables() {
        const auto variables = split_variables(world_, processes_);
        if (variables.empty()) {
            return;
        }
        y_ += 14;
        label(0, y_, words_.text("compare.variables"), TextStyle::strong, Role::text, width_);
        y_ += measure_.line_height(TextStyle::strong) + 6;
        for (std::size_t v = 0; v < std::min(variables.size(), view_.most_variables); ++v) {
            const SplitVariable& variable = variables[v];
            const float down = (variable_height - measure_.line_height(TextStyle::mono)) / 2;
            for (std::size_t i = 0; i < processes_.size(); ++i) {
                const Box box{columns_.x(i), y_, columns_.width, variable_height};
                scene_.boxes.push_back({.box = box, .role = Role::card, .outline = Role::link, .outlined = true, .hit = {}});
                const std::string value = variable.values[i].empty() ? "?" : variable.values[i];
                label(box.x + 10, box.y + down, fmt::format("{} = {}", variable.name, value), TextStyle::mono, Role::text,
                      box.width - 20);
                if (i + 1 < processes_.size()) {
                    const Box between{box.right(), y_, compare_ribbon, variable_height};
                    centred(between, y_ + down, hex_address(variable.address), TextStyle::mono_small, Role::muted);
                }
            }
            y_ += variable_height + 4;
        }
        if (variables.size() > view_.most_variables) {
            add_note(words_.format("compare.more_variables", variables.size() - view_.most_variables));
        }
    }

    const Recording& recording_;
    const World& world_;
    std::span<const std::size_t> processes_;
    std::size_t moment_;
    const CompareView& view_;
    const Messages& words_;
    const TextMeasure& measure_;
    EqualColumns columns_ = EqualColumns::in(view_.width, processes_.size(), compare_ribbon, compare_least);
    float width_ = columns_.whole();
    std::vector<CommonPages> between_;  // for each pair of neighbouring processes
    float y_ = 0;
    Scene scene_;
};

}  // namespace

std::vector<SplitVariable> split_variables(const World& world, std::span<const std::size_t> processes) {
    std::map<std::pair<Address, std::string>, std::vector<std::string>> found;
    for (std::size_t i = 0; i < processes.size(); ++i) {
        add_variables(world.processes[processes[i]], i, processes.size(), found);
    }
    std::vector<SplitVariable> split;
    for (auto& [place, values] : found) {
        const auto known = std::ranges::find_if(values, [](const std::string& value) { return !value.empty(); });
        const bool two =
            std::ranges::any_of(values, [&](const std::string& value) { return !value.empty() && value != *known; });
        if (two) {
            split.push_back({place.second, place.first, std::move(values)});
        }
    }
    return split;
}

std::size_t compare_columns_that_fit(float width) {
    return EqualColumns::that_fit(width, compare_ribbon, compare_least);
}

Scene layout_compare(const LayoutContext& context, std::span<const std::size_t> processes, const CompareView& view) {
    return CompareLayout(context, processes, view).run();
}

}  // namespace procatlas
