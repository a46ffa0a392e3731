// What `draw_scene` draws for a scene: a canvas notes all that it is asked to draw. Also, which part of a scene a screen
// needs (`seen_part`).
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "core/scene/draw_scene.h"
#include "core/scene/hatch.h"
#include "core/scene/seen_part.h"

namespace {

using namespace procatlas;

class EqualLetters final : public TextMeasure {
public:
    [[nodiscard]] float width(std::string_view text, TextStyle) const override { return static_cast<float>(text.size()) * 7; }
    [[nodiscard]] float line_height(TextStyle) const override { return 16; }
};

struct Drawn {
    std::string what;
    Box box;
    Colour colour;
    Pen pen;
};

class WritingCanvas final : public Canvas {
public:
    explicit WritingCanvas(float grid = 1) : grid_(grid) {}
    [[nodiscard]] float grid() const override { return grid_; }
    void fill(const Box& box, float, Colour colour) override { drawn.push_back({"fill", box, colour, {}}); }
    void hatch(const Box& box, float, Hatch, Colour colour) override { drawn.push_back({"hatch", box, colour, {}}); }
    void outline(const Box& box, float, const Pen& pen) override { drawn.push_back({"outline", box, pen.colour, pen}); }
    void line(std::span<const Point> points, const Pen& pen) override {
        drawn.push_back({"line", {points.front().x, points.front().y, 0, 0}, pen.colour, pen});
    }
    void disc(Point c, float r, Colour colour) override { drawn.push_back({"disc", {c.x, c.y, r, r}, colour, {}}); }
    void arc(Point c, float r, float, float, const Pen& pen) override {
        drawn.push_back({"arc", {c.x, c.y, r, r}, pen.colour, pen});
    }
    void text(const SceneLabel& label, Colour colour) override { drawn.push_back({"text " + label.text, {}, colour, {}}); }

    std::vector<Drawn> drawn;

private:
    float grid_;
};

std::vector<Drawn> draw(const Scene& scene, Theme theme = Theme::light, Hit hovered = {}, float grid = 1) {
    WritingCanvas canvas(grid);
    const EqualLetters measure;
    draw_scene(scene, {palette(theme), measure, hovered}, canvas);
    return canvas.drawn;
}

SceneBox heap_box(Box place) {
    SceneBox box;
    box.box = place;
    box.role = Role::heap;
    return box;
}

}  // namespace

TEST_CASE("draw_scene draws selected boxes over links, and texts over everything") {
    Scene scene;
    SceneBox selected = heap_box({0, 0, 10, 10});
    selected.selected = true;
    scene.boxes = {selected, heap_box({0, 20, 10, 10})};
    scene.links = {{{{0, 5}, {30, 5}}, Role::link}};
    scene.labels = {{{0, 0}, "heap"}};
    std::vector<std::string> order;
    for (const Drawn& d : draw(scene)) {
        order.push_back(d.what);
    }
    CHECK(order == std::vector<std::string>{"fill", "line", "fill", "outline", "text heap"});
}

TEST_CASE("draw_scene lights up what the pointer is over, and only that") {
    Scene scene;
    scene.boxes = {heap_box({0, 0, 10, 10}), heap_box({0, 20, 10, 10})};
    scene.boxes[0].hit = {HitKind::region, 1, 0x1000};
    scene.boxes[1].hit = {HitKind::region, 1, 0x2000};
    CHECK(draw(scene).size() == 2);
    const auto drawn = draw(scene, Theme::light, {HitKind::region, 1, 0x2000});
    REQUIRE(drawn.size() == 3);
    CHECK(drawn[2].box.y == 20);
    CHECK(drawn[2].colour.alpha < 60);
}

TEST_CASE("draw_scene puts edges on the canvas's grid") {
    Scene scene;
    scene.boxes = {heap_box({0.3F, 0.3F, 10, 10})};
    CHECK(draw(scene)[0].box.x == 0);
    CHECK(draw(scene, Theme::light, {}, 0.5F)[0].box.x == 0.5F);
}

TEST_CASE("draw_scene draws ended processes pale, and on paper without a fill") {
    Scene scene;
    scene.boxes = {heap_box({0, 0, 10, 10})};
    scene.boxes[0].pale = true;
    scene.boxes[0].dashed = true;
    const auto light = draw(scene);
    REQUIRE(light.size() == 2);
    CHECK(light[0].colour.alpha < 100);
    CHECK(light[1].pen.stroke == Stroke::dashed);
    const auto print = draw(scene, Theme::print);
    CHECK(std::ranges::none_of(print, [](const Drawn& d) { return d.what == "fill"; }));
}

TEST_CASE("draw_scene gives each kind of region a hatch on paper") {
    Scene scene;
    scene.boxes = {heap_box({0, 0, 10, 10})};
    const auto hatched = [](const Drawn& d) { return d.what == "hatch"; };
    CHECK(std::ranges::none_of(draw(scene), hatched));
    CHECK(std::ranges::any_of(draw(scene, Theme::print), hatched));
}

TEST_CASE("draw_picture stands on the panel's colour, as large as the scene") {
    Scene scene;
    scene.width = 40;
    scene.height = 30;
    WritingCanvas canvas;
    const EqualLetters measure;
    draw_picture(scene, {palette(Theme::dark), measure}, canvas);
    REQUIRE(canvas.drawn.size() == 1);
    CHECK(canvas.drawn[0].box.width == 40);
    CHECK(canvas.drawn[0].colour.red == palette(Theme::dark).panel.red);
}

TEST_CASE("seen_part keeps what overlaps the screen") {
    Scene scene;
    scene.boxes = {heap_box({0, 0, 10, 10}), heap_box({0, 500, 10, 10})};
    scene.links = {{{{0, 0}, {0, 900}}, Role::link}, {{{0, 800}, {0, 900}}, Role::link}, {}};
    scene.marks = {{{5, 5}}, {{5, 700}}};
    scene.labels = {{{0, 0}, "seen"}, {{0, 700}, "not seen"}};
    const Scene seen = seen_part(scene, {0, 0, 100, 100}, 1);
    CHECK(seen.boxes.size() == 1);
    CHECK(seen.links.size() == 2);  // an empty one is harmless
    CHECK(seen.marks.size() == 1);
    REQUIRE(seen.labels.size() == 1);
    CHECK(seen.labels[0].text == "seen");
}

TEST_CASE("seen_part keeps no more rows than the screen has, and none twice") {
    Scene scene;
    constexpr int count = 100'000;
    for (int i = 0; i < count; ++i) {
        scene.boxes.push_back(heap_box({0, static_cast<float>(i) * 0.01F, 50, 0.01F}));
    }
    const Box screen{0, 0, 100, 1000};
    CHECK(seen_part(scene, screen, 1).boxes.size() <= 1100);
    CHECK(seen_part(scene, screen, 1).boxes.size() >= 450);
    scene.boxes[5].selected = true;  // is never merged away
    const Scene seen = seen_part(scene, screen, 1);
    CHECK(std::ranges::any_of(seen.boxes, &SceneBox::selected));
}

TEST_CASE("the hatches of neighbouring boxes meet") {
    const HatchShape shape = hatch_shape(Hatch::rising);
    const auto ends = [](const std::vector<std::pair<Point, Point>>& lines) {
        std::vector<int> sums;
        for (const auto& [from, to] : lines) {
            sums.push_back(static_cast<int>(std::round((from.x + from.y) * 100)));
        }
        return sums;
    };
    const auto left = ends(hatch_lines({0, 0, 40, 40}, shape));
    const auto right = ends(hatch_lines({40, 0, 40, 40}, shape));
    REQUIRE(!left.empty());
    const bool meet = std::ranges::any_of(right, [&](int sum) { return std::ranges::find(left, sum) != left.end(); });
    CHECK(meet);
    CHECK(hatch_dots({0, 0, 40, 40}, shape).empty());
    CHECK(!hatch_dots({0, 0, 40, 40}, hatch_shape(Hatch::dots)).empty());
}
