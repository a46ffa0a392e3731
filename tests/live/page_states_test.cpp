// The state of pages as read, beside what the kernel says of the same memory elsewhere.
#include <doctest/doctest.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <fstream>
#include <string>

#include "core/observe/linux/pagemap.h"
#include "tests/live/live_support.h"

using namespace procatlas;
using namespace procatlas::live;

namespace {

constexpr ByteCount page = 4096;
constexpr ByteCount block = 512 * page;  // of one huge page

// Two blocks for which huge pages are wanted, each touched once, and one without, of which every page is touched.
class Blocks {
public:
    Blocks() {
        REQUIRE(memory_ != MAP_FAILED);
        const Address start = (reinterpret_cast<Address>(memory_) + block - 1) / block * block;
        wanted = {start, start + 2 * block};
        small = {wanted.end, wanted.end + block};
        REQUIRE(::madvise(at(wanted.start), wanted.size(), MADV_HUGEPAGE) == 0);
        REQUIRE(::madvise(at(small.start), small.size(), MADV_NOHUGEPAGE) == 0);
        for (const Address touched : {wanted.start, wanted.start + block}) {
            *at(touched) = 1;
        }
        for (Address touched = small.start; touched < small.end; touched += page) {
            *at(touched) = 1;
        }
    }
    Blocks(const Blocks&) = delete;
    Blocks& operator=(const Blocks&) = delete;
    ~Blocks() { ::munmap(memory_, size); }

    AddressRange wanted;
    AddressRange small;

private:
    static constexpr ByteCount size = 4 * block;
    static char* at(Address address) { return reinterpret_cast<char*>(address); }  // NOLINT(performance-no-int-to-ptr)

    void* memory_ = ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
};

// "AnonHugePages" of our own mappings in `range`, in pages of 4 KiB (proc(5)).
std::uint64_t huge_by_smaps(AddressRange range) {
    std::ifstream smaps("/proc/self/smaps");
    std::uint64_t pages = 0;
    bool inside = false;
    for (std::string line; std::getline(smaps, line);) {
        Address start = 0;
        Address end = 0;
        if (std::sscanf(line.c_str(), "%lx-%lx ", &start, &end) == 2) {
            inside = range.start <= start && end <= range.end;
        } else if (unsigned long kib = 0; inside && std::sscanf(line.c_str(), "AnonHugePages: %lu kB", &kib) == 1) {
            pages += kib / 4;
        }
    }
    return pages;
}

// Nothing but numbers: it runs in a child of another user too.
struct Found {
    std::uint64_t by_smaps = 0;
    std::uint64_t huge = 0;
    std::uint64_t small_present = 0;
    std::uint64_t small_huge = 0;
};
Found look_at_blocks() {
    const Blocks blocks;
    const std::array<AddressRange, 1> ranges{AddressRange{blocks.wanted.start, blocks.small.end}};
    const auto pages = read_page_states(::getpid(), ranges, false);
    if (!pages) {
        return {};
    }
    const RegionPages wanted = pages_in(*pages, blocks.wanted, false);
    const RegionPages small = pages_in(*pages, blocks.small, false);
    return {huge_by_smaps(blocks.wanted), wanted.huge, small.present(), small.huge};
}

}  // namespace

TEST_CASE("huge pages are told as smaps counts them, and small ones beside them are not huge") {
    const Found found = look_at_blocks();
    CHECK(found.huge == found.by_smaps);
    CHECK(found.small_present == 512);
    CHECK(found.small_huge == 0);
    if (found.by_smaps == 0) {
        MESSAGE("this machine gives no huge pages: only the small ones were checked");
    }
}

TEST_CASE("a user without privilege is told the same of huge pages") {
    const auto status = status_unprivileged("/proc/self/exe", [] {
        ::prctl(PR_SET_DUMPABLE, 1);  // else our own files in /proc are closed to us
        const Found found = look_at_blocks();
        return found.small_present == 512 && found.huge == found.by_smaps && found.small_huge == 0 ? 0 : 1;
    });
    CHECK(status.value_or(0) == 0);
}
