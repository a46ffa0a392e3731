#include "core/layout/inside/layout_stack.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "core/layout/inside/layout_heap.h"
#include "tests/core/layout_support.h"

namespace procatlas {
namespace {

std::shared_ptr<const StackFrame> frame(const std::string& function, Address start, int value) {
    StackFrame made;
    made.function = function;
    made.file = "/src/x.c";
    made.line = 3;
    made.own = true;
    made.extent = {start, start + 48};
    made.variables = {{"n", "int", start + 8, 4, std::to_string(value), "", {}, true}};
    return std::make_shared<const StackFrame>(made);
}

// `depth` calls, the outermost at 0x7ffc00010000.
Stack deep(std::size_t depth) {
    Stack stack;
    for (std::size_t i = depth; i-- > 0;) {
        stack.frames.push_back(frame("f" + std::to_string(i), 0x7ffc'0001'0000 - i * 48, static_cast<int>(i)));
    }
    return stack;
}

const SceneLabel* label_with(const Scene& scene, const std::string& text) {
    const auto found =
        std::ranges::find_if(scene.labels, [&](const SceneLabel& l) { return l.text.find(text) != l.text.npos; });
    return found == scene.labels.end() ? nullptr : &*found;
}

Address lowest(const Stack& stack) {
    return stack.frames.front()->extent.start;
}

}  // namespace

TEST_CASE("frames do not move when a call pushes one below them, and the new one is marked as new") {
    const Messages words = words_of("en");
    const FixedMeasure measure;
    const Stack three = deep(3);
    const Stack four = deep(4);
    StackView view;
    view.before = &three;
    const Scene before = layout_stack(three, lowest(three), StackView{}, words, measure).scene;
    const Scene after = layout_stack(four, lowest(four), view, words, measure).scene;
    for (const char* name : {"f0()", "f1()", "f2()"}) {
        REQUIRE(label_with(before, name));
        REQUIRE(label_with(after, name));
        CHECK(label_with(before, name)->at.y == label_with(after, name)->at.y);
    }
    CHECK(label_with(after, "f3()")->at.y > label_with(after, "f2()")->at.y);
    CHECK(label_with(after, "f3()")->text.find("pushed") != std::string::npos);
    CHECK(label_with(after, "f2()")->text.find("pushed") == std::string::npos);
}

TEST_CASE("a value that changed since the previous moment is marked, with its old value") {
    Stack then = deep(2);
    Stack now = deep(2);
    now.frames.front() = frame("f1", now.frames.front()->extent.start, 77);
    StackView view;
    view.width = 800;
    view.before = &then;
    const Scene scene = layout_stack(now, lowest(now), view, words_of("en"), FixedMeasure()).scene;
    REQUIRE(label_with(scene, "77"));
    CHECK(label_with(scene, "77")->role == Role::accent);
    CHECK(label_with(scene, "was 1"));
    CHECK_FALSE(label_with(scene, "was 0"));
}

TEST_CASE("a recursion of 1,000 frames is folded, and both ends are readable") {
    const Stack stack = deep(1000);
    const Scene scene = layout_stack(stack, lowest(stack), StackView{}, words_of("en"), FixedMeasure()).scene;
    CHECK(label_with(scene, "f0()"));
    CHECK(label_with(scene, "f999()"));
    CHECK_FALSE(label_with(scene, "f500()"));
    REQUIRE(label_with(scene, "988 more frames"));
    CHECK(scene.height < 2000);
}

TEST_CASE("library frames share one line, and bytes below SP are shown as left over") {
    Stack stack = deep(1);
    StackFrame library;
    library.function = "__libc_start_main";
    stack.frames.push_back(std::make_shared<const StackFrame>(library));
    stack.bytes_start = lowest(stack) - 64;
    stack.bytes = std::string(64, '\xAB') + "above";
    const Scene scene = layout_stack(stack, lowest(stack), StackView{}, words_of("en"), FixedMeasure()).scene;
    CHECK(label_with(scene, "library: __libc_start_main"));
    CHECK(label_with(scene, "ab ab ab"));
    CHECK(label_with(scene, "left behind"));
}

TEST_CASE("frames of a library that was compiled into the program share a line too, but for the innermost, which is marked") {
    Stack stack = deep(4);  // f3 is the innermost
    for (const std::size_t of_library : {0, 2}) {
        StackFrame frame = *stack.frames[of_library];
        frame.library = true;
        stack.frames[of_library] = std::make_shared<const StackFrame>(std::move(frame));
    }
    const std::string innermost = stack.frames[0]->function;
    const std::string between = stack.frames[2]->function;
    const Scene scene = layout_stack(stack, lowest(stack), StackView{}, words_of("en"), FixedMeasure()).scene;
    CHECK(label_with(scene, innermost + "()  · library"));
    CHECK(label_with(scene, "library: " + between));
    CHECK_FALSE(label_with(scene, between + "()"));
    CHECK(label_with(scene, stack.frames[1]->function + "()"));
}

TEST_CASE("a frame of an optimised function says so") {
    Stack stack = deep(2);
    StackFrame frame = *stack.frames[0];
    frame.optimised = true;
    stack.frames[0] = std::make_shared<const StackFrame>(frame);
    const Scene scene = layout_stack(stack, lowest(stack), StackView{}, words_of("en"), FixedMeasure()).scene;
    CHECK(label_with(scene, frame.function + "()  · optimised"));
    CHECK_FALSE(label_with(scene, stack.frames[1]->function + "()  · optimised"));
}

TEST_CASE("a block is unreachable if neither a variable nor a reachable block points to it") {
    Heap heap;
    heap.chunks = {{0x1000, 32, ChunkState::in_use, {0x1030}},
                   {0x1020, 32, ChunkState::in_use, {}},
                   {0x1040, 32, ChunkState::in_use, {0x1050}},
                   {0x1060, 32, ChunkState::free, {}},
                   {0x1080, 4096, ChunkState::top, {}}};
    const std::vector<Address> roots = {0x1010};
    CHECK(reachable_chunks(heap, roots) == std::vector<bool>{true, true, false, false, false});
    const HeapScene scene = layout_heap(heap, roots, HeapView{}, words_of("en"), FixedMeasure());
    const auto unreachable = std::ranges::count_if(
        scene.scene.labels, [](const SceneLabel& l) { return l.text.find("unreachable") != l.text.npos; });
    CHECK(unreachable == 1);
    REQUIRE(scene.place_of(0x1045));
    CHECK(scene.place_of(0x1045)->range.start == 0x1040);
}

TEST_CASE("a heap of thousands of blocks is folded, and says how many it leaves out") {
    Heap heap;
    for (Address at = 0; at < 5000; ++at) {
        heap.chunks.push_back({0x10000 + at * 32, 32, at % 3 == 0 ? ChunkState::free : ChunkState::in_use, {}});
    }
    const HeapScene scene = layout_heap(heap, {}, HeapView{}, words_of("en"), FixedMeasure());
    CHECK(scene.places.size() == HeapView{}.most_chunks);
    CHECK(label_with(scene.scene, "more blocks"));
}

}  // namespace procatlas
