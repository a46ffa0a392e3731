// How often to look into a process whose memory or files do not answer in time. Each reading that is late holds the process for
// the whole deadline, so it is tried ever more rarely: a thousand events cost a few deadlines and not a thousand.
#pragma once

#include <cstddef>
#include <cstdint>
#include <unordered_map>

namespace procatlas {

class ReadingPatience {
public:
    // At an event of the process: whether to read, or to pass over it.
    [[nodiscard]] bool wants_reading(std::int32_t pid);
    void answered(std::int32_t pid, bool late);
    // A child has the memory and the files of its parent.
    void forked(std::int32_t parent, std::int32_t child);
    // It runs another program now, or is gone.
    void forget(std::int32_t pid) { late_.erase(pid); }

private:
    struct Late {
        unsigned in_a_row = 0;
        std::size_t passed_over = 0;  // still to be passed over
    };
    std::unordered_map<std::int32_t, Late> late_;
};

}  // namespace procatlas
