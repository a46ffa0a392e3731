// What the state of pages costs beside a bare read of the same range of pagemap, and beside smaps: a child that has one mapping
// of so many MiB, in which no page is there, every one is, or its own child has copied every other one or every eighth.
#include <benchmark/benchmark.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/base/unique_fd.h"
#include "core/observe/linux/proc/pagemap.h"

namespace {

using namespace procatlas;

constexpr std::size_t page_size = 4096;

enum Touched { none, all, every_other_shared, every_eighth_shared };

class Subject {
public:
    Subject(std::size_t mib, Touched touched) {
        std::array<int, 2> ready{};
        if (::pipe(ready.data()) != 0) {
            std::abort();
        }
        pid_ = ::fork();
        if (pid_ == 0) {
            ::setpgid(0, 0);
            const Address start = make(mib << 20, touched, ready[1]);
            (void)!::write(ready[1], &start, sizeof start);
            wait_for_the_end();
        }
        ::setpgid(pid_, pid_);
        if (::read(ready[0], &range_.start, sizeof range_.start) != sizeof range_.start) {
            std::abort();
        }
        range_.end = range_.start + (mib << 20);
        ::close(ready[0]);
        ::close(ready[1]);
    }
    Subject(const Subject&) = delete;
    Subject& operator=(const Subject&) = delete;
    ~Subject() {
        ::kill(-pid_, SIGKILL);
        ::waitpid(pid_, nullptr, 0);
    }
    [[nodiscard]] std::string file(const char* name) const { return "/proc/" + std::to_string(pid_) + "/" + name; }
    [[nodiscard]] pid_t pid() const { return pid_; }
    [[nodiscard]] AddressRange range() const { return range_; }

private:
    [[noreturn]] static void wait_for_the_end() {
        while (true) {
            ::pause();
        }
    }

    static Address make(std::size_t size, Touched touched, int ready) {
        void* memory = ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
        if (memory == MAP_FAILED) {
            std::abort();
        }
        ::madvise(memory, size, MADV_NOHUGEPAGE);
        char* bytes = static_cast<char*>(memory);
        for (std::size_t at = 0; touched != none && at < size; at += page_size) {
            bytes[at] = 1;
        }
        std::array<int, 2> written{};
        const bool shares = touched == every_other_shared || touched == every_eighth_shared;
        if (shares && ::pipe(written.data()) == 0 && ::fork() == 0) {
            ::close(ready);
            for (std::size_t at = 0; at < size; at += (touched == every_other_shared ? 2 : 8) * page_size) {
                bytes[at] = 2;
            }
            (void)!::write(written[1], "1", 1);
            wait_for_the_end();
        }
        char done = 0;
        if (shares && ::read(written[0], &done, 1) != 1) {
            std::abort();
        }
        return reinterpret_cast<Address>(memory);
    }

    pid_t pid_ = 0;
    AddressRange range_;
};

// One for all who are compared: which physical pages a process has got makes a third of difference.
const Subject& subject_of(const benchmark::State& state) {
    static std::map<std::pair<std::int64_t, std::int64_t>, std::unique_ptr<Subject>> subjects;
    auto& subject = subjects[{state.range(0), state.range(1)}];
    if (!subject) {
        subject = std::make_unique<Subject>(static_cast<std::size_t>(state.range(0)), static_cast<Touched>(state.range(1)));
    }
    return *subject;
}

void raw_pagemap(benchmark::State& state) {
    const Subject& subject = subject_of(state);
    std::vector<std::uint64_t> entries(4096);
    for (auto _ : state) {
        const UniqueFd fd(::open(subject.file("pagemap").c_str(), O_RDONLY | O_CLOEXEC));
        for (Address at = subject.range().start; at < subject.range().end; at += entries.size() * page_size) {
            const auto offset = static_cast<off_t>(at / page_size * sizeof entries[0]);
            if (::pread(fd.get(), entries.data(), entries.size() * sizeof entries[0], offset) <= 0) {
                std::abort();
            }
            benchmark::DoNotOptimize(entries.data());
        }
    }
}

void pages(benchmark::State& state) {
    const Subject& subject = subject_of(state);
    const std::array<AddressRange, 1> ranges{subject.range()};
    for (auto _ : state) {
        if (!read_page_states(subject.pid(), ranges, false)) {
            std::abort();
        }
    }
    const auto read = read_page_states(subject.pid(), ranges, false);
    state.counters["runs"] = read ? static_cast<double>(runs_of(*read).size()) : 0;
}

void smaps(benchmark::State& state) {
    const Subject& subject = subject_of(state);
    std::array<char, 65536> buffer{};
    for (auto _ : state) {
        const UniqueFd fd(::open(subject.file("smaps").c_str(), O_RDONLY | O_CLOEXEC));
        while (::read(fd.get(), buffer.data(), buffer.size()) > 0) {
            benchmark::DoNotOptimize(buffer);
        }
    }
}

void sizes(benchmark::internal::Benchmark* benchmark) {
    benchmark->Args({16, all})->Args({16, every_other_shared})->Args({16, every_eighth_shared})->Args({4096, none});
}

BENCHMARK(raw_pagemap)->Apply(sizes);
BENCHMARK(pages)->Apply(sizes);
BENCHMARK(smaps)->Apply(sizes);

}  // namespace

BENCHMARK_MAIN();
