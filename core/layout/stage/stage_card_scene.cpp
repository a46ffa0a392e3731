#include "core/layout/stage/stage_card_scene.h"

#include <algorithm>
#include <map>
#include <string>
#include <string_view>

#include "core/base/text.h"
#include "core/layout/stage/stage_left_out.h"

namespace procatlas {
namespace {

class CardScene {
public:
    CardScene(Role role, std::size_t column, StagePen& pen) : role_(role), column_(column), pen_(pen) {}

    void add_cards(std::span<const StageCard> cards, std::span<const ShownCard> shown, const Box& area) {
        float y = area.y + stage_area_title;
        std::map<std::string_view, int> same;  // frames of one function, from the outermost on
        for (std::size_t i = 0; i < shown.size(); ++i) {
            const ShownCard& one = shown[i];
            const StageCard& card = cards[one.card];
            const float below = card.stack_pointer ? stage_pointer : 0;
            const Box box{area.x + stage_card_gap, y, area.width - 2 * stage_card_gap, one.height(card) - below};
            // The line that runs next is one card, whatever the line.
            const std::string name = card.thing.kind == ThingKind::source_line
                                         ? std::string("next line")
                                         : card.title + "#" + std::to_string(same[card.title]++);
            const StagePen::Scope scope(pen_, column_, name);
            add_card(card, one, left_out_of_card(cards, shown, i), box);
            if (card.stack_pointer && !pen_.view.veils.kinds) {
                add_stack_pointer(*card.stack_pointer, box);
            }
            y += box.height + below + stage_card_gap;
        }
    }

private:
    // `left_out`: of its rows, and of the frames below it, there is no room for so many.
    void add_card(const StageCard& card, const ShownCard& shown, const StageLeftOut& left_out, const Box& box) {
        const bool news = card.fresh || card.leaving;
        pen_.scene.boxes.push_back({.box = box,
                                    .role = Role::card,
                                    .outline = card.ghost || news ? Role::accent : Role::frame,
                                    .radius = 4,
                                    .pale = card.ghost,
                                    .outlined = card.ghost || news,
                                    .dashed = card.ghost,
                                    .hit = pen_.view.picks_frames ? card.frame : Hit{}});
        pen_.thing(card.thing, box);
        float y = box.y;
        if (!card.title.empty()) {
            add_card_title(card, left_out, box, shown.rows.empty());
            y += stage_card_title;
        }
        y += stage_card_pad;
        for (const ShownRow& row : shown.rows) {
            const StagePen::Scope scope(pen_, column_, card.rows[row.row].name);
            add_row(card.rows[row.row], row.with_note, {box.x, y, box.width, stage_row});
            y += stage_row + (row.with_note ? stage_note : 0);
        }
    }

    // What tells frames of one function apart, where there is no room for rows: "n = 9".
    std::string first_value(const StageCard& card) const {
        const bool tells = !card.rows.empty() && !card.rows.front().name_in_words && !card.rows.front().value.empty() &&
                           !card.rows.front().no_value_yet && card.frames_left_out == 0 &&
                           card.rows_are != StageRows::details &&
                           !(pen_.view.veils.addresses && card.rows.front().tells_address()) && !pen_.view.veils.values &&
                           !pen_.view.veils.kinds;
        return tells ? card.rows.front().name + " = " + card.rows.front().value : std::string();
    }

    void add_card_title(const StageCard& card, StageLeftOut left_out, const Box& box, bool title_only) {
        const bool is_code = role_ == Role::code;
        const TextStyle style = card.is_reason ? TextStyle::small : is_code ? TextStyle::mono : TextStyle::strong;
        const float y = box.y + (stage_card_title - pen_.measure.line_height(style)) / 2 + 1;
        const Role ink = card.ghost ? role_ : card.frames_left_out > 0 || card.is_reason ? Role::muted : Role::text;
        std::string hint = card.ghost     ? std::string(pen_.words.text("stage.popped"))
                           : card.leaving ? std::string(pen_.words.text("stage.leaving"))
                           : card.fresh   ? std::string(pen_.words.text("stage.pushed"))
                                          : card.hint;
        float room = box.width - 2 * stage_text_pad;
        const bool brief = !card.short_title.empty() && pen_.measure.width(card.title, style) > room;
        const std::string& title = brief ? card.short_title : card.title;
        const float wanted = pen_.measure.width(title, style);
        const std::string first = title_only ? first_value(card) : std::string();
        const float first_room = pen_.measure.width(first, TextStyle::mono) + 12;
        const bool with_first = !first.empty() && wanted + first_room <= room * 0.7F;
        if (with_first) {
            --left_out.rows[static_cast<std::size_t>(card.rows_are)];
        }
        const float hint_room = room - wanted - (with_first ? first_room : 0) - 8;
        if (const std::string more = left_out.text(pen_.words, true); !more.empty()) {  // it matters more than the place
            const std::string both = hint.empty() ? more : more + " · " + hint;
            hint = pen_.measure.width(both, TextStyle::small) <= hint_room ? both : more;
        }
        if (!hint.empty() && pen_.measure.width(hint, TextStyle::small) <= hint_room) {
            room -= pen_.right_label(box.right() - stage_text_pad, y + 1, hint, TextStyle::small,
                                     card.ghost   ? role_
                                     : card.fresh ? Role::accent
                                                  : Role::muted,
                                     hint_room, card.ghost) +
                    8;
        }
        pen_.label({box.x + stage_text_pad, y}, title, style, ink, room, card.ghost);
        if (with_first) {
            const float down = (pen_.measure.line_height(style) - pen_.measure.line_height(TextStyle::mono)) / 2;
            pen_.label({box.x + stage_text_pad + wanted + 12, y + down}, first, TextStyle::mono, ink, first_room, card.ghost);
        }
    }

    void add_row(const StageRow& row, bool with_note, const Box& box) {
        const float room = box.width - 2 * stage_text_pad;
        // What has changed is large, unless it is so long that its end would be missing.
        const bool large = row.changed && pen_.measure.width(row.value, TextStyle::title) <= room * 0.7F;
        const TextStyle value_style = large ? TextStyle::title : row.value_in_words ? TextStyle::body : TextStyle::mono;
        const float height = stage_row + (with_note ? stage_note : 0);
        pen_.thing(row.thing, {box.x, box.y, box.width, height});
        if (row.changed) {
            pen_.scene.boxes.push_back({.box = {box.x + 3, box.y, box.width - 6, height},
                                        .outline = Role::accent,
                                        .radius = 4,
                                        .filled = false,
                                        .outlined = true,
                                        .hit = {}});
        }
        if (!row.changed && !row.name_in_words && pen_.is_pointed_variable(row.name)) {
            pen_.frame_pointed({box.x + 3, box.y, box.width - 6, height});
        }
        const auto down = [&](TextStyle style) { return box.y + (stage_row - pen_.measure.line_height(style)) / 2; };
        const bool veiled = (row.tells_address() && pen_.view.veils.addresses) ||
                            (!row.name_in_words && pen_.view.veils.values) ||
                            (row.value_in_words && pen_.view.veils.kinds);  // that it is a block says that it is in the heap
        const std::string about = row.no_value_yet  ? std::string(pen_.words.text("stack.no_value_yet"))
                                  : row.was.empty() ? std::string()
                                                    : pen_.words.format("stack.was", row.was);
        const float about_wide = pen_.measure.width(about, TextStyle::small);
        // What lies there is never shown as a value: where both have no room, the words have it.
        const bool words_alone =
            row.no_value_yet && !veiled && !with_note &&
            pen_.measure.width(row.name, TextStyle::mono) + pen_.measure.width(row.value, TextStyle::mono) + about_wide + 30 >
                room;
        const std::string_view value = veiled        ? stage_veil
                                       : words_alone ? std::string_view(about)
                                                     : std::string_view(row.value.empty() ? row.note : row.value);
        const TextStyle style = row.value.empty() || words_alone ? TextStyle::small : value_style;
        const TextStyle name_style = row.name_in_words ? TextStyle::small : TextStyle::mono;
        const float value_width = pen_.measure.width(value, style);
        const bool brief = !row.short_name.empty() && pen_.measure.width(row.name, name_style) + 10 + value_width > room;
        const float gap = brief ? 6 : 10;
        const bool has_short = brief && pen_.measure.width(row.short_name, name_style) + gap + value_width <= room;
        const std::string_view row_name = !brief ? std::string_view(row.name) : has_short ? row.short_name : std::string_view();
        const float name_room = std::max(room * (brief ? 0 : 0.42F), room - value_width - gap);
        const float name = std::min(pen_.measure.width(row_name, name_style), name_room);
        pen_.label({box.x + stage_text_pad, down(name_style)}, row_name, name_style,
                   row.name_in_words ? Role::muted : Role::text, name_room);
        const float used = pen_.right_label(box.right() - stage_text_pad, down(style), value, style,
                                            row.value.empty() || row.no_value_yet ? Role::muted
                                            : row.changed                         ? Role::accent
                                                                                  : Role::text,
                                            room - name - (name > 0 ? gap : 0));
        if (!about.empty() && !with_note && !veiled && !words_alone) {
            const float left = room - name - used - 20;
            pen_.right_label(box.right() - stage_text_pad - used - 8, down(TextStyle::small), about, TextStyle::small,
                             Role::muted, left);
        }
        if (with_note) {
            const float y = box.y + stage_row - 1;
            const float about_width =
                pen_.right_label(box.right() - stage_text_pad, y, veiled ? std::string() : about, TextStyle::small,
                                 row.no_value_yet ? Role::muted : Role::accent, room * (row.no_value_yet ? 1 : 0.5F));
            const std::string_view note = pen_.view.veils.addresses ? stage_veil : std::string_view(row.note);
            if (!row.no_value_yet || pen_.measure.width(note, TextStyle::mono_small) <= room - about_width - 8) {
                pen_.label({box.x + stage_text_pad, y}, note, TextStyle::mono_small, Role::muted, room - about_width - 8);
            }
        }
    }

    // Below the innermost frame: from here on the stack is free.
    void add_stack_pointer(Address pointer, const Box& card) {
        const float y = card.bottom() + (stage_pointer - pen_.measure.line_height(TextStyle::small)) / 2;
        const std::string text = pen_.stack_pointer_text(pointer);
        const float width = pen_.right_label(card.right() - 4, y, text, TextStyle::small, role_, card.width, true);
        const float middle = card.bottom() + stage_pointer / 2;
        const float to = card.right() - 4 - width - 6;
        if (to > card.x + 4) {
            pen_.scene.boxes.push_back(
                {.box = {card.x + 2, middle - 1, to - card.x - 2, 2}, .role = role_, .radius = 0, .ink = true, .hit = {}});
        }
    }

    Role role_;
    std::size_t column_;
    StagePen& pen_;
};

}  // namespace

void add_stage_cards(std::span<const StageCard> cards, std::span<const ShownCard> shown, const Box& area, Role role,
                     std::size_t column, StagePen& pen) {
    CardScene(role, column, pen).add_cards(cards, shown, area);
}

}  // namespace procatlas
