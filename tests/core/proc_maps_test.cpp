#include <doctest/doctest.h>

#include <algorithm>
#include <fstream>
#include <sstream>

#include "core/stream/proc_maps.h"

using namespace procatlas;

TEST_CASE("a line of maps becomes a mapping with all its fields") {
    const auto space =
        parse_proc_maps("7f2bd8021000-7f2bd8024000 r-xs 0001c000 fe:12 4711                       /usr/lib/a b (deleted)\n");
    REQUIRE(space);
    REQUIRE(space->mappings.size() == 1);
    const Mapping& m = space->mappings[0];
    CHECK(m.range == AddressRange{0x7f2bd8021000, 0x7f2bd8024000});
    CHECK(permissions_text(m.permissions) == "r-xs");
    CHECK(m.offset == 0x1c000);
    CHECK(m.device_major == 0xfe);
    CHECK(m.device_minor == 0x12);
    CHECK(m.inode == 4711);
    CHECK(m.name == "/usr/lib/a b (deleted)");
}

TEST_CASE("names may be empty, or contain an escaped newline, a backslash or bytes that are not UTF-8") {
    const auto space = parse_proc_maps(
        "1000-2000 rw-p 00000000 00:00 0 \n"
        "2000-3000 r--p 00000000 08:01 7    /tmp/new\\012line\n"
        "3000-4000 r--p 00000000 08:01 8    /tmp/back\\slash\\01\n"
        "4000-5000 r--p 00000000 08:01 9    /tmp/\xff\xfe");
    REQUIRE(space);
    REQUIRE(space->mappings.size() == 4);
    CHECK(space->mappings[0].name.empty());
    CHECK(space->mappings[1].name == "/tmp/new\nline");
    CHECK(space->mappings[2].name == "/tmp/back\\slash\\01");
    CHECK(space->mappings[3].name == "/tmp/\xff\xfe");
}

TEST_CASE("names stay valid in a copy of the map after the original has gone") {
    AddressSpace copy;
    {
        auto space = parse_proc_maps("1000-2000 rw-p 00000000 00:00 0          [heap]\n");
        REQUIRE(space);
        copy = *space;
    }
    CHECK(copy.mappings[0].name == "[heap]");
}

TEST_CASE("a malformed map is refused with the line number") {
    for (const char* text :
         {"nonsense\n", "1000-2000 rw-p 0 0:0\n", "2000-1000 rw-p 00000000 00:00 0\n", "1000-1000 rw-p 00000000 00:00 0\n",
          "1000-2000 rwxq 00000000 00:00 0\n", "11112222333344445-2 rw-p 00000000 00:00 0\n"}) {
        CAPTURE(text);
        const auto space = parse_proc_maps(text);
        REQUIRE(!space);
        CHECK(space.error().message.find("line 1") != std::string::npos);
    }
    CHECK(!parse_proc_maps("2000-3000 rw-p 00000000 00:00 0\n1000-2000 rw-p 00000000 00:00 0\n"));
    CHECK(!parse_proc_maps("1000-3000 rw-p 00000000 00:00 0\n2000-4000 rw-p 00000000 00:00 0\n"));
    CHECK(parse_proc_maps("")->mappings.empty());
}

TEST_CASE("this process's own map parses, line for line") {
    std::ifstream file("/proc/self/maps");
    std::stringstream text;
    text << file.rdbuf();
    const auto space = parse_proc_maps(text.str());
    REQUIRE(space);
    const std::string all = text.str();
    CHECK(space->mappings.size() == static_cast<std::size_t>(std::count(all.begin(), all.end(), '\n')));
}
