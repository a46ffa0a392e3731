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

TEST_CASE("what is wrong with a command line is told in the reader's language, and options keep their names") {
    const Messages korean = words_of("ko");
    const auto told = [&](std::string_view wrong) { return usage_text(wrong, korean); };
    CHECK(told("--grain: fine not in {lifecycle,memory}") ==
          "--grain: 쓸 수 없는 값입니다: fine. 쓸 수 있는 값: {lifecycle,memory}");
    CHECK(told("--runs: Value x not in range 1 to 1000000") ==
          "--runs: 쓸 수 없는 값입니다: x. 1부터 1000000까지의 수를 쓰십시오");
    CHECK(told("PID: \"abc\" is no PID") == "PID: PID가 아닙니다: “abc”");
    CHECK(told("--json excludes --json-lines") == "--json 옵션과 --json-lines 옵션은 함께 쓸 수 없습니다");
    CHECK(told("-o: 1 required FILE missing") == "-o: 값 1개가 더 있어야 합니다(FILE)");
    CHECK(
        told("no display: neither DISPLAY nor WAYLAND_DISPLAY is set; `procatlas trace` works without one") ==
        "화면이 없습니다. DISPLAY도 WAYLAND_DISPLAY도 설정되어 있지 않습니다. `procatlas trace`는 화면 없이도 쓸 수 있습니다");
    CHECK(told("a message of a newer version") == "a message of a newer version");
    CHECK(usage_text("--worksheet requires --as", words_of("en")) == "--worksheet requires --as");
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
