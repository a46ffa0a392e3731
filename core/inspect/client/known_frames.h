// Most frames of a deep stack stay as they were from one question to the next, so the reader does not send them again. It and
// its client remember the same frames; both forget them when the reader ends.
#pragma once

#include <sys/types.h>

#include <memory>
#include <unordered_map>
#include <vector>

#include "core/model/inside.h"

namespace procatlas {

class KnownFrames {
public:
    // For the reader: each frame that is the same object as in the last answer about the thread, as far from the outermost one,
    // becomes null.
    void shorten(pid_t thread, Inside& inside);
    // For its client: the other way round. False: the answer refers to a frame that there was not.
    [[nodiscard]] bool restore(pid_t thread, Inside& inside);

private:
    using Frames = std::vector<std::shared_ptr<const StackFrame>>;
    Frames& last_of(pid_t thread);

    std::unordered_map<pid_t, Frames> last_;
};

}  // namespace procatlas
