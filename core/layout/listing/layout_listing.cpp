#include "core/layout/listing/layout_listing.h"
#include "core/narrate/function_name.h"

#include <algorithm>
#include <bit>
#include <utility>

#include "core/base/text.h"
#include "core/layout/process_role.h"
#include "core/narrate/reasons.h"
#include "core/scene/wrap_text.h"

namespace procatlas {
namespace {

constexpr float listing_line_gap = 3;  // between two rows
constexpr float listing_column_gap = 14;
constexpr float below_listing_heading = 8;
constexpr float between_runs = 18;
constexpr float listing_indent = 8;  // keeps the outline off the text

// Writes rows of text in columns, from top to bottom.
class Listing {
public:
    Listing(float width, const TextMeasure& measure) : width_(width), measure_(measure) {}

    [[nodiscard]] float row_height() const { return measure_.line_height(TextStyle::mono) + listing_line_gap; }
    [[nodiscard]] float characters(std::size_t count) const {
        return measure_.width("0", TextStyle::mono) * static_cast<float>(count);
    }
    [[nodiscard]] float small_characters(std::size_t count) const {
        return measure_.width("0", TextStyle::mono_small) * static_cast<float>(count);
    }
    [[nodiscard]] float y() const { return y_; }
    [[nodiscard]] float width() const { return width_; }
    Scene& scene() { return made_.scene; }

    void heading(std::string_view title, const std::string& hint) {
        text(0, std::string(title), TextStyle::strong, Role::text, width_);
        const float used = measure_.width(title, TextStyle::strong) + 10;
        const float drop = measure_.line_height(TextStyle::strong) - measure_.line_height(TextStyle::small);
        fitted({used, y_ + drop * 0.75F}, hint, TextStyle::small, Role::muted, width_ - used);
        y_ += measure_.line_height(TextStyle::strong) + below_listing_heading;
    }
    void text(float x, const std::string& what, TextStyle style, Role role, float room) {
        const float down = (row_height() - measure_.line_height(style)) / 2;
        fitted({x, y_ + down}, what, style, role, room);
    }
    // Source code, the number of its line, or a byte.
    void quote(float x, const std::string& what, TextStyle style, Role role, float room) {
        const std::size_t before = scene().labels.size();
        text(x, what, style, role, room);
        for (std::size_t i = before; i < scene().labels.size(); ++i) {
            scene().labels[i].quoted = true;
        }
    }
    void line(const std::string& what) {
        text(0, what, TextStyle::small, Role::muted, width_);
        y_ += row_height();
    }
    void sentences(const std::vector<std::string>& said) {
        const Scene lines = layout_sentences(said, width_, measure_);
        made_.scene.append(lines, {0, y_});
        y_ += lines.height;
    }
    void outline_current() {
        made_.current = {0, y_, width_, row_height()};
        scene().boxes.push_back({.box = made_.current, .radius = 4, .filled = false, .selected = true, .hit = {}});
    }
    void thing(Thing what) { scene().things.push_back({{0, y_, width_, row_height()}, std::move(what)}); }
    // Remembers this row as the current one, without an outline.
    void mark_current() { made_.current = {0, y_, width_, row_height()}; }
    // Somebody is at this row.
    void mark_inhabited() {
        Box& all = made_.inhabited;
        all = all.height > 0 ? Box{0, all.y, width_, y_ + row_height() - all.y} : Box{0, y_, width_, row_height()};
    }
    void next_row() { y_ += row_height(); }
    void skip(float height) { y_ += height; }

    ListingScene take() {
        made_.scene.width = width_;
        made_.scene.height = y_;
        return std::move(made_);
    }

private:
    void fitted(Point at, const std::string& what, TextStyle style, Role role, float room) {
        SceneLabel label = fitted_label({at, what, style, role}, room, measure_);
        if (!label.text.empty()) {
            scene().labels.push_back(std::move(label));
        }
    }

    float width_;
    const TextMeasure& measure_;
    ListingScene made_;
    float y_ = 0;
};

// Expands tabs as a terminal does.
std::string with_spaces(std::string_view text) {
    constexpr std::size_t tab = 8;
    std::string shown;
    for (const char c : text) {
        shown.append(c == '\t' ? tab - shown.size() % tab : 1, c == '\t' ? ' ' : c);
    }
    return shown;
}

std::string digits_of_offset(ByteCount offset) {
    const std::string digits = address_text(offset);
    return digits.substr(std::min(digits.find_first_not_of('0'), digits.size() - 1));
}

// The x of each column of the code. The instruction gets the most room, then its target, then its bytes.
struct CodeColumns {
    float address = 24;
    float offset = 0;
    float bytes = 0;
    float text = 0;
    float target = 0;

    explicit CodeColumns(const Listing& out) {
        offset = address + out.small_characters(14) + code_gap;
        bytes = offset + out.small_characters(5) + code_gap;
        const bool wide = out.width() > 900;
        text = bytes + out.small_characters(wide ? 30 : 21) + code_gap;
        target = text + out.characters(wide ? 38 : 31);
    }

    static constexpr float code_gap = 9;
};

void code_row(Listing& out, const CodeRow& row, const CodeColumns& at) {
    const Instruction& instruction = row.instruction;
    const Role role = row.current ? Role::accent : Role::text;
    if (row.current) {
        out.outline_current();
        out.text(7, "▶", TextStyle::small, Role::accent, 16);
    }
    out.thing({.kind = ThingKind::instruction,
               .address = instruction.address,
               .size = instruction.size,
               .name = instruction.function,
               .text = hex_address(instruction.address) + "  " + instruction.text});
    const float gap = CodeColumns::code_gap - 1;
    out.text(at.address, address_text(instruction.address, true), TextStyle::mono_small, Role::muted,
             at.offset - at.address - gap);
    out.text(at.offset, "+" + digits_of_offset(row.offset), TextStyle::mono_small, Role::muted, at.bytes - at.offset - gap);
    out.text(at.bytes, hex_text(row.bytes), TextStyle::mono_small, Role::muted, at.text - at.bytes - gap);
    const bool leads = !instruction.target_name.empty();
    out.text(at.text, display_text(instruction.text), TextStyle::mono, role, (leads ? at.target : out.width()) - at.text - gap);
    if (leads) {
        out.text(at.target, "→ " + display_text(instruction.target_name), TextStyle::mono_small, role,
                 out.width() - at.target - gap);
    }
    out.next_row();
}

class ByteLayout {
public:
    ByteLayout(Listing& out, const Messages& words) : out_(out), words_(words) {
        text_x_ = hex_x_ + out.characters(ByteRow::width * 3 + 1) + listing_column_gap;
        what_x_ = text_x_ + out.characters(ByteRow::width) + listing_column_gap;
    }

    void run(const ByteRun& run) {
        out_.heading(run.region, hex_address(run.range.start) + " – " + hex_address(run.range.end));
        for (const ByteRow& row : run.rows) {
            row.folded != 0 ? folded(row) : shown(row);
        }
        if (run.left_out != 0) {
            out_.line(words_.format("bytes.more", run.left_out));
        }
        if (!run.why_cut.empty()) {
            out_.line(words_.format("bytes.cut", display_text(reason_text(run.why_cut, words_))));
        }
        out_.skip(between_runs);
    }

private:
    void folded(const ByteRow& row) {
        out_.text(listing_indent, address_text(row.start, true), TextStyle::mono_small, Role::muted, hex_x_);
        const std::string stale = row.stale == 0 ? "" : " · " + std::string(words_.text("bytes.stale"));
        out_.text(hex_x_, words_.format("bytes.zeros", row.folded) + stale, TextStyle::small, Role::muted,
                  out_.width() - hex_x_);
        out_.next_row();
    }

    void shown(const ByteRow& row) {
        if (row.stack_pointer) {
            out_.outline_current();
        }
        out_.text(listing_indent, address_text(row.start, true), TextStyle::mono_small,
                  row.stack_pointer ? Role::accent : Role::muted, hex_x_);
        out_.thing({.kind = ThingKind::bytes,
                    .address = row.start + row.first,
                    .size = row.bytes.size(),
                    .value = hex_text(row.bytes),
                    .text = hex_address(row.start + row.first) + "  " + hex_text(row.bytes)});
        for (std::size_t i = 0; i < row.bytes.size(); ++i) {
            cell(row, i);
        }
        out_.text(text_x_ + out_.characters(row.first), ascii_text(row.bytes), TextStyle::mono, Role::muted,
                  out_.characters(ByteRow::width) + 4);
        std::string what = row.stack_pointer ? words_.format("bytes.stack_pointer", *row.stack_pointer) : std::string();
        const bool all_stale = std::popcount(row.stale) == static_cast<int>(row.bytes.size());
        for (const std::string& more :
             {row.what,
              row.stale == 0 ? std::string() : std::string(words_.text(all_stale ? "bytes.stale" : "bytes.partly_stale"))}) {
            what += (what.empty() || more.empty() ? "" : " · ") + more;
        }
        const bool only_stale = row.what.empty() && all_stale;
        out_.text(what_x_, what, TextStyle::small,
                  row.stack_pointer ? Role::accent
                  : only_stale      ? Role::muted
                                    : Role::text,
                  out_.width() - what_x_);
        out_.next_row();
    }

    // A changed byte has a box around it. A stale byte is pale, and its row says so.
    void cell(const ByteRow& row, std::size_t i) {
        const std::size_t at = row.first + i;
        const auto bit = static_cast<std::uint16_t>(1U << at);
        const float x = hex_x_ + out_.characters(at * 3 + (at >= ByteRow::width / 2 ? 1 : 0));
        if ((row.changed & bit) != 0) {
            out_.scene().boxes.push_back({.box = {x - 3, out_.y() + 1, out_.characters(2) + 6, out_.row_height() - 2},
                                          .role = Role::card,
                                          .outline = Role::accent,
                                          .radius = 3,
                                          .filled = false,
                                          .outlined = true,
                                          .hit = {}});
        }
        const Role role = (row.stale & bit) != 0 ? Role::muted : (row.changed & bit) != 0 ? Role::accent : Role::text;
        out_.quote(x, hex_text(std::string_view(row.bytes).substr(i, 1)), TextStyle::mono, role, out_.characters(2) + 4);
    }

    Listing& out_;
    const Messages& words_;
    float hex_x_ = listing_indent + out_.small_characters(16);
    float text_x_ = 0;
    float what_x_ = 0;
};

// "▶": the process is at this line; "↳": it has called code outside the program and will return here.
std::string_view mark_arrow(const LineMark& mark) {
    return mark.in_call ? " ↳" : " ▶";
}

// "P", "C1 ▶": a badge of a line. Those who are there alike stand side by side before one arrow, so that three of them leave
// most of a narrow panel to the source.
struct LineBadge {
    const LineMark* mark = nullptr;
    std::string text;
    float width = 0;
    float gap = 0;  // to the next one
};

constexpr float badge_pad = 5;
constexpr float badge_gap = 3;
constexpr float badge_seam = 1;  // between those before one arrow
constexpr float stop_margin = 16;

std::vector<LineBadge> badges_of(const SourceRow& row, const TextMeasure& measure) {
    std::vector<LineBadge> badges;
    for (const bool in_call : {false, true}) {
        for (const LineMark& mark : row.marks) {
            if (mark.in_call == in_call) {
                badges.push_back({.mark = &mark, .text = mark.name});
            }
        }
    }
    for (std::size_t i = 0; i < badges.size(); ++i) {
        LineBadge& badge = badges[i];
        const bool last = i + 1 == badges.size() || badges[i + 1].mark->in_call != badge.mark->in_call;
        badge.text += last ? mark_arrow(*badge.mark) : "";
        badge.gap = last ? badge_gap : badge_seam;
        badge.width = measure.width(badge.text, TextStyle::small) + 2 * badge_pad;
    }
    return badges;
}

// Of the badges from `first` on.
float rest_width(const std::vector<LineBadge>& badges, std::size_t first) {
    float width = 0;
    for (std::size_t i = first; i < badges.size(); ++i) {
        width += badges[i].width + (i + 1 < badges.size() ? badges[i].gap : 0);
    }
    return width;
}

// A click there sets or removes the stop.
void add_margin(Listing& out, const SourceRow& row, const std::vector<std::uint32_t>& stops) {
    const Box place{0, out.y(), stop_margin, out.row_height()};
    out.scene().boxes.push_back(
        {.box = place, .role = Role::card, .radius = 3, .pale = true, .hit = {HitKind::margin, 0, row.number}});
    if (std::ranges::find(stops, row.number) != stops.end()) {
        out.scene().marks.push_back(
            {{place.x + place.width / 2, place.y + place.height / 2}, 5, MarkShape::disc, Role::warning});
    }
}

// The row in a pale colour of the process that is there, with a badge for each; `x`: where they begin, `room`: how far they may
// reach, left of the line's number.
void add_badges(Listing& out, const SourceRow& row, float x, float room, const TextMeasure& measure) {
    if (row.marks.empty()) {
        return;
    }
    const Box whole{0, out.y(), out.width(), out.row_height()};
    out.scene().boxes.push_back(
        {.box = whole, .role = role_of_process(row.marks.back().process), .radius = 4, .pale = true, .hit = {}});
    const std::vector<LineBadge> badges = badges_of(row, measure);
    for (std::size_t i = 0; i < badges.size(); ++i) {
        const LineBadge& badge = badges[i];
        const std::size_t left = badges.size() - i;
        const std::string more = "+" + std::to_string(left) + std::string(mark_arrow(*badges.back().mark));
        const float after = left > 1 ? badge.gap + measure.width("+" + std::to_string(left - 1) + " ▶", TextStyle::small) : 0;
        const bool rest_fits = x + rest_width(badges, i) <= room;
        if (i > 0 && !rest_fits && x + badge.width + after > room) {
            out.text(x, more, TextStyle::small, Role::muted, room - x);
            return;
        }
        const Role role = role_of_process(badge.mark->process);
        out.scene().boxes.push_back({.box = {x, whole.y + 1, badge.width, whole.height - 2},
                                     .role = role,
                                     .radius = 4,
                                     .hit = {HitKind::process, badge.mark->process, 0}});
        const float down = (whole.height - measure.line_height(TextStyle::small)) / 2;
        out.scene().labels.push_back({{x + badge_pad, whole.y + down}, badge.text, TextStyle::small, role, true});
        x += badge.width + badge.gap;
    }
}

}  // namespace

std::string mark_text(const SourceRow& row) {
    std::string here;
    std::string calls;
    for (const LineMark& mark : row.marks) {
        std::string& into = mark.in_call ? calls : here;
        into += (into.empty() ? (mark.in_call ? "↳ " : "▶ ") : ", ") + std::to_string(mark.pid);
    }
    return here + (here.empty() || calls.empty() ? "" : "  ") + calls;
}

ListingScene layout_source(const SourceRows& source, float width, const Messages& words, const TextMeasure& measure,
                           ListingHeading heading, const std::vector<std::uint32_t>* stops) {
    Listing out(width, measure);
    if (source.path.empty()) {
        out.sentences(source.none);
        return out.take();
    }
    if (heading == ListingHeading::shown) {
        out.heading(display_text(base_name(source.path)),
                    words.format("source.where", display_text(source.function), source.line, source.lines));
    }
    out.sentences(source.none);
    float marks = out.characters(4);
    for (const SourceRow& row : source.rows) {
        marks = std::max(marks, rest_width(badges_of(row, measure), 0) + badge_gap);
    }
    const float margin = stops ? stop_margin : 0;
    marks = margin + std::min(marks, std::max(width / 4, out.characters(4)));
    const float text_x = marks + out.characters(4) + listing_column_gap;
    for (const SourceRow& row : source.rows) {
        if (row.number == source.line) {
            out.mark_current();
        }
        out.thing({.kind = ThingKind::source_line, .file = source.path, .line = row.number, .text = row.text});
        if (source.pick) {
            out.scene().boxes.push_back(
                {.box = {0, out.y(), out.width(), out.row_height()}, .filled = false, .hit = {HitKind::line, 0, row.number}});
        }
        if (std::ranges::find(source.pointed, Pointed{PointedKind::line, {}, row.number}) != source.pointed.end()) {
            out.scene().boxes.push_back({.box = {0, out.y(), out.width(), out.row_height()},
                                         .outline = Role::accent,
                                         .radius = 4,
                                         .filled = false,
                                         .outlined = true,
                                         .dashed = true,
                                         .hit = {}});
        }
        if (!row.marks.empty()) {
            out.mark_inhabited();
        }
        add_badges(out, row, margin, marks, measure);
        if (stops) {
            add_margin(out, row, *stops);
        }
        const std::string number = std::to_string(row.number);
        out.quote(marks + out.characters(4) - out.small_characters(number.size()), number, TextStyle::mono_small, Role::muted,
                  out.characters(6));
        out.quote(text_x, with_spaces(row.text), TextStyle::mono, Role::text, width - text_x);
        out.next_row();
    }
    if (source.cut && !source.rows.empty() && source.rows.back().number == source.lines) {
        out.line(std::string(words.text("source.cut")));
    }
    const bool calls = std::ranges::any_of(source.rows, [](const SourceRow& row) {
        return std::ranges::any_of(row.marks, [](const LineMark& mark) { return mark.in_call; });
    });
    const bool rows_alone = heading == ListingHeading::left_out && source.none.empty();
    if (calls) {
        out.skip(rows_alone ? 0 : below_listing_heading);  // scrolled to the end, the panel shows whole rows
        out.line(std::string(words.text("source.in_call")));
    }
    ListingScene made = out.take();
    made.row = rows_alone ? out.row_height() : 0;
    return made;
}

ListingScene layout_code(const CodeRows& code, float width, const Messages& words, const TextMeasure& measure) {
    Listing out(width, measure);
    if (!code.none.empty()) {
        out.sentences(code.none);
        return out.take();
    }
    out.heading(
        code.function.empty() ? std::string(words.text("code.no_function")) : with_brackets(display_text(code.function)),
        display_text(base_name(code.program)) + " · " + hex_address(code.range.start) + " – " + hex_address(code.range.end));
    if (code.left_out_above != 0) {
        out.line(words.format("code.above", code.left_out_above));
    }
    const CodeColumns columns(out);
    for (const CodeRow& row : code.rows) {
        if (row.instruction.line != 0) {
            const std::string text = with_spaces(row.source_line);
            const std::size_t first_letter = std::min(text.find_first_not_of(' '), text.size());
            out.skip(4);
            out.quote(0, words.format("code.line", row.instruction.line, text.substr(first_letter)), TextStyle::small,
                      Role::muted, width);
            out.next_row();
        }
        code_row(out, row, columns);
    }
    if (code.left_out_below != 0) {
        out.line(words.format("code.below", code.left_out_below));
    } else if (!code.why_cut.empty()) {
        out.line(words.format("code.cut", display_text(reason_text(code.why_cut, words))));
    }
    return out.take();
}

ListingScene layout_bytes(const ByteRows& bytes, float width, const Messages& words, const TextMeasure& measure) {
    Listing out(width, measure);
    out.sentences(bytes.none);
    ByteLayout rows(out, words);
    for (const ByteRun& run : bytes.runs) {
        rows.run(run);
    }
    if (!bytes.runs.empty()) {
        out.line(std::string(words.text("bytes.legend")));
    }
    return out.take();
}

}  // namespace procatlas
