// Why something is not available, in the reader's language; and what pictures of source code leave out where somebody is asked.
#include "core/narrate/reasons.h"

#include <doctest/doctest.h>

#include "core/layout/listing/source_rows.h"
#include "tests/core/layout_support.h"

using namespace procatlas;

TEST_CASE("a reason is told in the language of the reader, with what differs in it") {
    const Messages korean = words_of("ko");
    const auto told = [&](std::string_view reason) { return reason_text(reason, korean); };
    CHECK(told("optimised out") == "최적화로 없어졌습니다");
    CHECK(told("it is declared on line 12, and has a value only behind it") ==
          "12번째 줄에서 선언되며, 그 뒤에야 값이 있습니다");
    CHECK(told("the frame of the code at 0x4010a0 cannot be worked out: optimised out") ==
          "0x4010a0에 있는 코드의 프레임을 계산할 수 없습니다: 최적화로 없어졌습니다");
    CHECK(told("the process has ended; its size is not known") == "프로세스가 끝났습니다; 크기를 알 수 없습니다");
    CHECK(told("something that nobody has translated") == "something that nobody has translated");
    CHECK(told("cannot be read: ") == "cannot be read: ");  // nothing is in its hole
    CHECK(told("") == "");
    CHECK(told(std::string(100'000, ';')) == std::string(100'000, ';'));
    CHECK(reason_text("optimised out", words_of("en")) == "optimised out");
}

TEST_CASE("source code that somebody is asked about does not answer by its comments") {
    SourceRows rows;
    rows.path = "/src/child.c";
    for (const char* text :
         {"// makes a child", "#include <unistd.h>", "    pid_t child = fork();  // from here on there are two",
          "    puts(\"// is no comment\");", ""}) {
        rows.rows.push_back({static_cast<std::uint32_t>(rows.rows.size() + 1), text, {}});
    }
    leave_out_comments(rows);
    CHECK(rows.rows[0].text.empty());
    CHECK(rows.rows[1].text == "#include <unistd.h>");
    CHECK(rows.rows[2].text == "    pid_t child = fork();");
    CHECK(rows.rows[3].text == "    puts(\"// is no comment\");");
    rows.path = "child.py";
    rows.rows = {{1, "    # two of them", {}}, {2, "x = 1  # one", {}}};
    leave_out_comments(rows);
    CHECK(rows.rows[0].text.empty());
    CHECK(rows.rows[1].text == "x = 1");
}
