#include <doctest/doctest.h>

#include "core/narrate/cut_at_word.h"

using namespace procatlas;

TEST_CASE("a text is cut between words") {
    CHECK(cut_at_word("one two three", 13) == "one two three");
    CHECK(cut_at_word("one two three", 10) == "one two…");
    CHECK(cut_at_word("one two three", 7) == "one two…");
    CHECK(cut_at_word("힙 영역이 자랍니다", 6) == "힙 영역이…");
    CHECK(cut_at_word("", 0).empty());
    CHECK(cut_at_word("a", 0) == "…");
}

TEST_CASE("half an address or number is never told, for it is another one") {
    CHECK(cut_at_word("malloc 0x55d0c2ab12a0, usable 40968, heap ends at 0x55d0c2ad4000", 60) ==
          "malloc 0x55d0c2ab12a0, usable 40968, heap ends at…");
    CHECK(cut_at_word("0x55d0c2ab12a0", 10) == "…");
    CHECK(cut_at_word("{0x55d0c2ab12a0,0x0}", 10) == "{…");
    CHECK(cut_at_word("{0x55d0c2ab12a0,0x0}", 17) == "{0x55d0c2ab12a0,…");
    CHECK(cut_at_word("3.14159", 3) == "…");
    CHECK(cut_at_word("[-1234567]", 4) == "[…");
    CHECK(cut_at_word("f(x, 3.14159)", 8) == "f(x,…");
    for (const char* number : {"1e-05", "2.5e+10", "1'000'000", "40,968", "1,234,567"}) {
        const std::string listed = "[" + std::string(number) + "]";
        for (std::size_t most = 0; most < listed.size(); ++most) {
            CAPTURE(listed);
            CAPTURE(most);
            const std::string cut = cut_at_word(listed, most);
            CHECK((cut == "…" || cut == "[…" || cut == "[" + std::string(number) + "…"));
        }
    }
    CHECK(cut_at_word("4,096페이지", 2) == "…");
    CHECK(cut_at_word("{1234,5678,9}", 7) == "{1234,…");  // a list
}

TEST_CASE("a name that is longer than the room is cut, at a sign where it has one") {
    CHECK(cut_at_word("a_very_long_name", 6) == "a_very…");
    CHECK(cut_at_word("std::vector<int>", 8) == "std::…");
    CHECK(cut_at_word("a 한국어로된아주긴이름", 8) == "a 한국어로된아…");
}
