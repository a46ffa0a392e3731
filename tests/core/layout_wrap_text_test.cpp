#include "core/scene/wrap_text.h"

#include "layout_support.h"

using namespace procatlas;

using Lines = std::vector<std::string>;

TEST_CASE("a text is broken at spaces, and a long word inside") {
    const FixedMeasure measure;  // 7 each
    const auto wrap = [&](std::string_view text) { return wrap_text(text, TextStyle::body, 70, measure); };
    CHECK(wrap("").empty());
    CHECK(wrap("short") == Lines{"short"});
    CHECK(wrap("0123456789") == Lines{"0123456789"});
    CHECK(wrap("0123456789 next") == Lines{"0123456789", "next"});
    CHECK(wrap("one two three four") == Lines{"one two", "three four"});
    CHECK(wrap("0123456789abc d") == Lines{"0123456789", "abc d"});
    CHECK(wrap("힙힙힙힙힙 힙힙") == Lines{"힙힙힙힙힙", "힙힙"});
    CHECK(wrap("  indented text") == Lines{"  indented", "text"});
}

TEST_CASE("a line narrower than any character takes one") {
    CHECK(wrap_text("힙ab", TextStyle::body, 1, FixedMeasure()) == Lines{"힙", "a", "b"});
}

TEST_CASE("a text of any length is cut to some lines, and only what is shown is measured") {
    class CountingMeasure : public TextMeasure {
    public:
        [[nodiscard]] float width(std::string_view text, TextStyle style) const override {
            measured += text.size();
            return fixed_.width(text, style);
        }
        [[nodiscard]] float line_height(TextStyle style) const override { return fixed_.line_height(style); }
        mutable std::size_t measured = 0;

    private:
        FixedMeasure fixed_;
    };
    for (const std::string& text : {std::string(1'000'000, 'x'), std::string(1'000'000, ' ') + "x", [] {
                                        std::string words;
                                        while (words.size() < 1'000'000) {
                                            words += "word ";
                                        }
                                        return words;
                                    }()}) {
        const CountingMeasure measure;
        const Lines lines = wrap_text(text, TextStyle::body, 700, measure, 5);
        REQUIRE(lines.size() <= 5);
        CHECK(lines.size() == (text.front() == ' ' ? 2 : 5));
        CHECK(lines.back().ends_with("…") == (lines.size() == 5));
        CHECK(fit_text(text, TextStyle::body, 700, measure).size() <= 102);
        CHECK(measure.measured < 20'000);
    }
    CHECK(wrap_text(std::string(1'000'000, 'x'), TextStyle::body, 1, FixedMeasure()).size() == most_lines_of_a_text);
}

TEST_CASE("a text is shortened to what fits with the three dots") {
    const FixedMeasure measure;
    CHECK(fit_text("0123456789", TextStyle::body, 70, measure) == "0123456789");
    CHECK(fit_text("0123456789a", TextStyle::body, 70, measure) == "012345678…");
    CHECK(fit_text("힙힙힙", TextStyle::body, 21, measure) == "힙…");
    CHECK(fit_text("힙힙힙", TextStyle::body, 7, measure).empty());
}

TEST_CASE("a scene added to a scene moves as a whole, and its extent covers everything drawn") {
    Scene part;
    part.width = 20;
    part.height = 10;
    part.boxes.push_back({.box = {1, 2, 5, 5}, .hit = {}});
    part.links.push_back({{{0, 0}, {8, 9}}});
    part.marks.push_back({{3, 3}, 2});
    part.labels.push_back({{2, 2}, "abc"});
    Scene whole;
    whole.append(part, {100, 50});
    CHECK(whole.boxes[0].box.x == 101);
    CHECK(whole.links[0].points[1].y == 59);
    CHECK(whole.marks[0].centre.x == 103);
    CHECK(whole.labels[0].at.y == 52);
    CHECK(whole.width == 120);
    CHECK(whole.height == 60);
    const Box extent = extent_of(whole, FixedMeasure());
    CHECK(extent.x == 100);
    CHECK(extent.y == 50);
    CHECK(extent.right() == 123);
    CHECK(extent.bottom() == 67);
    CHECK(extent_of({}, FixedMeasure()).width == 0);
}
