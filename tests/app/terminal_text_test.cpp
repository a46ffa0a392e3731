// Text for terminals that do not understand UTF-8.
#include "app/cli/terminal_text.h"

#include <doctest/doctest.h>

using namespace procatlas;

TEST_CASE("UTF-8 stays as it is where it is understood") {
    CHECK(text_in_charset("└─ 스택 …", "UTF-8") == "└─ 스택 …");
    CHECK(text_in_charset("└─", "utf8") == "└─");
}

TEST_CASE("a character set has what it has; lines become alike ones, and all else an escape that tells the character") {
    CHECK(text_in_charset("└─ child ← sh", "ASCII") == "`- child <- sh");
    CHECK(text_in_charset("caf\u00e9", "ISO-8859-1") == "caf\xe9");
    CHECK(text_in_charset("caf\u00e9", "ASCII") == "caf\\u00e9");
    CHECK(text_in_charset("\U0001f600", "ISO-8859-1") == "\\U0001f600");
    CHECK(text_in_charset("스택", "EUC-KR") == "\xbd\xba\xc5\xc3");
    CHECK(text_in_charset("스택 x", "no such set") == "\\uc2a4\\ud0dd x");
    CHECK(text_in_charset("\xff", "ASCII") == "\\ufffd");
    CHECK(text_in_charset("", "ASCII").empty());
}

TEST_CASE("the first variable that is set says the character set, also where its locale is not installed") {
    CHECK(charset_of("C.UTF-8", nullptr, nullptr) == "UTF-8");
    CHECK(charset_of(nullptr, "ko_KR.utf8", "C") == "UTF-8");
    CHECK(charset_of("", "", "xx_XX.UTF-8@euro") == "UTF-8");
    CHECK(charset_of("xx_XX.EUC-KR", "C.UTF-8", "C.UTF-8") == "EUC-KR");
    for (const char* name : {"C", "POSIX", "no_such"}) {
        CHECK(text_in_charset("é", charset_of(name, "C.UTF-8", "C.UTF-8")) == "\\u00e9");
    }
    CHECK(text_in_charset("é", charset_of(nullptr, nullptr, nullptr)) == "\\u00e9");
}
