#include "core/layout/stage/layout_stage.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

#include "core/base/text.h"
#include "core/layout/stage/stage_bridge.h"
#include "core/layout/stage/stage_bridge_scene.h"
#include "core/layout/stage/stage_card_scene.h"
#include "core/layout/stage/stage_heights.h"
#include "core/layout/stage/stage_left_out.h"
#include "core/layout/stage/stage_outline.h"
#include "core/layout/stage/stage_pen.h"
#include "core/layout/stage/stage_places.h"
#include "core/model/copies.h"
#include "core/scene/wrap_text.h"

namespace procatlas {
namespace {

constexpr float inside = 6;  // between a column's edge and its areas

class StageLayout {
public:
    StageLayout(const LayoutContext& context, std::span<const StageColumn> columns, const StageView& view)
        : columns_(columns), pen_(context, view), places_(place_columns(columns, view.width)) {}

    Scene run() {
        add_missing();
        const float frame = stage_head + 2 * (stage_edge + inside);
        const std::vector<StageGroup> groups = share_height(columns_, bottom_ - frame);
        for (const StageGroup& group : groups) {  // a column is as high as what lies in it, even if one has to scroll
            bottom_ =
                group.areas.empty() ? bottom_ : std::max(bottom_, frame + group.areas.back().y + group.areas.back().height);
        }
        for (std::size_t i = 0; i < columns_.size(); ++i) {
            const Process& process = pen_.world.processes[columns_[i].process];
            pen_.scene.groups.push_back({columns_[i].process,
                                         process.programs.size(),
                                         process.parent,
                                         {x_of(i), stage_head, width_of(i), bottom_ - stage_head}});
            const StagePen::Scope scope(pen_, i, "column");
            add_stage_outline(columns_[i], places_[i], bottom_, pen_);
        }
        for (const StageGroup& group : groups) {
            add_group(group);
        }
        for (std::size_t left = 0; left + 1 < columns_.size(); ++left) {
            add_between(left, groups);
        }
        pen_.scene.width = pen_.view.width;
        pen_.scene.height = std::max(pen_.view.height, bottom_);
        return std::move(pen_.scene);
    }

private:
    // Below the columns, where it does not take the room that they need: what cannot be shown of one of them, and why.
    void add_missing() {
        constexpr float least_with_a_line = 280;
        constexpr float least_with_two = 420;
        bottom_ = pen_.view.height;
        if (bottom_ < least_with_a_line) {
            return;
        }
        const std::size_t most = bottom_ < least_with_two ? 1 : 2;
        if (const std::string* sentence = what_is_missing()) {
            const auto lines = wrap_text(*sentence, TextStyle::small, pen_.view.width, pen_.measure, most);
            const float line = pen_.measure.line_height(TextStyle::small);
            bottom_ -= line * static_cast<float>(lines.size()) + 4;
            for (std::size_t i = 0; i < lines.size(); ++i) {
                pen_.label({0, bottom_ + 4 + line * static_cast<float>(i)}, lines[i], TextStyle::small, Role::muted,
                           pen_.view.width);
            }
        }
    }

    // Nothing is: nullptr.
    const std::string* what_is_missing() const {
        const std::string* first = nullptr;
        for (const StageColumn& column : columns_) {
            const bool tells = !column.missing.empty() && !column.areas.empty();
            if (tells && (!first || column.process == pen_.view.focus)) {
                first = &column.missing.front();
            }
        }
        return first;
    }

    float x_of(std::size_t column) const { return places_[column].x; }
    float width_of(std::size_t column) const { return places_[column].width; }
    float top() const { return stage_head + stage_edge + inside; }

    void add_group(const StageGroup& group) {
        for (std::size_t k = 0; k < group.columns.size(); ++k) {
            for (std::size_t a = 0; a < group.areas.size(); ++a) {
                add_area(group, k, a);
            }
        }
    }

    const StageArea* area_of(std::size_t column, std::string_view key) const {
        const auto found = std::ranges::find(columns_[column].areas, key, &StageArea::key);
        return found == columns_[column].areas.end() ? nullptr : &*found;
    }

    Box box_of(const StageGroup& group, std::size_t k, std::size_t a) const {
        const ShownArea& area = group.areas[a];
        return {x_of(group.columns[k]) + stage_edge + inside, top() + area.y,
                width_of(group.columns[k]) - 2 * (stage_edge + inside), area.height};
    }

    void add_area(const StageGroup& group, std::size_t k, std::size_t a) {
        const StageColumn& column = columns_[group.columns[k]];
        const ShownArea& shown = group.areas[a];
        const Box box = box_of(group, k, a);
        const StagePen::Scope scope(pen_, group.columns[k], shown.key);
        const StageArea* area = area_of(group.columns[k], shown.key);
        if (area) {
            const bool selected = pen_.view.selected.kind == HitKind::region && pen_.view.selected.process == column.process &&
                                  area->contains(pen_.view.selected.address);
            const Role role = role_of_area(*area);
            pen_.scene.boxes.push_back(
                {.box = box, .role = role, .radius = 6, .hit = {HitKind::region, column.process, area->parts.front().start}});
            if (selected) {
                pen_.scene.boxes.push_back({.box = box, .radius = 6, .filled = false, .selected = true, .hit = {}});
            }
            if (pen_.is_pointed_region(std::string_view(shown.key).substr(0, shown.key.find(' ')))) {  // "stack 7ffd…"
                pen_.frame_pointed({box.x - 3, box.y - 2, box.width + 6, box.height + 4});
            }
            const auto index = static_cast<std::size_t>(area - column.areas.data());
            const auto& cards = column.cards[index];
            const StageCard* frame = frame_without_room(cards, shown.cards[k]);
            const bool acts = column.acting_stack == index && !pen_.view.veils.kinds;
            if (acts) {
                pen_.scene.boxes.push_back(
                    {.box = box, .outline = Role::accent, .radius = 6, .filled = false, .outlined = true, .hit = {}});
            }
            add_area_title(*area, box, frame, what_is_left_out(cards, shown.cards[k], frame), acts);
            add_stage_cards(cards, shown.cards[k], box, role, group.columns[k], pen_);
        } else if (!column.python.empty() && a == 0) {
            pen_.scene.boxes.push_back(
                {.box = box, .outline = Role::link, .radius = 6, .filled = false, .outlined = true, .hit = {}});
            pen_.label({box.x + stage_text_pad, box.y + 4}, pen_.words.text("stage.python"), TextStyle::strong, Role::text,
                       box.width - 2 * stage_text_pad);
            add_stage_cards(column.python, shown.cards[k], box, Role::stack, group.columns[k], pen_);
        }
        add_gap(group, k, a);
    }

    Role role_of_area(const StageArea& area) const { return pen_.view.veils.kinds ? Role::shared_library : area.role; }

    // The innermost frame, if the stage is so low that it has no card. Where SP is has to be said all the same.
    static const StageCard* frame_without_room(std::span<const StageCard> cards, std::span<const ShownCard> shown) {
        const auto inner = std::ranges::find_if(cards, [](const StageCard& card) { return card.stack_pointer.has_value(); });
        const bool is_shown = std::ranges::any_of(
            shown, [&](const ShownCard& one) { return one.card == static_cast<std::size_t>(inner - cards.begin()); });
        return inner == cards.end() || is_shown ? nullptr : &*inner;
    }

    // The first that fits is the one to show. Of an area whose variables have no room for rows, the first is told all the same:
    // "number = 2  +1 variable", "+2 variables".
    std::vector<std::string> what_is_left_out(std::span<const StageCard> cards, std::span<const ShownCard> shown,
                                              const StageCard* frame) const {
        StageLeftOut left = left_out_of_area(cards, shown, frame);
        std::vector<std::string> texts{left.text(pen_.words)};
        if (const StageRow* first = shown.empty() && !pen_.view.veils.values ? first_variable(cards) : nullptr) {
            --left.rows[static_cast<std::size_t>(StageRows::variables)];
            const std::string more = left.text(pen_.words);
            texts.insert(texts.begin(), first->name + " = " + first->value + (more.empty() ? "" : "  ") + more);
        }
        return texts;
    }

    // Of the variables that are no frame's: what changed, else the first with a value.
    const StageRow* first_variable(std::span<const StageCard> cards) const {
        const StageRow* first = nullptr;
        for (const StageCard& card : cards) {
            for (const StageRow& row : card.rows) {
                const bool tells = card.title.empty() && card.rows_are == StageRows::variables && !row.value.empty() &&
                                   !row.no_value_yet && !row.name_in_words &&
                                   !(pen_.view.veils.addresses && row.tells_address());
                first = tells && (!first || row.rank < first->rank) ? &row : first;
            }
        }
        return first;
    }

    // `frame` has no card for want of room. `acts`: it is the stack of the thread whose event is shown.
    void add_area_title(const StageArea& area, const Box& box, const StageCard* frame, const std::vector<std::string>& left_out,
                        bool acts) {
        if (pen_.view.veils.kinds) {
            pen_.label({box.x + stage_text_pad, box.y + 4}, "?", TextStyle::strong, role_of_area(area), box.width, true);
            return;
        }
        const std::string name = (acts ? "▶ " : "") + area.title;
        const float title = pen_.measure.width(name, TextStyle::strong);
        const float y = box.y + (std::min(stage_area_title, box.height) - pen_.measure.line_height(TextStyle::strong)) / 2;
        pen_.label({box.x + stage_text_pad, y}, name, TextStyle::strong, area.role, box.width - 2 * stage_text_pad, true);
        const float room = box.width - 2 * stage_text_pad - title - 10;
        for (const std::string& text : facts_of(area, frame, left_out)) {
            if (pen_.measure.width(text, TextStyle::small) <= room) {
                pen_.right_label(box.right() - stage_text_pad, y + 2, text, TextStyle::small, area.role, room, true);
                return;
            }
        }
    }

    // The first that fits is the one to show.
    std::vector<std::string> facts_of(const StageArea& area, const StageCard* frame,
                                      const std::vector<std::string>& left_out) const {
        std::vector<std::string> facts;
        const auto add = [&](const std::string& more, const std::string& fact) {
            facts.push_back(more + (more.empty() || fact.empty() ? "" : "  ") + fact);
        };
        if (frame) {
            const std::string pointer = pen_.stack_pointer_text(*frame->stack_pointer);
            for (const std::string& more : left_out) {
                add(more, frame->title + "  " + pointer);
            }
            add({}, frame->title + "  " + pointer);
            add({}, pointer);
            if (!pen_.view.veils.addresses) {  // the end of the address is better than nothing
                add({}, "◀ SP …" + pointer.substr(pointer.rfind(' ') + 1));
            }
            return facts;
        }
        // Which way it grows says where its addresses go.
        const std::string size = size_text(area.size);
        for (const std::string& more : left_out) {
            add(more, area.note.empty() || pen_.view.veils.addresses ? size : size + "  " + area.note);
            add(more, size);
            if (!more.empty()) {
                add(more, {});
            }
        }
        add({}, size);
        return facts;
    }

    void add_gap(const StageGroup& group, std::size_t k, std::size_t a) {
        const ShownArea& shown = group.areas[a];
        if (shown.gap_below < stage_gap || a + 1 == group.areas.size()) {
            return;
        }
        const StageArea* high = area_of(group.columns[k], shown.key);
        const StageArea* low = area_of(group.columns[k], group.areas[a + 1].key);
        if (!high || !low || high->hull().start <= low->hull().end) {
            return;
        }
        const Box box = box_of(group, k, a);
        const std::string text =
            "··· " + pen_.words.format("stage.not_mapped", size_text(high->hull().start - low->hull().end)) + " ···";
        const std::string fitted = fit_text(text, TextStyle::small, box.width, pen_.measure);
        const float width = pen_.measure.width(fitted, TextStyle::small);
        const float y = box.bottom() + (stage_gap - pen_.measure.line_height(TextStyle::small)) / 2;
        pen_.label({box.x + (box.width - width) / 2, y}, fitted, TextStyle::small, Role::muted, width + 1);
    }

    // What the column and the next one have of a fork in common, or that nothing is left of it.
    void add_between(std::size_t left, std::span<const StageGroup> groups) {
        if (columns_[left].areas.empty() || columns_[left + 1].areas.empty()) {
            return;
        }
        const StageBridges between(pen_.context, columns_[left].process, columns_[left + 1].process);
        if (between.related_but_unread()) {
            return add_between_text(left, {std::string(pen_.words.text("stage.pages_unread"))}, {top(), bottom_});
        }
        if (!between.related()) {
            return add_executed(left, between.executed());
        }
        add_just_copied(left, between);
        for (const StageGroup& group : groups) {
            const auto k = std::ranges::find(group.columns, left);
            if (k != group.columns.end() && k + 1 != group.columns.end() && *(k + 1) == left + 1) {
                add_bridges(between, group, static_cast<std::size_t>(k - group.columns.begin()));
            }
        }
    }

    void add_executed(std::size_t left, std::span<const std::size_t> executed) {
        const auto is_beside = [&](std::size_t process) {
            return process == columns_[left].process || process == columns_[left + 1].process;
        };
        const bool beside = std::ranges::any_of(executed, is_beside);
        std::string names;
        for (const std::size_t process : executed) {
            if (is_beside(process) || !beside) {
                names += (names.empty() ? "" : ", ") + pen_.names[process];
            }
        }
        if (names.empty()) {
            return;
        }
        add_between_text(left, {pen_.words.format("stage.executed", names), "exec: " + names}, {top(), bottom_});
    }

    // Between the heads.
    void add_just_copied(std::size_t left, const StageBridges& between) {
        const auto [texts, some] =
            between.just_copied({pen_.names[columns_[left].process], pen_.names[columns_[left + 1].process]});
        add_between_text(left, texts, {0, stage_head}, some ? Role::accent : Role::muted);
    }

    // In the middle between the column and the next one: the first text whose words have room, if any.
    void add_between_text(std::size_t left, const std::vector<std::string>& texts, std::pair<float, float> from_to,
                          Role role = Role::muted) {
        const float margin = from_to.first < stage_head ? 12 : 5;  // beside the words of the heads
        const float line = pen_.measure.line_height(TextStyle::small);
        const auto [from, to] = from_to;
        const Box room{x_of(left) + width_of(left) + margin, from, places_[left].bridge - 2 * margin, to - from};
        const auto most = static_cast<std::size_t>(std::max(room.height / line, 1.0F));
        const auto lines_of = [&](const std::string& one) {
            return wrap_text(one, TextStyle::small, room.width, pen_.measure, most + 1);
        };
        const auto text = std::ranges::find_if(texts, [&](const std::string& one) {
            return words_fit(one, TextStyle::small, room.width, pen_.measure) && lines_of(one).size() <= most;
        });
        if (text == texts.end()) {
            return;  // a broken word would tell less than none
        }
        const auto lines = lines_of(*text);
        float y = room.y + (room.height - line * static_cast<float>(lines.size())) / 2;
        for (const std::string& shown : lines) {
            const float width = pen_.measure.width(shown, TextStyle::small);
            pen_.label({room.x + std::max(room.width - width, 0.0F) / 2, y}, shown, TextStyle::small, role, room.width + 1);
            y += line;
        }
    }

    void add_bridges(const StageBridges& between, const StageGroup& group, std::size_t k) {
        const std::size_t left = group.columns[k];
        const float x = x_of(left) + width_of(left);
        for (std::size_t a = 0; a < group.areas.size(); ++a) {
            const StageArea* one = area_of(left, group.areas[a].key);
            const StageArea* other = area_of(left + 1, group.areas[a].key);
            if (one && other) {
                const Box box = box_of(group, k, a);
                const std::size_t right = left + 1;
                add_stage_bridge(between.of(*one, *other), role_of_area(*one), {x, box.y, places_[left].bridge, box.height},
                                 {pen_.names[columns_[left].process], pen_.names[columns_[right].process]}, pen_.scene,
                                 pen_.context);
            }
        }
    }

    std::span<const StageColumn> columns_;
    StagePen pen_;
    std::vector<StagePlace> places_;  // of the columns
    float bottom_ = 0;                // of the columns
};

}  // namespace

Scene layout_stage(const LayoutContext& context, std::span<const StageColumn> columns, const StageView& view) {
    return StageLayout(context, columns, view).run();
}

}  // namespace procatlas
