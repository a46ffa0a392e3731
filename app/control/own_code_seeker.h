// Lets a program that is held from its start go on until it is at its own code: its first events are the loader's.
#pragma once

#include <cstddef>
#include <optional>

#include "core/live/live_run.h"

namespace procatlas {

class OwnCodeSeeker {
public:
    enum class Seeks { no, yes };

    // A program has just been started, or is about to be.
    void begin(Seeks seeks);
    [[nodiscard]] bool seeks() const { return seeks_; }
    // When there are new events. At the first call or line that is told, or, where none can be told, when the program has been
    // started, it has found it. Error: the program could not be let go on.
    Result<void> follow(LiveRun& run);

private:
    bool seeks_ = false;
    std::size_t sought_ = 0;                 // events looked at for it
    std::optional<std::size_t> stepped_at_;  // the event after which it was let go on
};

}  // namespace procatlas
