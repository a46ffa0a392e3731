// What a snapshot costs beside a bare read of the same file: the process measured is a child that has so many mappings and
// waits.
#include <benchmark/benchmark.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <string>

#include "core/base/unique_fd.h"
#include "core/observe/linux/proc/maps.h"
#include "core/stream/proc_maps.h"
#include "tests/bench/map_maker.h"

namespace {

using namespace procatlas;

class Subject {
public:
    explicit Subject(std::size_t mappings) {
        std::array<int, 2> ready{};
        if (::pipe(ready.data()) != 0) {
            std::abort();
        }
        pid_ = ::fork();
        if (pid_ == 0) {
            const bool made = make_mappings(mappings);
            (void)!::write(ready[1], made ? "1" : "0", 1);
            ::pause();
            ::_exit(0);
        }
        char made = '0';
        if (::read(ready[0], &made, 1) != 1 || made != '1') {
            std::abort();
        }
        ::close(ready[0]);
        ::close(ready[1]);
    }
    Subject(const Subject&) = delete;
    Subject& operator=(const Subject&) = delete;
    ~Subject() {
        ::kill(pid_, SIGKILL);
        ::waitpid(pid_, nullptr, 0);
    }
    [[nodiscard]] pid_t pid() const { return pid_; }

private:
    pid_t pid_ = 0;
};

void raw_read(benchmark::State& state) {
    const Subject subject(static_cast<std::size_t>(state.range(0)));
    const std::string path = "/proc/" + std::to_string(subject.pid()) + "/maps";
    std::array<char, 8192> buffer{};
    for (auto _ : state) {
        const UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
        ssize_t size = 0;
        while ((size = ::read(fd.get(), buffer.data(), buffer.size())) > 0) {
            benchmark::DoNotOptimize(buffer);
        }
    }
}

void snapshot(benchmark::State& state) {
    const Subject subject(static_cast<std::size_t>(state.range(0)));
    MemoryText text;
    std::size_t mappings = 0;
    for (auto _ : state) {
        if (!read_memory_text(subject.pid(), false, text)) {
            std::abort();
        }
        const auto space = parse_proc_maps(text.maps);
        mappings = space ? space->mappings.size() : 0;
    }
    state.counters["mappings"] = static_cast<double>(mappings);
}

BENCHMARK(raw_read)->Arg(30)->Arg(300)->Arg(3'000)->Arg(30'000);
BENCHMARK(snapshot)->Arg(30)->Arg(300)->Arg(3'000)->Arg(30'000);

}  // namespace

BENCHMARK_MAIN();
