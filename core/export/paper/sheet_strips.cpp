#include "core/export/paper/sheet_strips.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <utility>

#include "core/export/paper/flow.h"

namespace procatlas {
namespace {

constexpr float paragraph_gap = 9;
constexpr float heading_gap = 24;
constexpr float box_pad = 12;
constexpr float mark_room = 24;
constexpr float line_length = 190;  // to write on
constexpr float short_line = 60;
constexpr float room_to_draw = 120;

void rule(Scene& scene, Point from, float width) {
    scene.links.push_back({{from, {from.x + width, from.y}}, Role::text});
}

// The lines one below the other.
Scene stacked(std::vector<Scene> lines) {
    Scene all;
    for (Scene& line : lines) {
        all.append(line, {0, all.height});
    }
    return all;
}

class StripMaker {
public:
    StripMaker(float width, float tallest, const TextMeasure& measure, const Messages& words)
        : width_(width), tallest_(tallest), measure_(measure), words_(words) {}

    void operator()(const SheetText& text) {
        switch (text.kind) {
            case SheetTextKind::title:
                return add_heading(text, {TextStyle::headline, TextStyle::headline, TextStyle::headline}, 0);
            case SheetTextKind::heading:
                return add_heading(text, {TextStyle::title, TextStyle::title, TextStyle::title}, heading_gap);
            case SheetTextKind::subheading:
                return add_heading(text, {TextStyle::strong, TextStyle::strong, TextStyle::mono}, paragraph_gap);
            case SheetTextKind::paragraph:
                add_lines(flow(text.spans, width_), paragraph_gap, 0);
                return keep_with_next();
            case SheetTextKind::item:
                return add_item(text);
            case SheetTextKind::code:
                return add_barred(flow_text(text.spans, width_ - 2 * box_pad, measure_,
                                            {TextStyle::mono_small, TextStyle::mono_small, TextStyle::mono_small}));
            case SheetTextKind::note: {
                std::vector<SheetSpan> spans{{SheetStyle::strong, std::string(words_.text("lesson.note")) + " "}};
                spans.insert(spans.end(), text.spans.begin(), text.spans.end());
                return add_barred(flow(spans, width_ - 2 * box_pad));
            }
            case SheetTextKind::caption:  // of what comes next
                add_lines(flow_text(text.spans, width_, measure_, {TextStyle::small, TextStyle::small, TextStyle::mono_small}),
                          4, 0);
                return keep_with_next();
        }
    }

    void operator()(const SheetQuestion& question) {
        Scene inside;
        const float room = width_ - 2 * box_pad;
        const auto put = [&](const Scene& scene, float x = 0) { inside.append(scene, {x, inside.height}); };
        if (!question.ask.empty()) {
            put(stacked(flow({{SheetStyle::plain, question.ask}}, room)));
        }
        for (std::size_t i = 0; i < question.items.size(); ++i) {
            put(item_scene(question.items[i], i + 1, room));
        }
        if (!question.answer.empty()) {
            put(stacked(flow({{SheetStyle::strong, question.answer}}, room)));
        } else if (question.room_to_draw) {
            inside.height += room_to_draw;
        } else if (question.lines > 0) {
            put(lines_to_write_on(question.lines, question.arrows));
        }
        if (!question.said.empty()) {
            inside.height += 4;
            put(stacked(flow(question.said, room)));
        }
        Scene box;
        box.append(inside, {box_pad, box_pad * 0.75F});
        box.width = width_;
        box.height = inside.height + 1.5F * box_pad;
        const Box frame{0.5F, 0.5F, width_ - 1, box.height - 1};
        box.links.push_back({{{frame.x, frame.y},
                              {frame.right(), frame.y},
                              {frame.right(), frame.bottom()},
                              {frame.x, frame.bottom()},
                              {frame.x, frame.y}},
                             Role::text});
        add(std::move(box), paragraph_gap);
    }

    void operator()(const SheetFigure& figure) {
        const Scene& scene = figure.scene;
        const float highest = tallest_ * 0.41F;
        const float scale = std::min({0.8F, width_ / std::max(scene.width, 1.0F), highest / std::max(scene.height, 1.0F)});
        SheetStrip strip{scene, scale, paragraph_gap + 3, false};
        strips_.push_back(std::move(strip));
    }

    void add_name() {
        Scene line = stacked(flow({{SheetStyle::plain, std::string(words_.text("lesson.name"))}}, width_));
        rule(line, {measure_.width(words_.text("lesson.name"), TextStyle::body) + 8, line.height - 2}, line_length + 60);
        add(std::move(line), paragraph_gap);
    }

    void keep_with_next() { strips_.back().with_next = true; }

    std::vector<SheetStrip> take() { return std::move(strips_); }

private:
    std::vector<Scene> flow(const std::vector<SheetSpan>& spans, float width) const {
        return flow_text(spans, width, measure_);
    }

    // A strip that is taller than a page is drawn smaller.
    void add(Scene scene, float above, bool with_next = false) {
        const float scale = scene.height > tallest_ ? tallest_ / scene.height : 1;
        strips_.push_back({std::move(scene), scale, above, with_next});
    }

    void add_heading(const SheetText& text, const FlowStyles& styles, float above) {
        add(stacked(flow_text(text.spans, width_, measure_, styles)), above, true);
    }

    // The first two and the last two lines stay together.
    void add_lines(std::vector<Scene> lines, float above, float indent) {
        for (std::size_t i = 0; i < lines.size(); ++i) {
            Scene moved;
            moved.append(lines[i], {indent, 0});
            add(std::move(moved), i == 0 ? above : 0, i + 1 < lines.size() && (i == 0 || i + 2 == lines.size()));
        }
    }

    void add_item(const SheetText& text) {
        const float indent = 8 + 18 * static_cast<float>(text.depth);
        std::vector<Scene> lines = flow(text.spans, width_ - indent - mark_room);
        Scene& first = lines.front();
        first.labels.push_back({{-mark_room + 6, (first.height - measure_.line_height(TextStyle::body)) / 2},
                                text.marker.empty() ? "•" : text.marker,
                                TextStyle::body,
                                Role::text});
        add_lines(std::move(lines), 3, indent + mark_room);
    }

    // With a bar at the left.
    void add_barred(std::vector<Scene> lines) {
        bool first = true;
        for (Scene& line : lines) {
            Scene barred;
            barred.append(line, {box_pad, 0});
            barred.boxes.push_back({.box = {0, 0, 3, line.height + 1}, .role = Role::text, .radius = 0, .hit = {}});
            add(std::move(barred), std::exchange(first, false) ? paragraph_gap : 0, true);
        }
        if (!lines.empty()) {
            strips_.back().with_next = false;
        }
    }

    Scene item_scene(const SheetItem& item, std::size_t number, float room) const {
        const bool right = item.mark == SheetItem::Mark::checked;
        const float indent = item.mark == SheetItem::Mark::none ? 0 : mark_room;
        const float line_room = item.line ? line_length + 8 : 0;
        const std::string text = item.line ? item.text + ":" : item.text;
        std::vector<Scene> lines = flow({{right ? SheetStyle::strong : SheetStyle::plain, text}}, room - indent - line_room);
        Scene scene = stacked(std::move(lines));
        Scene out;
        out.append(scene, {indent, 2});
        out.height = scene.height + 4;
        const float middle = 2 + measure_.line_height(TextStyle::body) * 1.35F / 2;
        if (item.mark == SheetItem::Mark::number) {
            out.labels.push_back({{0, middle - measure_.line_height(TextStyle::body) / 2},
                                  fmt::format("{}.", number),
                                  TextStyle::body,
                                  Role::text});
        } else if (item.mark != SheetItem::Mark::none) {
            constexpr float side = 13;
            const Box box{0.5F, middle - side / 2, side, side};
            out.boxes.push_back({.box = box, .outline = Role::text, .radius = 2, .filled = false, .outlined = true, .hit = {}});
            if (right) {
                out.links.push_back(
                    {{{box.x + 3, middle}, {box.x + 6, middle + 4}, {box.x + side + 2, middle - 8}}, Role::text});
                out.links.push_back(
                    {{{box.x + 3, middle + 1}, {box.x + 6, middle + 5}, {box.x + side + 2, middle - 7}}, Role::text});
            }
        }
        if (item.line) {
            const float x = room - line_length;
            const float y = out.height - 3;
            if (!item.line->empty()) {
                out.labels.push_back({{x + 4, y - measure_.line_height(TextStyle::strong) - 2},
                                      fit_text(*item.line, TextStyle::strong, line_length - 8, measure_),
                                      TextStyle::strong,
                                      Role::text});
            }
            rule(out, {x, y}, line_length);
        }
        return out;
    }

    Scene lines_to_write_on(std::size_t count, bool arrows) const {
        Scene scene;
        scene.height = 34;
        float x = 0;
        const float length = count == 1 ? line_length : short_line;
        for (std::size_t i = 0; i < count; ++i) {
            if (i > 0 && arrows) {
                scene.labels.push_back({{x, scene.height - 20}, "→", TextStyle::body, Role::text});
                x += measure_.width("→", TextStyle::body) + 8;
            }
            if (x > 0 && x + length > width_) {
                x = 0;
                scene.height += 34;
            }
            rule(scene, {x, scene.height - 5}, length);
            x += length + 8;
        }
        return scene;
    }

    float width_;
    float tallest_;
    const TextMeasure& measure_;
    const Messages& words_;
    std::vector<SheetStrip> strips_;
};

}  // namespace

std::vector<SheetStrip> sheet_strips(const Sheet& sheet, float width, float tallest, const TextMeasure& measure,
                                     const Messages& words) {
    StripMaker maker(width, tallest, measure, words);
    maker(SheetText{SheetTextKind::title, {{SheetStyle::plain, sheet.title}}, 0, {}});
    if (sheet.has_name) {
        maker.add_name();
    }
    for (std::size_t i = 0; i < sheet.parts.size(); ++i) {
        std::visit(maker, sheet.parts[i]);
        if (i + 1 < sheet.parts.size() && !std::holds_alternative<SheetText>(sheet.parts[i + 1])) {
            maker.keep_with_next();  // a question, and what it is about
        }
    }
    return maker.take();
}

}  // namespace procatlas
