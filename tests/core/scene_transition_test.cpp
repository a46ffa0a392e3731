#include "core/scene/transition.h"

#include <doctest/doctest.h>

#include <algorithm>

using namespace procatlas;

namespace {

constexpr float before_words = 0.2F;

// One group per process, in a column of its own, each with one box and one label.
Scene scene_of(std::initializer_list<SceneGroup> groups, std::uint64_t salt = 0) {
    Scene scene;
    scene.width = 600;
    scene.height = 400;
    for (const SceneGroup& group : groups) {
        scene.groups.push_back(group);
        scene.parts.push_back({group.process * 100 + group.era + salt, scene.groups.size() - 1});
        const auto part = static_cast<std::uint32_t>(scene.parts.size());
        scene.boxes.push_back({.box = group.box, .hit = {HitKind::region, group.process, 16}, .part = part});
        scene.labels.push_back({.at = {group.box.x, group.box.y}, .text = std::to_string(group.process), .part = part});
    }
    return scene;
}

const Box parent_box{0, 40, 200, 300};
const Box child_box{300, 40, 200, 300};
const SceneGroup parent{0, 0, std::nullopt, parent_box};
const SceneGroup child{1, 0, 0, child_box};

}  // namespace

TEST_CASE("a child slides out of its parent, behind it, and its words come when there is room for them") {
    const Scene from = scene_of({parent});
    const Scene to = scene_of({parent, child});
    const Scene early = scene_between(from, to, 0.1F);
    REQUIRE(early.boxes.size() == 2);
    CHECK(early.boxes.front().box.x < 40);  // below the parent's, which is drawn after it
    CHECK(early.boxes.back().box.x == parent_box.x);
    CHECK(early.labels.size() == 1);
    const Scene late = scene_between(from, to, 0.95F);
    CHECK(late.boxes.front().box.x > 280);
    CHECK(late.labels.size() == 2);
    CHECK(scene_between(from, to, 1).boxes.back().box.x == child_box.x);
}

TEST_CASE("stepping back, it slides into its parent, and nothing of it can be clicked any more") {
    const Scene made = scene_between(scene_of({parent, child}), scene_of({parent}), 0.9F);
    REQUIRE(made.boxes.size() == 2);
    CHECK(made.boxes.front().box.x < 30);
    CHECK(made.boxes.front().hit.kind == HitKind::none);
}

TEST_CASE("what a process had before an exec falls, what it has now grows, and its place stays") {
    SceneGroup other = parent;
    other.era = 1;
    const Scene made = scene_between(scene_of({parent}), scene_of({other}), 0.5F);
    REQUIRE(made.boxes.size() == 2);
    CHECK(made.boxes[0].box.y == parent_box.y);
    CHECK(made.boxes[0].box.height == doctest::Approx(parent_box.height / 2));
    CHECK(made.boxes[1].box.y > parent_box.y);
    CHECK(made.boxes[1].box.x == parent_box.x);
}

TEST_CASE("what both scenes have moves and grows from one place to the other") {
    SceneGroup grown = parent;
    grown.box.height = 500;
    const Scene from = scene_of({parent});
    const Scene to = scene_of({grown});
    float last = parent_box.height;
    for (const float progress : {before_words, 0.5F, 0.8F, 1.0F}) {
        const float height = scene_between(from, to, progress).boxes.front().box.height;
        CHECK(height > last);
        last = height;
    }
    CHECK(last == 500);
}

TEST_CASE("scenes without parts, as of other views, change at once") {
    Scene plain;
    plain.boxes.push_back({.box = child_box, .hit = {}});
    CHECK(scene_between(scene_of({parent}), plain, 0.1F).boxes.front().box.x == child_box.x);
}

TEST_CASE("what stands between the groups waits until they have come to their places, and stays where none moves") {
    const auto with_bridge = [](Scene scene) {
        scene.boxes.push_back({.box = {210, 100, 80, 20}, .hit = {}});
        return scene;
    };
    const Scene from = with_bridge(scene_of({parent}));
    const Scene to = with_bridge(scene_of({parent, child}));
    const auto bridges = [](const Scene& scene) { return std::ranges::count(scene.boxes, 0U, &SceneBox::part); };
    CHECK(bridges(scene_between(from, to, 0.5F)) == 0);
    CHECK(bridges(scene_between(from, to, 0.97F)) == 1);
    CHECK(bridges(scene_between(to, to, 0.1F)) == 1);
}
