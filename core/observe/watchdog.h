// Decides whether the observer still works, from what is heard of it and what the kernel says about it. Counts ticks and not
// time: whoever asks may have stood still too, and both then go on together. Does no I/O.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace procatlas {

// What /proc/PID/stat says of a process.
struct KernelsWord {
    char state = '?';             // proc(5): R, S, D, T, t, Z, ...
    std::uint64_t cpu_ticks = 0;  // in user and kernel mode
    std::uint64_t start_ticks = 0;
};

// The text of /proc/PID/stat. nullopt: it is damaged.
[[nodiscard]] std::optional<KernelsWord> parse_kernels_word(std::string_view stat);
// nullopt: there is no such process, or no /proc.
[[nodiscard]] std::optional<KernelsWord> read_kernels_word(std::int32_t pid);

class Watchdog {
public:
    static constexpr std::chrono::milliseconds tick_time{250};

    // Of an observer on another machine the kernel here says nothing, and the network may be slow.
    enum class Place { here, far };

    explicit Watchdog(Place place = Place::here) : place_(place) {}

    enum class Verdict {
        works,
        ask,   // ask it for a sign of life
        tell,  // it has been silent for a second, but is doing something
        end,   // it will not come back; `why` says what is known
    };

    // Something came from the observer.
    void heard() { heard_ = true; }
    // To be called each `tick_time`, when all that had come was taken. `word`: of the observer, now.
    [[nodiscard]] Verdict tick(const std::optional<KernelsWord>& word);
    [[nodiscard]] const std::string& why() const { return why_; }

private:
    [[nodiscard]] Verdict end(std::string why);

    Place place_;
    bool heard_ = false;
    bool asked_ = false;
    bool told_ = false;
    unsigned silent_ = 0;  // ticks since it was asked
    std::optional<KernelsWord> when_asked_;
    std::string why_;
};

}  // namespace procatlas
