#include "core/layout/stage/layout_stage.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <map>
#include <optional>

#include "core/base/text.h"
#include "core/layout/process_role.h"
#include "core/layout/stage/stage_bridge.h"
#include "core/layout/stage/stage_bridge_scene.h"
#include "core/layout/stage/stage_heights.h"
#include "core/model/copies.h"
#include "core/narrate/family_names.h"
#include "core/narrate/process_state.h"
#include "core/narrate/program_name.h"
#include "core/scene/wrap_text.h"

namespace procatlas {
namespace {

constexpr float head_height = 46;
constexpr float least_column = 150;
constexpr float most_column = 430;
constexpr float gone_column = 124;  // of a process without memory, beside others that have some
constexpr float gone_bridge = 28;   // there is nothing to be told between
constexpr float narrow_bridge = 64;
constexpr float wide_bridge = 124;
constexpr float edge = 2;    // of a column, in the colour of its process
constexpr float inside = 6;  // between a column's edge and its areas
const std::string veil = "?";
constexpr float pad = 9;  // between an area's edge and its text

class StageLayout {
public:
    StageLayout(const LayoutContext& context, std::span<const StageColumn> columns, const StageView& view)
        : c_(context), columns_(columns), view_(view), names_(family_names(context.world)) {}

    Scene run() {
        place_columns();
        add_missing();
        const float room = bottom_ - head_height - 2 * (edge + inside);
        for (std::size_t i = 0; i < columns_.size(); ++i) {
            const Process& process = c_.world.processes[columns_[i].process];
            scene_.groups.push_back({columns_[i].process,
                                     process.programs.size(),
                                     process.parent,
                                     {x_of(i), head_height, width_of(i), bottom_ - head_height}});
            const Scope scope(*this, i, "column");
            add_head(i);
            add_edge(i);
        }
        for (const StageGroup& group : share_height(columns_, room)) {
            add_group(group);
        }
        scene_.width = view_.width;
        scene_.height = std::max(view_.height, lowest_);
        return std::move(scene_);
    }

private:
    // What is added while it lives, and is of no inner one, is one part, known by its names from the outermost on.
    class Scope {
    public:
        Scope(StageLayout& layout, std::size_t column, std::string_view name)
            : l_(layout), column_(column), boxes_(l_.scene_.boxes.size()), labels_(l_.scene_.labels.size()), outer_(l_.path_) {
            const SceneGroup& group = l_.scene_.groups[column];
            if (l_.path_.empty()) {
                l_.path_ = std::to_string(group.process) + (name == "column" ? "" : "." + std::to_string(group.era));
            }
            l_.path_ += "/" + std::string(name);
        }
        Scope(const Scope&) = delete;
        Scope& operator=(const Scope&) = delete;
        ~Scope() {
            Scene& scene = l_.scene_;
            scene.parts.push_back({std::hash<std::string>{}(l_.path_), column_});
            const auto part = static_cast<std::uint32_t>(scene.parts.size());
            const auto claim = [&](auto& elements, std::size_t first) {
                for (std::size_t i = first; i < elements.size(); ++i) {
                    elements[i].part = elements[i].part == 0 ? part : elements[i].part;
                }
            };
            claim(scene.boxes, boxes_);
            claim(scene.labels, labels_);
            l_.path_ = std::move(outer_);
        }

    private:
        StageLayout& l_;
        std::size_t column_;
        std::size_t boxes_;
        std::size_t labels_;
        std::string outer_;
    };

    // The room is for those that have memory; where none has, for all alike.
    void place_columns() {
        const auto is_gone = [](const StageColumn& column) { return column.areas.empty(); };
        const auto gone = static_cast<std::size_t>(std::ranges::count_if(columns_, is_gone));
        const bool narrow = gone > 0 && gone < columns_.size();
        const auto wide = static_cast<float>(std::max<std::size_t>(columns_.size() - (narrow ? gone : 0), 1));
        float room = view_.width - (narrow ? gone_column * static_cast<float>(gone) : 0);
        places_.assign(columns_.size(), {});
        for (std::size_t i = 0; i < columns_.size(); ++i) {
            places_[i].narrow = narrow && is_gone(columns_[i]);
            const bool beside_gone = places_[i].narrow || (narrow && i + 1 < columns_.size() && is_gone(columns_[i + 1]));
            places_[i].bridge = beside_gone ? gone_bridge : columns_.size() > 2 ? narrow_bridge : wide_bridge;
            room -= i + 1 < columns_.size() ? places_[i].bridge : 0;
        }
        const float width = std::clamp(room / wide, least_column, most_column);
        float x = std::max(0.0F, (room - wide * width) / 2);
        for (Place& place : places_) {
            place.x = x;
            place.width = place.narrow ? gone_column : width;
            x += place.width + place.bridge;
        }
    }

    // Below the columns: what cannot be shown of one of them, and why.
    void add_missing() {
        bottom_ = view_.height;
        for (const StageColumn& column : columns_) {
            if (column.missing.empty() || column.areas.empty()) {
                continue;
            }
            const auto lines = wrap_text(column.missing.front(), TextStyle::small, view_.width, c_.measure, 2);
            const float line = c_.measure.line_height(TextStyle::small);
            bottom_ -= line * static_cast<float>(lines.size()) + 4;
            for (std::size_t i = 0; i < lines.size(); ++i) {
                label({0, bottom_ + 4 + line * static_cast<float>(i)}, lines[i], TextStyle::small, Role::muted, view_.width);
            }
            return;
        }
    }

    float x_of(std::size_t column) const { return places_[column].x; }
    float width_of(std::size_t column) const { return places_[column].width; }
    float top() const { return head_height + edge + inside; }

    void label(Point at, std::string_view text, TextStyle style, Role role, float room, bool on_fill = false) {
        SceneLabel label = fitted_label({at, std::string(text), style, role, on_fill}, room, c_.measure);
        if (!label.text.empty()) {
            scene_.labels.push_back(std::move(label));
        }
    }

    // Returns the width that it took.
    float right_label(float right, float y, std::string_view text, TextStyle style, Role role, float room,
                      bool on_fill = false) {
        SceneLabel label = fitted_label({{0, y}, std::string(text), style, role, on_fill}, room, c_.measure);
        if (label.text.empty()) {
            return 0;
        }
        const float width = c_.measure.width(label.text, style);
        label.at.x = right - width;
        scene_.labels.push_back(std::move(label));
        return width;
    }

    void add_head(std::size_t i) {
        const Process& process = c_.world.processes[columns_[i].process];
        const float x = x_of(i);
        const std::string& name = names_[columns_[i].process];
        const float title = c_.measure.line_height(TextStyle::title);
        const float badge = c_.measure.width(name, TextStyle::title) + 18;
        scene_.boxes.push_back({.box = {x, 2, badge, title + 4},
                                .role = role_of_process(columns_[i].process),
                                .radius = 5,
                                .hit = {HitKind::column_header, columns_[i].process, 0}});
        label({x + 9, 4}, name, TextStyle::title, role_of_process(columns_[i].process), badge, true);
        const float after = x + badge + 9;
        const std::string pid = view_.veils.pids ? "?" : std::to_string(process.key.pid);
        label({after, 4}, pid, TextStyle::title, Role::text, width_of(i) - badge - 9);
        const float pid_end = after + c_.measure.width(pid, TextStyle::title) + 10;
        if (!places_[i].narrow) {  // there it stands in the column
            right_label(x + width_of(i), 7, view_.veils.states ? "?" : state_in_family(c_.world, process, names_, c_.words),
                        TextStyle::small, Role::muted, x + width_of(i) - pid_end);
        }
        std::string as_of = columns_[i].as_of ? c_.words.format("stage.as_of", *columns_[i].as_of) + " · " : std::string();
        as_of += process.changes_not_read != 0 ? c_.words.format("memory.as_of", process.memory_moment) + " · " : "";
        label({x, title + 9}, as_of + subtitle_of(process), TextStyle::small, Role::muted, width_of(i));
    }

    std::string subtitle_of(const Process& process) const {
        std::string text = process.parent ? c_.words.format("stage.child_of", names_[*process.parent])
                                          : std::string(c_.words.text("stage.parent_of_all"));
        if (const std::string program = program_name(process); !program.empty()) {
            text += " · " + program;
        }
        for (const std::size_t child : process.children) {
            if (memory_owner(c_.world, child) == columns_owner(process)) {
                text = c_.words.format("stage.with_vfork", names_[child]) + " · " + text;
            }
        }
        if (process.threads.size() > 1) {
            text = c_.words.format("stage.threads", process.threads.size()) + " · " + text;
        }
        return text;
    }

    std::size_t columns_owner(const Process& process) const {
        return memory_owner(c_.world, static_cast<std::size_t>(&process - c_.world.processes.data()));
    }

    void add_edge(std::size_t i) {
        const StageColumn& column = columns_[i];
        const Box outer{x_of(i), head_height, width_of(i), bottom_ - head_height};
        if (column.areas.empty()) {
            scene_.boxes.push_back({.box = outer,
                                    .outline = role_of_process(column.process),
                                    .radius = 8,
                                    .filled = false,
                                    .outlined = true,
                                    .dashed = true,
                                    .hit = {}});
            add_absence(column, outer);
            return;
        }
        scene_.boxes.push_back({.box = outer, .role = role_of_process(column.process), .radius = 8, .hit = {}});
        scene_.boxes.push_back({.box = {outer.x + edge, outer.y + edge, outer.width - 2 * edge, outer.height - 2 * edge},
                                .role = Role::card,
                                .radius = 6,
                                .hit = {}});
    }

    // Says in the middle of an empty column why there is no memory.
    void add_absence(const StageColumn& column, const Box& box) {
        const Process& process = c_.world.processes[column.process];
        const std::string_view key = process.kernel_thread                   ? "memory.kernel"
                                     : column.alive                          ? "memory.not_read"
                                     : process.state == ProcessState::held   ? "stage.exiting"
                                     : process.state == ProcessState::zombie ? "stage.gone_zombie"
                                                                             : "stage.gone";
        const float margin = box.width <= gone_column ? pad : 16;
        float y = box.y + box.height * 0.4F;
        if (!column.alive && !view_.veils.states) {
            label({box.x + margin, y}, state_text(process, c_.words), TextStyle::title, Role::text, box.width - 2 * margin);
            y += c_.measure.line_height(TextStyle::title) + 6;
        }
        for (const std::string& line : wrap_text(c_.words.text(key), TextStyle::body, box.width - 2 * margin, c_.measure)) {
            label({box.x + margin, y}, line, TextStyle::body, Role::muted, box.width - 2 * margin + 2);
            y += c_.measure.line_height(TextStyle::body) + 2;
        }
    }

    void add_group(const StageGroup& group) {
        for (std::size_t k = 0; k < group.columns.size(); ++k) {
            for (std::size_t a = 0; a < group.areas.size(); ++a) {
                add_area(group, k, a);
            }
        }
        for (std::size_t k = 0; k + 1 < group.columns.size(); ++k) {
            if (group.columns[k] + 1 == group.columns[k + 1]) {
                add_bridges(group, k);
            }
        }
    }

    const StageArea* area_of(std::size_t column, std::string_view key) const {
        const auto found = std::ranges::find(columns_[column].areas, key, &StageArea::key);
        return found == columns_[column].areas.end() ? nullptr : &*found;
    }

    Box box_of(const StageGroup& group, std::size_t k, std::size_t a) const {
        const ShownArea& area = group.areas[a];
        return {x_of(group.columns[k]) + edge + inside, top() + area.y, width_of(group.columns[k]) - 2 * (edge + inside),
                area.height};
    }

    void add_area(const StageGroup& group, std::size_t k, std::size_t a) {
        const StageColumn& column = columns_[group.columns[k]];
        const ShownArea& shown = group.areas[a];
        const Box box = box_of(group, k, a);
        const Scope scope(*this, group.columns[k], shown.key);
        lowest_ = std::max(lowest_, box.bottom() + inside + edge);
        const StageArea* area = area_of(group.columns[k], shown.key);
        if (area) {
            const bool selected = view_.selected.kind == HitKind::region && view_.selected.process == column.process &&
                                  area->contains(view_.selected.address);
            const Role role = role_of_area(*area);
            scene_.boxes.push_back(
                {.box = box, .role = role, .radius = 6, .hit = {HitKind::region, column.process, area->parts.front().start}});
            if (selected) {
                scene_.boxes.push_back({.box = box, .radius = 6, .filled = false, .selected = true, .hit = {}});
            }
            if (std::ranges::any_of(view_.pointed, [&](const Pointed& pointed) {
                    return pointed.kind == PointedKind::region &&
                           pointed.name == shown.key.substr(0, shown.key.find(' '));  // "stack 7ffd…"
                })) {
                add_pointer({box.x - 3, box.y - 2, box.width + 6, box.height + 4});
            }
            const auto& cards = column.cards[static_cast<std::size_t>(area - column.areas.data())];
            add_area_title(*area, box, frame_without_room(cards, shown.cards[k]));
            add_cards(cards, shown.cards[k], box, role, group.columns[k]);
        } else if (!column.python.empty() && a == 0) {
            scene_.boxes.push_back(
                {.box = box, .outline = Role::link, .radius = 6, .filled = false, .outlined = true, .hit = {}});
            label({box.x + pad, box.y + 4}, c_.words.text("stage.python"), TextStyle::strong, Role::text, box.width - 2 * pad);
            add_cards(column.python, shown.cards[k], box, Role::stack, group.columns[k]);
        }
        add_gap(group, k, a);
    }

    bool is_pointed(std::string_view variable) const {
        return std::ranges::any_of(view_.pointed,
                                   [&](const Pointed& pointed) { return points_at_variable(pointed, variable); });
    }

    void add_pointer(const Box& box) {
        scene_.boxes.push_back(
            {.box = box, .outline = Role::accent, .radius = 4, .filled = false, .outlined = true, .dashed = true, .hit = {}});
    }

    Role role_of_area(const StageArea& area) const { return view_.veils.kinds ? Role::shared_library : area.role; }

    // The innermost frame, if the stage is so low that it has no card. Where SP is has to be said all the same.
    static const StageCard* frame_without_room(std::span<const StageCard> cards, std::span<const ShownCard> shown) {
        const auto inner = std::ranges::find_if(cards, [](const StageCard& card) { return card.stack_pointer.has_value(); });
        const bool is_shown = std::ranges::any_of(
            shown, [&](const ShownCard& one) { return one.card == static_cast<std::size_t>(inner - cards.begin()); });
        return inner == cards.end() || is_shown ? nullptr : &*inner;
    }

    std::string stack_pointer_text(Address pointer) const {
        return "◀ SP " + (view_.veils.addresses ? veil : address_text(pointer, true));
    }

    void add_area_title(const StageArea& area, const Box& box, const StageCard* frame) {
        if (view_.veils.kinds) {
            label({box.x + pad, box.y + 4}, "?", TextStyle::strong, role_of_area(area), box.width, true);
            return;
        }
        const float title = c_.measure.width(area.title, TextStyle::strong);
        const float y = box.y + (stage_area_title - c_.measure.line_height(TextStyle::strong)) / 2;
        label({box.x + pad, y}, area.title, TextStyle::strong, area.role, box.width - 2 * pad, true);
        const float room = box.width - 2 * pad - title - 10;
        const std::string size = frame ? stack_pointer_text(*frame->stack_pointer) : size_text(area.size);
        // Which way it grows says where its addresses go.
        const std::string both = frame                                        ? frame->title + "  " + size
                                 : area.note.empty() || view_.veils.addresses ? size
                                                                              : size + "  " + area.note;
        const bool fits = c_.measure.width(both, TextStyle::small) <= room;
        if (fits || c_.measure.width(size, TextStyle::small) <= room) {
            right_label(box.right() - pad, y + 2, fits ? both : size, TextStyle::small, area.role, room, true);
        }
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
            "··· " + c_.words.format("stage.not_mapped", size_text(high->hull().start - low->hull().end)) + " ···";
        const std::string fitted = fit_text(text, TextStyle::small, box.width, c_.measure);
        const float width = c_.measure.width(fitted, TextStyle::small);
        const float y = box.bottom() + (stage_gap - c_.measure.line_height(TextStyle::small)) / 2;
        label({box.x + (box.width - width) / 2, y}, fitted, TextStyle::small, Role::muted, width + 1);
    }

    void add_cards(std::span<const StageCard> cards, std::span<const ShownCard> shown, const Box& area, Role role,
                   std::size_t column) {
        float y = area.y + stage_area_title;
        std::size_t next = 0;
        std::map<std::string_view, int> same;  // frames of one function, from the outermost on
        for (const ShownCard& one : shown) {
            const StageCard& card = cards[one.card];
            std::size_t left_out = card.rows.size() - one.rows.size();
            for (; next < one.card; ++next) {
                left_out += !cards[next].title.empty() && !cards[next].only_with_rows ? 1 : 0;
            }
            next = one.card + 1;
            const float below = card.stack_pointer ? stage_pointer : 0;
            const Box box{area.x + stage_card_gap, y, area.width - 2 * stage_card_gap, one.height(card) - below};
            // The line that runs next is one card, whatever the line.
            const std::string name = card.thing.kind == ThingKind::source_line
                                         ? std::string("next line")
                                         : card.title + "#" + std::to_string(same[card.title]++);
            const Scope scope(*this, column, name);
            add_card(card, one, left_out, box, role, column);
            if (card.stack_pointer && !view_.veils.kinds) {
                add_stack_pointer(*card.stack_pointer, box, role);
            }
            y += box.height + below + stage_card_gap;
        }
    }

    // `left_out`: of its rows, and of the cards before it, there is no room for so many.
    void add_card(const StageCard& card, const ShownCard& shown, std::size_t left_out, const Box& box, Role role,
                  std::size_t column) {
        const bool news = card.fresh || card.leaving;
        scene_.boxes.push_back({.box = box,
                                .role = Role::card,
                                .outline = card.ghost || news ? Role::accent : Role::frame,
                                .radius = 4,
                                .pale = card.ghost,
                                .outlined = card.ghost || news,
                                .dashed = card.ghost,
                                .hit = view_.picks_frames ? card.frame : Hit{}});
        add_thing(card.thing, box);
        float y = box.y;
        if (!card.title.empty()) {
            add_card_title(card, left_out, box, role, shown.rows.empty());
            y += stage_card_title;
        }
        y += stage_card_pad;
        for (const ShownRow& row : shown.rows) {
            const Scope scope(*this, column, card.rows[row.row].name);
            add_row(card.rows[row.row], row.with_note, {box.x, y, box.width, stage_row});
            y += stage_row + (row.with_note ? stage_note : 0);
        }
    }

    // Not while something is veiled: its menu would say it.
    void add_thing(const Thing& thing, const Box& box) {
        if (thing.kind != ThingKind::none && view_.veils == Veils{}) {
            scene_.things.push_back({box, thing});
        }
    }

    // What tells frames of one function apart, where there is no room for rows: "n = 9".
    std::string first_value(const StageCard& card) const {
        const bool tells = !card.rows.empty() && !card.rows.front().name_in_words && !card.rows.front().value.empty() &&
                           card.frames_left_out == 0 && !view_.veils.values && !view_.veils.kinds;
        return tells ? card.rows.front().name + " = " + card.rows.front().value : std::string();
    }

    void add_card_title(const StageCard& card, std::size_t left_out, const Box& box, Role role, bool title_only) {
        const bool is_code = role == Role::code;
        const TextStyle style = is_code ? TextStyle::mono : TextStyle::strong;
        const float y = box.y + (stage_card_title - c_.measure.line_height(style)) / 2 + 1;
        const Role ink = card.ghost ? role : card.frames_left_out > 0 ? Role::muted : Role::text;
        std::string hint = card.ghost     ? std::string(c_.words.text("stage.popped"))
                           : card.leaving ? std::string(c_.words.text("stage.leaving"))
                           : card.fresh   ? std::string(c_.words.text("stage.pushed"))
                                          : card.hint;
        float room = box.width - 2 * pad;
        const float wanted = c_.measure.width(card.title, style);
        const std::string first = title_only ? first_value(card) : std::string();
        const float first_room = c_.measure.width(first, TextStyle::mono) + 12;
        const bool with_first = !first.empty() && wanted + first_room <= room * 0.7F;
        left_out -= with_first ? 1 : 0;
        const float hint_room = room - wanted - (with_first ? first_room : 0) - 8;
        if (left_out > 0) {  // that something is missing matters more than the place
            const std::string more = c_.words.format("stage.more", left_out);
            const std::string both = hint.empty() ? more : more + " · " + hint;
            hint = c_.measure.width(both, TextStyle::small) <= hint_room ? both : more;
        }
        if (!hint.empty() && c_.measure.width(hint, TextStyle::small) <= hint_room) {
            room -= right_label(box.right() - pad, y + 1, hint, TextStyle::small,
                                card.ghost   ? role
                                : card.fresh ? Role::accent
                                             : Role::muted,
                                hint_room, card.ghost) +
                    8;
        }
        label({box.x + pad, y}, card.title, style, ink, room, card.ghost);
        if (with_first) {
            const float down = (c_.measure.line_height(style) - c_.measure.line_height(TextStyle::mono)) / 2;
            label({box.x + pad + wanted + 12, y + down}, first, TextStyle::mono, ink, first_room, card.ghost);
        }
    }

    void add_row(const StageRow& row, bool with_note, const Box& box) {
        const float room = box.width - 2 * pad;
        // What has changed is large, unless it is so long that its end would be missing.
        const bool large = row.changed && c_.measure.width(row.value, TextStyle::title) <= room * 0.7F;
        const TextStyle value_style = large ? TextStyle::title : row.value_in_words ? TextStyle::body : TextStyle::mono;
        const float height = stage_row + (with_note ? stage_note : 0);
        add_thing(row.thing, {box.x, box.y, box.width, height});
        if (row.changed) {
            scene_.boxes.push_back({.box = {box.x + 3, box.y, box.width - 6, height},
                                    .outline = Role::accent,
                                    .radius = 4,
                                    .filled = false,
                                    .outlined = true,
                                    .hit = {}});
        }
        if (!row.changed && !row.name_in_words && is_pointed(row.name)) {
            add_pointer({box.x + 3, box.y, box.width - 6, height});
        }
        const auto down = [&](TextStyle style) { return box.y + (stage_row - c_.measure.line_height(style)) / 2; };
        const bool tells_address = row.name_in_words || row.value.find("0x") != std::string::npos;  // as a pointer's value does
        const bool veiled = (tells_address && view_.veils.addresses) || (!row.name_in_words && view_.veils.values) ||
                            (row.value_in_words && view_.veils.kinds);  // that it is a block says that it is in the heap
        const std::string& value = veiled ? veil : row.value.empty() ? row.note : row.value;
        const TextStyle style = row.value.empty() ? TextStyle::small : value_style;
        const TextStyle name_style = row.name_in_words ? TextStyle::small : TextStyle::mono;
        const float value_width = c_.measure.width(value, style);
        const bool brief = !row.short_name.empty() && c_.measure.width(row.name, name_style) + 10 + value_width > room;
        const float gap = brief ? 6 : 10;
        const bool has_short = brief && c_.measure.width(row.short_name, name_style) + gap + value_width <= room;
        const std::string_view row_name = !brief ? std::string_view(row.name) : has_short ? row.short_name : std::string_view();
        const float name_room = std::max(room * (brief ? 0 : 0.42F), room - value_width - gap);
        const float name = std::min(c_.measure.width(row_name, name_style), name_room);
        label({box.x + pad, down(name_style)}, row_name, name_style, row.name_in_words ? Role::muted : Role::text, name_room);
        const float used = right_label(box.right() - pad, down(style), value, style,
                                       row.value.empty() ? Role::muted
                                       : row.changed     ? Role::accent
                                                         : Role::text,
                                       room - name - (name > 0 ? gap : 0));
        if (!row.was.empty() && !with_note && !veiled) {
            const float left = room - name - used - 20;
            right_label(box.right() - pad - used - 8, down(TextStyle::small), c_.words.format("stack.was", row.was),
                        TextStyle::small, Role::muted, left);
        }
        if (with_note) {
            const float y = box.y + stage_row - 1;
            const std::string was = row.was.empty() || veiled ? std::string() : c_.words.format("stack.was", row.was);
            const float was_width = right_label(box.right() - pad, y, was, TextStyle::small, Role::accent, room * 0.5F);
            label({box.x + pad, y}, view_.veils.addresses ? veil : row.note, TextStyle::mono_small, Role::muted,
                  room - was_width - 8);
        }
    }

    // Below the innermost frame: from here on the stack is free.
    void add_stack_pointer(Address pointer, const Box& card, Role role) {
        const float y = card.bottom() + (stage_pointer - c_.measure.line_height(TextStyle::small)) / 2;
        const std::string text = stack_pointer_text(pointer);
        const float width = right_label(card.right() - 4, y, text, TextStyle::small, role, card.width, true);
        const float middle = card.bottom() + stage_pointer / 2;
        const float to = card.right() - 4 - width - 6;
        if (to > card.x + 4) {
            scene_.boxes.push_back(
                {.box = {card.x + 2, middle - 1, to - card.x - 2, 2}, .role = role, .radius = 0, .ink = true, .hit = {}});
        }
    }

    // Whether the event is the column's, and a variable or an object there, in a page that parted by it, has another value now.
    [[nodiscard]] bool wrote(std::size_t column, const StageArea& area) const {
        const StageColumn& who = columns_[column];
        const auto& cards = who.cards[static_cast<std::size_t>(&area - who.areas.data())];
        const auto copied = c_.recording.events()[c_.moment].copied.all();
        const std::int32_t pid = c_.world.processes[who.process].key.pid;
        return who.acts && std::ranges::any_of(cards, [&](const StageCard& card) {
                   return std::ranges::any_of(card.rows, [&](const StageRow& row) {
                       return row.changed && (row.page_copied || has_copied(copied, pid, row.thing.address));
                   });
               });
    }

    void add_bridges(const StageGroup& group, std::size_t k) {
        const std::size_t left = group.columns[k];
        const StageBridges between(c_, columns_[left].process, columns_[left + 1].process);
        if (!between.related()) {
            return;
        }
        const float x = x_of(left) + width_of(left);
        for (std::size_t a = 0; a < group.areas.size(); ++a) {
            const StageArea* one = area_of(left, group.areas[a].key);
            const StageArea* other = area_of(left + 1, group.areas[a].key);
            if (one && other) {
                const Box box = box_of(group, k, a);
                const std::size_t right = left + 1;
                StageBridge bridge = between.of(*one, *other);
                bridge.tell_writer({wrote(left, *one), wrote(right, *other)});
                add_stage_bridge(bridge, role_of_area(*one), {x, box.y, places_[left].bridge, box.height},
                                 {names_[columns_[left].process], names_[columns_[right].process]}, scene_, c_);
            }
        }
    }

    struct Place {
        float x = 0;
        float width = least_column;
        float bridge = 0;  // to the next one
        bool narrow = false;
    };

    const LayoutContext& c_;
    std::span<const StageColumn> columns_;
    const StageView& view_;
    std::vector<std::string> names_;
    Scene scene_;
    std::string path_;           // of the innermost scope
    std::vector<Place> places_;  // of the columns
    float lowest_ = 0;
    float bottom_ = 0;  // of the columns
};

}  // namespace

Scene layout_stage(const LayoutContext& context, std::span<const StageColumn> columns, const StageView& view) {
    return StageLayout(context, columns, view).run();
}

std::size_t stage_columns_that_fit(float width) {
    const float two = 2 * least_column + wide_bridge;
    if (width < two) {
        return 1;
    }
    return std::max<std::size_t>(2, static_cast<std::size_t>((width + narrow_bridge) / (least_column + narrow_bridge)));
}

}  // namespace procatlas
