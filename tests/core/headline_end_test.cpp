// A line that is only a closing brace: the sentence at the top and the stage say that the function ends, where that is known.
#include <doctest/doctest.h>

#include <memory>
#include <string>

#include "core/layout/stage/stage_frames.h"
#include "core/model/inside.h"
#include "core/narrate/code_text.h"
#include "core/narrate/headline.h"
#include "core/stream/proc_maps.h"
#include "layout_support.h"

using namespace procatlas;

namespace {

constexpr Address code_start = 0x5555'0000'1100;
constexpr std::string_view source =
    "int square(int n) {\n"
    "    if (n > 9) {\n"
    "        n = 9;\n"
    "    }\n"
    "    return n * n;\n"
    "}  // that is all\n";

// A process at `line` of square(), whose machine code, if it is known, ends in `last`.
Recording run_at(std::uint32_t line, std::uint32_t last, bool whole = true, const char* leaves = "ret") {
    Recording recording;
    recording.append(event_of(10, StartEvent{1, {"shop"}, "/"}));
    ObservedEvent exec = event_of(10, ExecEvent{"/bin/shop", {"shop"}, false, 0, 3, 0});
    auto space = parse_proc_maps(
        "555500001000-555500002000 r-xp 00001000 08:01 131 /bin/shop\n"
        "7ffc00000000-7ffc00002000 rw-p 00000000 00:00 0 [stack]\n");
    REQUIRE(space);
    exec.memory = std::make_shared<const AddressSpace>(std::move(*space));
    recording.append(std::move(exec));
    ObservedEvent event = event_of(10, LineEvent{});
    event.program_counter = code_start + 2;
    event.stack_pointer = 0x7ffc'0000'1000;
    StackFrame frame;
    frame.function = "square";
    frame.file = "/src/shop.c";
    frame.line = line;
    frame.own = true;
    frame.program_counter = code_start + 2;
    Stack stack;
    stack.frames = {std::make_shared<const StackFrame>(frame)};
    Inside inside;
    inside.stack = std::make_shared<const Stack>(std::move(stack));
    event.inside = std::make_shared<const Inside>(std::move(inside));
    Learnt learnt;
    learnt.sources.push_back({frame.file, std::string(source), false, ""});
    FunctionCode code{"/bin/shop", 131, "square", code_start, std::string(4, '\x90'), {}, whole ? "" : "it is long"};
    code.instructions = {{code_start, 1, "push   rbp", "square", 0, frame.file, 5, 0, ""},
                         {code_start + 1, 1, "nop", "square", 1, frame.file, last, 0, ""},
                         {code_start + 2, 1, leaves, "square", 2, frame.file, last, 0, ""},
                         {code_start + 3, 1, "nop", "square", 3, "", 0, 0, ""}};
    learnt.functions.push_back(std::move(code));
    event.learnt = std::make_shared<const Learnt>(std::move(learnt));
    recording.append(std::move(event));
    return recording;
}

std::string told(const Recording& recording, const char* language) {
    const World world = recording.last_world();
    const Messages words = words_of(language);
    return headline({recording, world, recording.last_moment(), words}).text;
}

std::string next_line_of(const Recording& recording) {
    const World world = recording.last_world();
    const Messages words = words_of("en");
    const FixedMeasure measure;
    const LayoutContext context{recording, world, recording.last_moment(), words, measure};
    const auto card =
        stage_next_line({.context = context, .process = world.processes[0], .shown = &world.processes[0].threads.front()});
    return card ? card->title : std::string();
}

}  // namespace

TEST_CASE("at the brace that ends a function, it is said that the function is left") {
    const Recording recording = run_at(6, 6);
    CHECK(told(recording, "en") == "leaves square() next: line 6 is its end");
    CHECK(told(recording, "ko") == "다음에 6번째 줄에서 square() 함수가 끝납니다");
    CHECK(next_line_of(recording) == "▶ }  leaves square()");
}

TEST_CASE("a brace of which it is not known that the function ends there is quoted, and so is every other line") {
    for (const Recording& recording : {run_at(6, 6, false), run_at(4, 6), run_at(6, 6, true, "jmp    0x555500001002")}) {
        CHECK(told(recording, "en").starts_with("runs line "));
        CHECK(told(recording, "en").ends_with("next:  }"));
        CHECK(next_line_of(recording) == "▶ }");
    }
    CHECK(told(run_at(5, 5), "en") == "runs line 5 next:  return n * n;");
}

TEST_CASE("a line says nothing if it is empty, a comment, or a closing brace") {
    for (const char* line : {"", "   ", "}", "    }  // end", "};", "// why", "  /* why */"}) {
        CHECK(says_nothing(line));
    }
    for (const char* line : {"return;", "} while (more);", "}, 3);", "/* a */ f();", "} else {"}) {
        CHECK_FALSE(says_nothing(line));
    }
}
