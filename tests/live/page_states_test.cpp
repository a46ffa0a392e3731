// Compares the states of pages with what the kernel says about the same memory elsewhere.
#include <doctest/doctest.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "core/base/unique_fd.h"
#include "core/observe/linux/proc/pagemap.h"
#include "tests/live/live_support.h"

using namespace procatlas;
using namespace procatlas::live;

namespace {

constexpr ByteCount page = 4096;
constexpr ByteCount block = 512 * page;  // of one huge page

// Three blocks. The first two ask for huge pages, and each is touched once. The third asks for small pages, and every page of
// it is touched.
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

// Only numbers, because this also runs in a child process with another user.
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

// A child whose mapping starts in the middle of a block. It has pages here and there, and runs of equal pages of every length.
// It also has a child that has copied some of them. Both wait to be ended.
class Patchwork {
public:
    static constexpr std::uint64_t count = 6000;

    Patchwork() {
        std::array<int, 2> ready{};
        REQUIRE(::pipe(ready.data()) == 0);
        memory_ = static_cast<char*>(::mmap(nullptr, count * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
        REQUIRE(memory_ != MAP_FAILED);
        ::madvise(memory_, count * page, MADV_NOHUGEPAGE);
        pid = ::fork();
        if (pid == 0) {
            ::setpgid(0, 0);
            write_pages_of([](std::uint64_t number) { return number < 2500 || number % 7 != 0; });
            if (::fork() == 0) {
                write_pages_of([](std::uint64_t number) { return number < 1500 ? number % 2 == 0 : number / 20 % 3 == 0; });
                (void)!::write(ready[1], "1", 1);
            }
            while (true) {
                ::pause();
            }
        }
        ::setpgid(pid, pid);
        ::close(ready[1]);
        char done = 0;
        CHECK(::read(ready[0], &done, 1) == 1);
        ::close(ready[0]);
    }
    Patchwork(const Patchwork&) = delete;
    Patchwork& operator=(const Patchwork&) = delete;
    ~Patchwork() {
        if (pid > 0) {
            ::kill(-pid, SIGKILL);
            ::waitpid(pid, nullptr, 0);
        }
        ::munmap(memory_, count * page);
    }
    [[nodiscard]] Address start() const { return reinterpret_cast<Address>(memory_); }

    pid_t pid = -1;

private:
    template <typename Wanted>
    void write_pages_of(Wanted wanted) {
        for (std::uint64_t number = 0; number < count; ++number) {
            if (wanted(number)) {
                memory_[number * page] = 1;
            }
        }
    }

    char* memory_ = nullptr;
};

// The state according to the kernel's own bits (pagemap.rst); '.': not present.
char letter_of_entry(std::uint64_t entry) {
    const auto bit = [&](unsigned number) { return (entry >> number & 1) != 0; };
    return !bit(63) ? (bit(62) ? 'w' : '.') : bit(61) ? 'f' : bit(56) ? 'o' : 's';
}

}  // namespace

TEST_CASE("each of thousands of pages has the state of its pagemap entry, in runs of any length") {
    const Patchwork patchwork;
    // Reads twice, so that the second reading starts in the middle of a block.
    const Address middle = patchwork.start() + 777 * page;
    const Address end = patchwork.start() + Patchwork::count * page;
    for (const AddressRange range : {AddressRange{patchwork.start(), end}, AddressRange{middle, end}}) {
        const auto read = read_page_states(patchwork.pid, std::array{range}, false);
        REQUIRE(read);
        const std::uint64_t count = range.size() / page;
        std::string told(count, '.');
        for (const PageRun& run : runs_of(*read)) {
            for (std::uint64_t i = 0; i < run.count; ++i) {
                told.at((run.start - range.start) / page + i) = "osfwu"[static_cast<std::size_t>(run.state)];
            }
        }
        const UniqueFd pagemap(::open(("/proc/" + std::to_string(patchwork.pid) + "/pagemap").c_str(), O_RDONLY | O_CLOEXEC));
        std::vector<std::uint64_t> entries(count);
        const auto bytes = static_cast<ssize_t>(count * sizeof entries[0]);
        REQUIRE(::pread(pagemap.get(), entries.data(), count * sizeof entries[0], static_cast<off_t>(range.start / page * 8)) ==
                bytes);
        std::string expected;
        std::ranges::transform(entries, std::back_inserter(expected), letter_of_entry);
        const bool same = told == expected;
        CHECK(same);  // does not compare the strings here: they have thousands of letters
        CHECK(std::ranges::count(told, 's') > 500);
        CHECK(std::ranges::count(told, 'o') > 500);
        CHECK(!read->stretches.empty());
        CHECK(read->runs.size() > 50);
    }
}

TEST_CASE("if there are too many pages to read, the largest mapping is left out, and reported as unread") {
    constexpr ByteCount large = ByteCount{2} << 30;
    void* const above = ::mmap(nullptr, page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    void* const memory = ::mmap(nullptr, large, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    REQUIRE(above != MAP_FAILED);
    REQUIRE(memory != MAP_FAILED);
    ::madvise(memory, large, MADV_NOHUGEPAGE);
    *static_cast<char*>(above) = 1;
    std::uint64_t sum = 0;
    for (ByteCount at = 0; at < large; at += 2 * page) {
        sum +=
            static_cast<std::uint64_t>(static_cast<volatile char*>(memory)[at]);  // the kernel's page of zeros: costs nothing
    }
    CHECK(sum == 0);
    const AddressRange big{reinterpret_cast<Address>(memory), reinterpret_cast<Address>(memory) + large};
    const AddressRange small{reinterpret_cast<Address>(above), reinterpret_cast<Address>(above) + page};
    CHECK(big.start < small.start);
    const auto read = read_page_states(::getpid(), std::array{big, small}, false);
    REQUIRE(read);
    CHECK(pages_in(*read, small, false).exclusive == 1);
    const RegionPages in_big = pages_in(*read, big, false);
    CHECK(in_big.unread > 0);
    CHECK(in_big.present() > 0);
    ::munmap(memory, large);
    ::munmap(above, page);
}

TEST_CASE("huge pages are counted as in smaps, and small pages beside them are not huge") {
    const Found found = look_at_blocks();
    CHECK(found.huge == found.by_smaps);
    CHECK(found.small_present == 512);
    CHECK(found.small_huge == 0);
    if (found.by_smaps == 0) {
        MESSAGE("this machine gives no huge pages: only the small ones were checked");
    }
}

TEST_CASE("an unprivileged user sees the same huge pages") {
    const auto status = status_unprivileged("/proc/self/exe", [] {
        ::prctl(PR_SET_DUMPABLE, 1);  // otherwise we may not open our own files in /proc
        const Found found = look_at_blocks();
        return found.small_present == 512 && found.huge == found.by_smaps && found.small_huge == 0 ? 0 : 1;
    });
    CHECK(status.value_or(0) == 0);
}
