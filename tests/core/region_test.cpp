// Maps from real kernels, shortened.
#include <doctest/doctest.h>

#include "core/model/region.h"
#include "core/stream/proc_maps.h"

using namespace procatlas;

namespace {

AddressSpace space_of(const char* maps, AddressMarks marks = {}) {
    auto space = parse_proc_maps(maps);
    REQUIRE(space);
    space->marks = marks;
    return *space;
}

const char* const program_map =
    "555555554000-555555556000 r--p 00000000 08:01 100 /usr/bin/prog\n"
    "555555556000-55555555a000 r-xp 00002000 08:01 100 /usr/bin/prog\n"
    "55555555a000-55555555b000 r--p 00006000 08:01 100 /usr/bin/prog\n"
    "55555555b000-55555555c000 r--p 00006000 08:01 100 /usr/bin/prog\n"
    "55555555c000-55555555d000 rw-p 00007000 08:01 100 /usr/bin/prog\n"
    "55555555d000-555555560000 rw-p 00000000 00:00 0 \n"
    "555555570000-555555591000 rw-p 00000000 00:00 0 [heap]\n"
    "7ffff7c00000-7ffff7c22000 r--p 00000000 08:01 200 /usr/lib/libc.so.6\n"
    "7ffff7c22000-7ffff7d9b000 r-xp 00022000 08:01 200 /usr/lib/libc.so.6\n"
    "7ffff7d9b000-7ffff7d9d000 rw-p 0019b000 08:01 200 /usr/lib/libc.so.6\n"
    "7ffff7e00000-7ffff7e10000 r--p 00000000 08:01 300 /usr/lib/locale/locale-archive\n"
    "7ffff7e20000-7ffff7e21000 rw-s 00000000 00:01 400 /dev/shm/x\n"
    "7ffff7fc0000-7ffff7fc4000 r--p 00000000 00:00 0 [vvar]\n"
    "7ffff7fc4000-7ffff7fc6000 r-xp 00000000 00:00 0 [vdso]\n"
    "7ffffffde000-7ffffffff000 rw-p 00000000 00:00 0 [stack]\n";

AddressMarks program_marks() {
    AddressMarks marks;
    marks.start_code = 0x555555556000;
    marks.end_data = 0x55555555c400;
    marks.start_brk = 0x555555570000;
    return marks;
}

RegionKind kind_at(const std::vector<Region>& regions, Address address) {
    const Region* region = find_region(regions, address);
    REQUIRE(region);
    return region->kind;
}

}  // namespace

TEST_CASE("a program, its libraries and its files are told apart") {
    const auto regions = classify_regions(space_of(program_map, program_marks()), "/usr/bin/prog", {}, {});
    CHECK(kind_at(regions, 0x555555554000) == RegionKind::read_only_data);
    CHECK(kind_at(regions, 0x555555556000) == RegionKind::code);
    CHECK(kind_at(regions, 0x55555555c000) == RegionKind::data);
    CHECK(kind_at(regions, 0x555555570000) == RegionKind::heap);
    CHECK(kind_at(regions, 0x7ffff7c22000) == RegionKind::shared_library);
    CHECK(find_region(regions, 0x7ffff7c22000)->part == LibraryPart::code);
    CHECK(find_region(regions, 0x7ffff7d9b000)->part == LibraryPart::data);
    CHECK(kind_at(regions, 0x7ffff7e00000) == RegionKind::mapped_file);
    CHECK(kind_at(regions, 0x7ffff7e20000) == RegionKind::shared_memory);
    CHECK(kind_at(regions, 0x7ffff7fc0000) == RegionKind::kernel);
    CHECK(kind_at(regions, 0x7ffffffde000) == RegionKind::stack);
    CHECK(find_region(regions, 0x1000) == nullptr);
}

TEST_CASE("inside one mapping, data ends and BSS begins where the kernel says, and BSS continues in the next") {
    const auto regions = classify_regions(space_of(program_map, program_marks()), "/usr/bin/prog", {}, {});
    CHECK(find_region(regions, 0x55555555c3ff)->kind == RegionKind::data);
    const Region* bss = find_region(regions, 0x55555555c400);
    CHECK(bss->kind == RegionKind::bss);
    CHECK(bss->range == AddressRange{0x55555555c400, 0x555555560000});
}

TEST_CASE("an ELF image is more precise than the kernel, and cuts off what was merged with the BSS") {
    ElfImage image;
    image.device_major = 8;
    image.device_minor = 1;
    image.inode = 100;
    image.segments = {{{0x0, 0x1f00}, 0, 0x1f00}, {{0x2000, 0x6000}, 0x2000, 0x4000}, {{0x8000, 0xa100}, 0x7000, 0x500}};
    image.sections = {{".data", {0x8000, 0x8500}, true, false, false},
                      {".tbss", {0x8500, 0x8600}, true, false, true},
                      {".bss", {0x8520, 0xa100}, true, false, true}};
    const std::vector<ElfImage> images{image};
    const auto regions = classify_regions(space_of(program_map, program_marks()), "/usr/bin/prog", images, {});
    CHECK(find_region(regions, 0x55555555c51f)->kind == RegionKind::data);
    CHECK(find_region(regions, 0x55555555c520)->kind == RegionKind::bss);
    CHECK(find_region(regions, 0x55555555efff)->kind == RegionKind::bss);
    CHECK(find_region(regions, 0x55555555f000)->kind == RegionKind::anonymous);
}

TEST_CASE("thread stacks, guards and arenas need evidence; without it they are anonymous") {
    const char* const maps =
        "7ffff0000000-7ffff0021000 rw-p 00000000 00:00 0 \n"
        "7ffff0021000-7ffff4000000 ---p 00000000 00:00 0 \n"
        "7ffff5000000-7ffff5001000 ---p 00000000 00:00 0 \n"
        "7ffff5001000-7ffff5801000 rw-p 00000000 00:00 0 \n"
        "7ffff6001000-7ffff6801000 rw-p 00000000 00:00 0 \n";
    const std::vector<ThreadMark> threads{{55, 0x7ffff5800000}};
    const auto regions = classify_regions(space_of(maps), "", {}, threads);
    REQUIRE(regions.size() == 5);
    CHECK(regions[0].kind == RegionKind::heap);
    CHECK(regions[0].arena);
    CHECK(regions[1].kind == RegionKind::guard);
    CHECK(regions[1].arena);
    CHECK(regions[2].kind == RegionKind::guard);
    CHECK(!regions[2].arena);
    CHECK(regions[3].kind == RegionKind::thread_stack);
    CHECK(regions[3].thread == 55);
    CHECK(regions[4].kind == RegionKind::anonymous);
}

TEST_CASE("memory in which stacks lie among other things is no thread's stack, as Go's heap is") {
    const char* const maps =
        "c000000000-c000400000 rw-p 00000000 00:00 0 \n"
        "c000400000-c004000000 ---p 00000000 00:00 0 \n"
        "7ffff6001000-7ffff6801000 rw-p 00000000 00:00 0 \n"
        "7ffff7001000-7ffff7011000 rw-p 00000000 00:00 0 \n";
    const std::vector<ThreadMark> threads{{7, 0xc000056f00}, {8, 0x7ffff6800f00}, {9, 0x7ffff7003000}, {10, 0x7ffff7010f00}};
    const auto regions = classify_regions(space_of(maps), "", {}, threads);
    REQUIRE(regions.size() == 4);
    CHECK(regions[0].kind == RegionKind::heap);
    CHECK(regions[0].thread == 0);
    CHECK(regions[2].kind == RegionKind::thread_stack);  // made by its program, without a guard
    CHECK(regions[2].thread == 8);
    CHECK(regions[3].kind == RegionKind::anonymous);  // two threads are in it
}

TEST_CASE("a heap that was merged with the BSS is cut where brk started") {
    AddressMarks marks;
    marks.start_brk = 0x603000;
    const auto regions = classify_regions(space_of("601000-624000 rw-p 00000000 00:00 0 [heap]\n", marks), "", {}, {});
    REQUIRE(regions.size() == 2);
    CHECK(regions[0].kind == RegionKind::bss);
    CHECK(regions[1].kind == RegionKind::heap);
    CHECK(regions[1].range.start == 0x603000);
}

TEST_CASE("a file's name cannot pass itself off as the stack or the heap") {
    const auto regions = classify_regions(space_of("1000-2000 rw-p 00000000 08:01 9 /tmp/[heap]\n"), "", {}, {});
    CHECK(regions[0].kind == RegionKind::mapped_file);
}
