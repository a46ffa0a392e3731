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
