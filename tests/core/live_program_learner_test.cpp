// The questions about programs: each source file once, and each function once while the same program runs.
#include "core/live/program_learner.h"

#include <doctest/doctest.h>

#include <utility>

using namespace procatlas;

namespace {

Stack stack_at(Address counter, const std::string& file) {
    StackFrame frame;
    frame.function = "f";
    frame.file = file;
    frame.line = 1;
    frame.own = true;
    frame.program_counter = counter;
    Stack stack;
    stack.frames = {std::make_shared<const StackFrame>(std::move(frame))};
    return stack;
}

ReaderReply code_of(const ReaderRequest& question, Address start, std::size_t size) {
    FunctionCode code;
    code.start = start;
    code.bytes = std::string(size, '\x90');
    return {question, ReaderAnswer(std::move(code))};
}

}  // namespace

TEST_CASE("ProgramLearner: a function is requested once, not again for a forked child, but again after an exec") {
    ProgramLearner learner;
    Learnt learnt;
    const auto first = learner.questions(1, stack_at(0x1010, "/x.c"));
    REQUIRE(first.size() == 2);  // source and code
    CHECK(std::get<SourceRequest>(first[0]).path == "/x.c");
    REQUIRE(std::get<FunctionRequest>(first[1]).address == 0x1010);
    CHECK(learner.questions(1, stack_at(0x1010, "/x.c")).empty());  // already asked, not answered yet
    learner.answered(code_of(first[1], 0x1000, 0x40), learnt);
    CHECK(learnt.functions.size() == 1);
    CHECK(learner.questions(1, stack_at(0x103f, "/x.c")).empty());
    CHECK(learner.questions(1, stack_at(0x1040, "/x.c")).size() == 1);
    learner.forked(1, 2);
    CHECK(learner.questions(2, stack_at(0x1004, "/x.c")).empty());
    learner.forget(1);
    CHECK(learner.questions(1, stack_at(0x1004, "/x.c")).size() == 1);  // the code; the source stays
}

TEST_CASE("an unreadable source is kept with the reason, a long one is cut at a line, and its bytes are safe to show") {
    ProgramLearner learner;
    Learnt learnt;
    learner.answered({SourceRequest{1, "/none.c"}, fail("Permission denied")}, learnt);
    std::string text = "caf\xe9 \x1b[31m\n";
    while (text.size() < (300u << 10)) {
        text += "a line of text\n";
    }
    learner.answered({SourceRequest{1, "/long.c"}, ReaderAnswer(SourceText{text})}, learnt);
    REQUIRE(learnt.sources.size() == 2);
    CHECK(learnt.sources[0].why_not == "Permission denied");
    CHECK(learnt.sources[1].cut);
    CHECK(learnt.sources[1].text.ends_with("a line of text\n"));
    CHECK(learnt.sources[1].text.starts_with("caf\\xe9 \\x1b[31m\n"));
}

TEST_CASE("source text beyond the limit is not kept, and the recording says so") {
    ProgramLearner learner;
    Learnt learnt;
    const std::string text(200u << 10, '\n');
    for (int i = 0; i < 60; ++i) {
        learner.answered({SourceRequest{1, std::to_string(i)}, ReaderAnswer(SourceText{text})}, learnt);
    }
    REQUIRE(learnt.sources.size() == 60);
    CHECK(learnt.sources.front().why_not.empty());
    CHECK(learnt.sources.back().text.empty());
    CHECK(!learnt.sources.back().why_not.empty());
}
