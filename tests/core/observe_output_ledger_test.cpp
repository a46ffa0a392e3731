#include "core/observe/linux/trace/output_ledger.h"

#include <doctest/doctest.h>

#include <string>

using namespace procatlas;

TEST_CASE("OutputLedger: a write is what the terminal made of it: newlines, tabs, capitals, or nothing at all") {
    CHECK(end_of_shown("a\r\nb\r\n", 0, "a\nb\n") == 6);
    CHECK(end_of_shown("a\nb\n", 0, "a\nb\n") == 4);        // -onlcr
    CHECK(end_of_shown("a       b", 0, "a\tb") == 9);        // tab3
    CHECK(end_of_shown("a\tb", 0, "a\tb") == 3);             // tab0
    CHECK(end_of_shown("a         b", 0, "a\t  b") == 11);   // the blanks behind a tab are its own
    CHECK(end_of_shown("ABC\r\n", 0, "abc\n") == 5);         // olcuc
    CHECK(end_of_shown("a\r\r\n", 0, "a\r\n") == 4);
    CHECK(end_of_shown("a\n\r\n", 0, "a\r\n") == 4);         // ocrnl
    CHECK(end_of_shown("\r\n", 0, "\r\n") == 2);             // onocr
    CHECK(end_of_shown("abd", 0, "abc") == std::string::npos);
    CHECK(end_of_shown("ab", 0, "abc") == std::string::npos);
    CHECK(end_of_shown("a b", 0, "a\t\tb") == std::string::npos);
}

TEST_CASE("OutputLedger: what no write explains stays, and it is known what came before a write") {
    OutputLedger ledger;
    ledger.arrived("mine\r\nnobody's\r\nyours\r\n");
    const auto mine = ledger.explain("mine\n");
    CHECK(mine.found);
    CHECK(mine.before == 0);
    const auto yours = ledger.explain("yours\n");
    CHECK(yours.found);
    CHECK(yours.before == 10);
    CHECK(ledger.take(yours.before) == "nobody's\r\n");
    CHECK(ledger.size() == 0);
    CHECK_FALSE(ledger.explain("mine\n").found);
}

TEST_CASE("OutputLedger: bytes of a write that are not known are as many as were written") {
    OutputLedger ledger;
    ledger.arrived("ab\r\ncd\r\nrest");
    const auto explained = ledger.explain("ab\n", 3);
    CHECK(explained.found);
    CHECK(ledger.take(ledger.size()) == "rest");
}

TEST_CASE("OutputLedger: a write whose bytes are not known has those that have come, if they are as many") {
    OutputLedger ledger;
    ledger.arrived("ab\r\n");
    CHECK(ledger.take_written(2).empty());
    CHECK(ledger.take_written(3) == "ab\n");
    CHECK(ledger.size() == 0);
    ledger.arrived("a\r\n");
    CHECK(ledger.take_written(3) == "a\r\n");
}

TEST_CASE("OutputLedger: what the terminal echoes of what was typed is nobody's output") {
    OutputLedger ledger;
    ledger.typed("yes\n\x04\x03");
    ledger.arrived("yes\r\n^Cthen\r\n");
    CHECK(ledger.take(ledger.size()) == "then\r\n");
    ledger.typed("no\n");
    ledger.arrived("other");
    CHECK(ledger.take(ledger.size()) == "other");
}

TEST_CASE("OutputLedger: what is too much to keep is counted") {
    OutputLedger ledger;
    ledger.arrived(std::string(5u << 20, 'a'));
    CHECK(ledger.size() == 4u << 20);
    CHECK(ledger.take_lost() == 1u << 20);
    CHECK(ledger.take_lost() == 0);
}
