#include "core/layout/tree/layout_tree.h"
#include "core/narrate/process_state.h"

#include <algorithm>

#include "layout_support.h"
#include "tests/support/apply_observed.h"

using namespace procatlas;

namespace {

World family_at_end() {
    World world;
    apply(world, event_of(10, StartEvent{9, {"sh"}, "/"}));
    apply(world, event_of(10, ExecEvent{.path = "/bin/sh", .arguments = {"sh"}}));
    apply(world, event_of(10, fork_of(10, 11)));
    apply(world, event_of(11, fork_of(11, 12)));
    apply(world, event_of(10, fork_of(10, 13)));
    apply(world, event_of(12, ExecEvent{.path = "/usr/bin/python3", .arguments = {"python3"}}));
    apply(world, event_of(11, ExitEvent{.code = 3, .signal = {}}));
    apply(world, event_of(12, ReparentEvent{11, 9, true}));
    apply(world, event_of(13, ExitEvent{.code = {}, .signal = 11}));
    ReapEvent reap;
    reap.child = {13, 13};
    apply(world, event_of(10, reap));
    return world;
}

std::string all_text(const Scene& scene) {
    std::string text;
    for (const SceneLabel& label : scene.labels) {
        text += label.text + "\n";
    }
    return text;
}

}  // namespace

TEST_CASE("children stand below and to the right of their parent, in order of birth") {
    const TreeScene tree = layout_tree(family_at_end(), {}, words_of("en"), FixedMeasure());
    CHECK(tree.order == std::vector<std::size_t>{0, 1, 2, 3});
    CHECK(tree.cards[1].x > tree.cards[0].x);
    CHECK(tree.cards[2].x > tree.cards[1].x);
    CHECK(tree.cards[3].x == tree.cards[1].x);
    for (std::size_t i = 1; i < tree.order.size(); ++i) {
        CHECK(tree.cards[tree.order[i]].y >= tree.cards[tree.order[i - 1]].bottom());
    }
}

TEST_CASE("processes that are gone, zombies and orphans differ in words and shape") {
    const World world = family_at_end();
    const TreeScene tree = layout_tree(world, {}, words_of("en"), FixedMeasure());
    const std::string text = all_text(tree.scene);
    CHECK(text.find("zombie") != std::string::npos);
    CHECK(text.find("SIGSEGV") != std::string::npos);
    CHECK(text.find("orphan") != std::string::npos);
    CHECK(text.find("python3 ← sh") != std::string::npos);
    CHECK(state_shape(world.processes[1]) == MarkShape::ring);
    CHECK(state_shape(world.processes[3]) == MarkShape::cross);
    for (const SceneBox& box : tree.scene.boxes) {
        CHECK((!box.outlined || box.dashed == !world.processes[box.hit.process].alive()));
    }
}

TEST_CASE(
    "where a card has no room for the program before an exec, it names its program alone, and is pointed at for the rest") {
    const World world = family_at_end();
    TreeView view;
    view.card_width = 120;
    const TreeScene tree = layout_tree(world, view, words_of("en"), FixedMeasure());
    const auto named = std::ranges::find(tree.scene.labels, std::string_view("python3 ← sh"), &SceneLabel::whole);
    REQUIRE(named != tree.scene.labels.end());
    CHECK(std::string_view("python3").starts_with(named->text.substr(0, named->text.find("…"))));
}

TEST_CASE("text stays inside its card") {
    const FixedMeasure measure;
    for (const char* language : {"en", "ko"}) {
        const TreeScene tree = layout_tree(family_at_end(), {}, words_of(language), measure);
        for (const SceneLabel& label : tree.scene.labels) {
            const Hit hit = tree.scene.hit_at({label.at.x, label.at.y + 1});
            if (hit.kind == HitKind::process) {
                CHECK(tree.scene.hit_at({label.at.x + measure.width(label.text, label.style) - 1, label.at.y + 14}) == hit);
            }
        }
    }
}

TEST_CASE("the word beside a line ends before the child's card, and a vfork's parent is shown as waiting") {
    World world;
    apply(world, event_of(10, StartEvent{9, {"sh"}, "/"}));
    ForkEvent vfork = fork_of(10, 11);
    vfork.kind = ForkKind::vfork;
    apply(world, event_of(10, vfork));
    apply(world, event_of(11, fork_of(11, 12)));
    const FixedMeasure measure;
    const Messages words = words_of("en");
    const TreeScene tree = layout_tree(world, {}, words, measure);
    CHECK(state_text(world.processes[0], words) == words.format("state.waits_for", 11));
    CHECK(all_text(tree.scene).find(words.format("state.waits_for_name", "C1")) != std::string::npos);
    const auto right_of = [&](std::string_view key) {
        const auto label = std::ranges::find(tree.scene.labels, words.text(key), &SceneLabel::text);
        REQUIRE(label != tree.scene.labels.end());
        return label->at.x + measure.width(label->text, label->style);
    };
    CHECK(right_of("tree.vfork") + 2 <= tree.cards[1].x);
    CHECK(right_of("tree.fork") + 2 <= tree.cards[2].x);
}

TEST_CASE("three generations fit a narrow panel, each with its name and PID") {
    const World world = family_at_end();
    const FixedMeasure measure;
    for (const float width : {150.0F, 200.0F, 240.0F, 320.0F}) {
        TreeView view;
        view.width = width;
        const TreeScene tree = layout_tree(world, view, words_of("en"), measure);
        CHECK(tree.scene.width <= std::max(width, 200.0F));
        for (const std::size_t index : tree.order) {
            const std::string pid = std::to_string(world.processes[index].key.pid);
            const auto label = std::ranges::find(tree.scene.labels, pid, &SceneLabel::text);
            REQUIRE(label != tree.scene.labels.end());
            CHECK(label->at.x + measure.width(pid, TextStyle::strong) <= tree.cards[index].right());
        }
    }
}

TEST_CASE("a chain of thousands of processes is laid out without running out of stack") {
    World world;
    apply(world, event_of(1, StartEvent{0, {"a"}, "/"}));
    for (std::int32_t pid = 2; pid <= 5000; ++pid) {
        apply(world, event_of(pid - 1, fork_of(pid - 1, pid)));
    }
    const TreeScene tree = layout_tree(world, {}, words_of("en"), FixedMeasure());
    CHECK(tree.order.size() == 5000);
    CHECK(tree.scene.width < 10000);
}

TEST_CASE("the ancestors of the first process stand above it from PID 1 down, pale, and never push it far down") {
    World world = family_at_end();
    world.ancestors = {{9, "procatlas-observer", false}, {8, "procatlas", false}, {7, "bash", true}, {1, "init", true}};
    const float alone = layout_tree(world, {}, words_of("en"), FixedMeasure()).cards[0].y;
    TreeView view;
    view.ancestor_rows = 5;
    const TreeScene tree = layout_tree(world, view, words_of("en"), FixedMeasure());
    const std::string text = all_text(tree.scene);
    const auto at = [&](const char* what) {
        const auto found = text.find(what);
        REQUIRE(found != std::string::npos);
        return found;
    };
    CHECK(at("init 1 ") < at("bash 7 · session"));
    CHECK(at("bash 7 ") < at("procatlas 8"));
    CHECK(at("procatlas 8") < at("procatlas-observer 9"));
    CHECK(tree.cards[0].y > alone);
    for (const SceneLabel& label : tree.scene.labels) {
        if (label.text.starts_with("bash 7")) {
            CHECK(label.role == Role::muted);
        }
    }

    const float few = tree.cards[0].y;
    for (std::int32_t i = 0; i < 40; ++i) {
        world.ancestors.insert(world.ancestors.begin() + 3, Ancestor{100 + i, "sh", false});
    }
    const TreeScene many = layout_tree(world, view, words_of("en"), FixedMeasure());
    CHECK(many.cards[0].y < few + 40);
    CHECK(all_text(many.scene).find("… 40 between") != std::string::npos);
    CHECK(all_text(many.scene).find("init 1") != std::string::npos);
    CHECK(all_text(many.scene).find("bash 7") != std::string::npos);

    view.ancestor_rows = 2;  // a low panel
    const TreeScene low = layout_tree(world, view, words_of("en"), FixedMeasure());
    CHECK(low.cards[0].y < many.cards[0].y - 40);
    CHECK(all_text(low.scene).find("init 1 … 42 between") != std::string::npos);
    CHECK(all_text(low.scene).find("procatlas-observer 9") != std::string::npos);

    view.ancestor_rows = 1;  // beside a lesson
    const TreeScene least = layout_tree(world, view, words_of("en"), FixedMeasure());
    CHECK(least.cards[0].y < low.cards[0].y);
    CHECK(all_text(least.scene).find("procatlas-observer 9") != std::string::npos);
    CHECK(all_text(least.scene).find("init 1") == std::string::npos);
}
