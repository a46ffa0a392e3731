#include <doctest/doctest.h>

#include "core/base/text.h"

using namespace procatlas;

TEST_CASE("numbers are grouped by thousands") {
    CHECK(count_text(0) == "0");
    CHECK(count_text(999) == "999");
    CHECK(count_text(4096) == "4,096");
    CHECK(count_text(1'048'576) == "1,048,576");
    CHECK(count_text(100'000) == "100,000");
}

TEST_CASE("untrusted text is shown with hidden and control characters visible") {
    CHECK(display_text("plain 한국어 ✓") == "plain 한국어 ✓");
    CHECK(display_text("a\nb\tc\rd") == "a\\nb\\tc\\rd");
    CHECK(display_text("a\nb\tc", true) == "a\nb\tc");
    CHECK(display_text("\x1b[31m") == "\\x1b[31m");
    CHECK(display_text(std::string_view("\0", 1)) == "\\x00");
    CHECK(display_text("\xff\xc0\xaf") == "\\xff\\xc0\\xaf");
    CHECK(display_text("evil\u202Egnp.exe") == "evil\\u202egnp.exe");
    CHECK(display_text("zero\u200Bwidth") == "zero\\u200bwidth");
    CHECK(display_text("\xed\xa0\x80") == "\\xed\\xa0\\x80");
}

TEST_CASE("arguments are one line, which says when some are missing") {
    CHECK(arguments_text({"sh", "-c", "a\nb"}, false) == "sh -c a\\nb");
    CHECK(arguments_text({"ls", "x"}, true) == "ls x …");
    CHECK(arguments_text({}, false).empty());
    CHECK(first_characters("힙 stack", 3) == "힙 s…");
    CHECK(first_characters("힙 stack", 7) == "힙 stack");
}

TEST_CASE("sizes and addresses read as in a textbook") {
    CHECK(size_text(0) == "0 B");
    CHECK(size_text(1023) == "1023 B");
    CHECK(size_text(1024) == "1 KiB");
    CHECK(size_text(132 * 1024) == "132 KiB");
    CHECK(size_text(1945 * 1024) == "1.9 MiB");
    CHECK(size_text(1024ull * 1024 - 1) == "1 MiB");
    CHECK(size_text(51238298189824) == "46.6 TiB");
    CHECK(address_text(0x7ffd0e9c1000) == "7ffd0e9c1000");
    CHECK(address_text(0x1000, true) == "0000 0000 1000");
    CHECK(address_text(0xffffffffff600000, true) == "ffff ffff ff60 0000");
    CHECK(base_name("/usr/bin/python3") == "python3");
    CHECK(base_name("/") == "/");
}
