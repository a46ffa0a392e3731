// Decides how often to look into a process whose memory or files do not answer in time. Each late answer holds the process for
// the whole deadline, so attempts become ever rarer: a thousand events cost a few deadlines, not a thousand.
#pragma once

#include <cstddef>
#include <cstdint>
#include <unordered_map>

namespace procatlas {

class ReadingPatience {
public:
    // Call this at each event of the process. False: skip the reading.
    [[nodiscard]] bool wants_reading(std::int32_t pid);
    void answered(std::int32_t pid, bool late);
    // A child has the memory and files of its parent.
    void forked(std::int32_t parent, std::int32_t child);
    // The process runs another program now, or has ended.
    void forget(std::int32_t pid) { late_.erase(pid); }

private:
    struct Late {
        unsigned in_a_row = 0;
        std::size_t passed_over = 0;  // events still to be skipped
    };
    std::unordered_map<std::int32_t, Late> late_;
};

}  // namespace procatlas
