#include <doctest/doctest.h>
#include <unistd.h>

#include "core/observe/linux/proc/proc_stat.h"

using namespace procatlas;

TEST_CASE("a name with spaces, parentheses and newlines does not move the fields") {
    const char* const line =
        "42 (a) R 7 (\n)) S 17 42 42 0 -1 4194304 100 0 0 0 1 2 3 4 20 0 1 0 123456 1000000 200 18446744073709551615 "
        "101 102 103 0 0 0 0 0 0 0 0 0 17 1 0 0 0 0 0 201 202 203 301 302 303 304 0\n";
    const auto stat = parse_proc_stat(line);
    REQUIRE(stat);
    CHECK(stat->state == 'S');
    CHECK(stat->name == "a) R 7 (\n)");
    CHECK(stat->parent == 17);
    CHECK(stat->session == 42);
    CHECK(!stat->kernel_thread);
    CHECK(stat->threads == 1);
    CHECK(stat->start_ticks == 123456);
    CHECK(stat->marks.start_code == 101);
    CHECK(stat->marks.end_code == 102);
    CHECK(stat->marks.start_stack == 103);
    CHECK(stat->marks.start_data == 201);
    CHECK(stat->marks.end_data == 202);
    CHECK(stat->marks.start_brk == 203);
    CHECK(stat->marks.arg_start == 301);
    CHECK(stat->marks.env_end == 304);
}

TEST_CASE("a malformed line is refused") {
    CHECK(!parse_proc_stat(""));
    CHECK(!parse_proc_stat("42 (name"));
    CHECK(!parse_proc_stat("42 (name)"));
    CHECK(!parse_proc_stat("42 (name) S 1 2 3\n"));
    CHECK(!parse_proc_stat("42 (name) S x 42 42 0 -1 4194304 100 0 0 0 1 2 3 4 20 0 1 0 123456 1000000 200 0 1 2 3 4\n"));
}

TEST_CASE("the line of this process names its parent") {
    const auto stat = read_proc_stat(::getpid());
    REQUIRE(stat);
    CHECK(stat->parent == ::getppid());
    CHECK(stat->start_ticks > 0);
    CHECK(!read_proc_stat(0x7ffffff));
}
