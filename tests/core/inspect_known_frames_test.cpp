// What the reader does not send again, and what its client makes of it.
#include <doctest/doctest.h>

#include <memory>
#include <string>
#include <vector>

#include "core/inspect/client/known_frames.h"
#include "core/inspect/client/reader_protocol.h"
#include "core/stream/frame.h"

using namespace procatlas;

namespace {

using Frames = std::vector<std::shared_ptr<const StackFrame>>;

std::shared_ptr<const StackFrame> known_frame_named(const std::string& name) {
    StackFrame frame;
    frame.function = name;
    return std::make_shared<const StackFrame>(std::move(frame));
}

Inside inside_with(Frames frames) {
    Stack stack;
    stack.frames = std::move(frames);
    Inside inside;
    inside.stack = std::make_shared<const Stack>(std::move(stack));
    return inside;
}

// As it comes through the pipe.
Inside sent(const Inside& inside) {
    FrameBuffer buffer;
    buffer.append(encode_answer(ReaderAnswer(inside)));
    const auto frame = buffer.next();
    REQUIRE(frame);
    REQUIRE(*frame);
    auto answer = parse_answer(**frame);
    REQUIRE(answer);
    return std::get<Inside>(*answer);
}

}  // namespace

TEST_CASE("frames that stay are sent once for each thread, and the client has them all") {
    const auto main = known_frame_named("main");
    const auto f = known_frame_named("f");
    KnownFrames reader;
    KnownFrames client;
    for (const Frames& frames : {Frames{f, main}, Frames{known_frame_named("g"), f, main}, Frames{f, main},
                                 Frames{known_frame_named("f2"), main}, Frames{}, Frames{main}}) {
        for (const pid_t thread : {1, 2}) {
            const Inside whole = inside_with(frames);
            Inside inside = whole;
            reader.shorten(thread, inside);
            inside = sent(inside);
            REQUIRE(client.restore(thread, inside));
            CHECK(inside == whole);
        }
    }
    Inside again = inside_with({main});
    reader.shorten(1, again);
    CHECK(again.stack->frames.front() == nullptr);
}

TEST_CASE("an answer that refers to a frame that was never sent is refused") {
    KnownFrames client;
    Inside inside = inside_with({known_frame_named("f"), nullptr});
    CHECK_FALSE(client.restore(1, inside));
    Inside first = inside_with({known_frame_named("main")});
    REQUIRE(client.restore(1, first));
    Inside deeper = inside_with({nullptr, nullptr});
    CHECK_FALSE(client.restore(1, deeper));
}

TEST_CASE("with many threads both sides forget at the same time") {
    KnownFrames reader;
    KnownFrames client;
    for (int round = 0; round < 3; ++round) {
        for (pid_t thread = 1; thread < 200; thread += 1 + round) {
            const Inside whole = inside_with({known_frame_named("f"), known_frame_named("main")});
            Inside inside = whole;
            reader.shorten(thread, inside);
            inside = sent(inside);
            REQUIRE(client.restore(thread, inside));
            CHECK(inside == whole);
        }
    }
}
