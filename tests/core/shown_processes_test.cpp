// What is folded and filtered away is away in tree, timeline and columns alike.
#include "core/layout/processes/shown_processes.h"

#include <algorithm>

#include "core/layout/timeline/layout_timeline.h"
#include "core/layout/tree/layout_tree.h"
#include "tests/core/layout_support.h"

using namespace procatlas;

namespace {

// 10 sh -> 11 ls (ended), 12 python3 -> 13 resource_tracker, 14 forkserver -> 15 (its child, with the same words), 16
Recording company() {
    Recording recording;
    const auto add = [&](std::int32_t pid, EventDetail detail) { recording.append(event_of(pid, std::move(detail))); };
    const auto runs = [&](std::int32_t pid, std::string path, std::vector<std::string> words) {
        add(pid, ExecEvent{.path = std::move(path), .arguments = std::move(words)});
    };
    add(10, StartEvent{9, {"sh"}, "/"});
    runs(10, "/bin/sh", {"sh"});
    add(10, fork_of(10, 11));
    runs(11, "/bin/ls", {"ls"});
    add(10, fork_of(10, 12));
    runs(12, "/usr/bin/python3", {"python3", "Mine.py"});
    add(12, fork_of(12, 13));
    runs(13, "/usr/bin/python3", {"python3", "-c", "from multiprocessing.resource_tracker import main;main(5)"});
    add(12, fork_of(12, 14));
    runs(14, "/usr/bin/python3", {"python3", "-c", "from multiprocessing.forkserver import main; main(6)"});
    add(14, fork_of(14, 15));
    add(12, fork_of(12, 16));
    add(11, ExitEvent{.code = 0, .signal = {}});
    return recording;
}

using Indices = std::vector<std::size_t>;

// The order of tree, lanes and columns.
void check_alike(const Recording& recording, const ProcessChoice& choice, const Indices& right) {
    const World& world = recording.last_world();
    const ShownProcesses processes(world, world, choice);
    CHECK(processes.order() == right);
    CHECK(first_and_youngest(processes, 100) == right);
    TreeView tree;
    tree.choice = choice;
    Indices cards = layout_tree(world, tree, words_of("en"), FixedMeasure()).order;
    std::ranges::sort(cards);
    CHECK(cards == right);
    ProcessLanes lanes;
    lanes.follow(recording);
    TimelineView view;
    view.count = 20;
    view.choice = choice;
    const auto timeline = layout_timeline(recording, world, lanes.lanes(), view, words_of("en"), FixedMeasure());
    CHECK(timeline.processes.order() == right);
    for (std::size_t i = 0; i < world.processes.size(); ++i) {
        CHECK(says(timeline.body, std::to_string(world.processes[i].key.pid)) == std::ranges::binary_search(right, i));
    }
}

}  // namespace

TEST_CASE("helpers of multiprocessing are folded until they are asked for, but not one that has children: it is their parent") {
    const Recording recording = company();
    check_alike(recording, {}, {0, 1, 2, 4, 5, 6});
    check_alike(recording, {.helpers_open = true}, {0, 1, 2, 3, 4, 5, 6});
    const World& world = recording.last_world();
    const TreeScene tree = layout_tree(world, {}, words_of("en"), FixedMeasure());
    CHECK(says(tree.scene, "▸ helpers: 1 process"));
    CHECK(ShownProcesses(world, world, {}).shown_parent(5) == 4u);
    CHECK(tree.cards[4].x == tree.cards[6].x);  // both below 12
    CHECK(tree.cards[5].x > tree.cards[4].x);   // below the fork server
    TreeView open;
    open.choice.helpers_open = true;
    CHECK(says(layout_tree(world, open, words_of("en"), FixedMeasure()).scene, "▾ helpers"));
}

TEST_CASE("any subtree folds and unfolds, whatever else is folded in it") {
    const Recording recording = company();
    ProcessChoice choice;
    toggle_fold(choice, 2);
    check_alike(recording, choice, {0, 1, 2});
    TreeView view;
    view.choice = choice;
    const TreeScene tree = layout_tree(recording.last_world(), view, words_of("en"), FixedMeasure());
    CHECK(says(tree.scene, "▸ folded: 4 processes"));
    const auto row =
        std::ranges::find_if(tree.scene.boxes, [](const SceneBox& box) { return box.hit.kind == HitKind::subtree; });
    REQUIRE(row != tree.scene.boxes.end());
    CHECK(row->hit.process == 2);
    toggle_fold(choice, 0);
    check_alike(recording, choice, {0});
    toggle_fold(choice, 0);
    toggle_fold(choice, 2);
    CHECK(choice == ProcessChoice{});
}

TEST_CASE("processes are filtered by a part of their program's name, and by their state at the shown moment") {
    const Recording recording = company();
    check_alike(recording, {.program = "MINE"}, {2, 6});
    check_alike(recording, {.state = StateFilter::ended}, {1});
    check_alike(recording, {.program = "py", .state = StateFilter::alive}, {2, 6});
    check_alike(recording, {.program = "none"}, {});
    const World before = recording.world_at(4);  // 11 has not ended, 13 to 16 are not born
    const ShownProcesses alive(recording.last_world(), before, {.state = StateFilter::alive});
    CHECK(alive.order() == Indices{0, 1, 2});
    CHECK(ShownProcesses(recording.last_world(), before, {.program = "sh"}).order() == Indices{0, 2});  // 12 is still sh
}

TEST_CASE("a fold mark is at each card that has children, where the view folds") {
    const Recording recording = company();
    TreeView view;
    view.folds = true;
    view.choice.helpers_open = true;
    const TreeScene tree = layout_tree(recording.last_world(), view, words_of("en"), FixedMeasure());
    Indices marked;
    for (const SceneBox& box : tree.scene.boxes) {
        if (box.hit.kind == HitKind::subtree) {
            marked.push_back(box.hit.process);
        }
    }
    std::ranges::sort(marked);
    CHECK(marked == Indices{0, 2, 4});
}
