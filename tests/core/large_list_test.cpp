// A list whose older part may leave memory.
#include "core/base/large_list.h"

#include <doctest/doctest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <new>
#include <string>
#include <utility>

namespace procatlas {
namespace {

// How much of this process's memory is of files, in bytes (proc(5): statm).
std::size_t resident_of_files() {
    std::ifstream statm("/proc/self/statm");
    std::size_t size = 0;
    std::size_t resident = 0;
    std::size_t shared = 0;
    statm >> size >> resident >> shared;
    return shared * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
}

// Runs `act` in a process of its own. Returns its exit status.
template <typename Act>
int status_of_child(Act act) {
    const pid_t child = ::fork();
    if (child == 0) {
        ::_exit(act());
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

}  // namespace

TEST_CASE("a large list keeps its elements where they are") {
    LargeList<std::string> list;
    CHECK(list.empty());
    CHECK(list.begin() == list.end());
    constexpr std::size_t count = 3 * LargeMemory::step / sizeof(std::string);
    const std::string* const first = &list.emplace_back("0");
    for (std::size_t i = 1; i < count; ++i) {
        list.push_back(std::to_string(i) + (i % 1000 == 0 ? ", a text that does not fit into the string itself" : ""));
    }
    CHECK(&list[0] == first);
    const LargeList<std::string> moved = std::move(list);
    CHECK(&moved[0] == first);
    CHECK(moved.size() == count);
    std::size_t wrong = 0;
    for (std::size_t i = 1; i < count; ++i) {
        wrong +=
            moved[i] == std::to_string(i) + (i % 1000 == 0 ? ", a text that does not fit into the string itself" : "") ? 0 : 1;
    }
    CHECK(wrong == 0);
}

TEST_CASE("what a list cuts off is destroyed, and what it holds is destroyed with it") {
    const auto counted = std::make_shared<int>(1);
    {
        LargeList<std::shared_ptr<int>> list;
        for (int i = 0; i < 10; ++i) {
            list.push_back(counted);
        }
        list.cut(20);
        CHECK(list.size() == 10);
        list.cut(4);
        CHECK(list.size() == 4);
        CHECK(counted.use_count() == 5);
    }
    CHECK(counted.use_count() == 1);
}

TEST_CASE("the older part of a large list leaves memory, and comes back whole") {
    LargeMemory probe(2 * LargeMemory::step);
    probe.grow(2 * LargeMemory::step);
    if (probe.in_file() == 0) {
        MESSAGE("not tested: there is no folder for temporary files on a disk");
        return;
    }
    LargeList<std::uint64_t> list;
    constexpr std::size_t size = 32 * LargeMemory::step;
    const std::size_t before = resident_of_files();
    for (std::uint64_t i = 0; i < size / sizeof i; ++i) {
        list.push_back(i * 7);
    }
    list.let_go();
    CHECK(resident_of_files() < before + 3 * LargeMemory::step);
    std::size_t wrong = 0;
    for (std::uint64_t i = 0; i < list.size(); ++i) {
        wrong += list[i] == i * 7 ? 0 : 1;
    }
    CHECK(wrong == 0);
    CHECK(resident_of_files() > before + 20 * LargeMemory::step);  // it was looked at
    list[list.size() / 2] = 5;
    list.let_go();
    CHECK(list[list.size() / 2] == 5);
}

TEST_CASE("where addresses are limited a list grows as far as they reach, and then says so") {
    const int status = status_of_child([] {
        std::ifstream statm("/proc/self/statm");
        std::size_t pages = 0;
        statm >> pages;
        const rlim_t most = pages * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE)) + 24 * LargeMemory::step;
        const rlimit limit{most, most};
        ::setrlimit(RLIMIT_AS, &limit);
        LargeList<std::uint64_t> list;
        try {
            for (std::uint64_t i = 0; i < (std::uint64_t{1} << 40); ++i) {
                list.push_back(i);
            }
        } catch (const std::bad_alloc&) {
            for (std::uint64_t i = 0; i < list.size(); ++i) {
                if (list[i] != i) {
                    return 2;
                }
            }
            return list.size() * sizeof(std::uint64_t) >= 4 * LargeMemory::step ? 0 : 3;
        }
        return 1;
    });
    CHECK(status == 0);
}

TEST_CASE("without a folder for its file a list is in ordinary memory") {
    const int status = status_of_child([] {
        ::setenv("TMPDIR", "/dev/shm", 1);
        rlimit files{};
        ::getrlimit(RLIMIT_NOFILE, &files);
        files.rlim_cur = 0;  // no descriptor is left for the file
        ::setrlimit(RLIMIT_NOFILE, &files);
        LargeList<std::uint64_t> list;
        for (std::uint64_t i = 0; i < 3 * LargeMemory::step / sizeof i; ++i) {
            list.push_back(i);
        }
        list.let_go();
        for (std::uint64_t i = 0; i < list.size(); ++i) {
            if (list[i] != i) {
                return 1;
            }
        }
        return 0;
    });
    CHECK(status == 0);
}

}  // namespace procatlas
