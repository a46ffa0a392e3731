#include "core/inspect/client/known_frames.h"

#include <utility>

namespace procatlas {

KnownFrames::Frames& KnownFrames::last_of(pid_t thread) {
    constexpr std::size_t most_threads = 64;  // both sides forget at the same time
    if (last_.size() >= most_threads && !last_.contains(thread)) {
        last_.clear();
    }
    return last_[thread];
}

void KnownFrames::shorten(pid_t thread, Inside& inside) {
    if (!inside.stack) {
        return;
    }
    Frames& last = last_of(thread);
    Stack stack = *inside.stack;
    Frames now = stack.frames;
    for (std::size_t i = 1; i <= now.size() && i <= last.size(); ++i) {
        if (now[now.size() - i] == last[last.size() - i]) {
            stack.frames[now.size() - i] = nullptr;
        }
    }
    last = std::move(now);
    inside.stack = std::make_shared<const Stack>(std::move(stack));
}

bool KnownFrames::restore(pid_t thread, Inside& inside) {
    if (!inside.stack) {
        return true;
    }
    Frames& last = last_of(thread);
    Stack stack = *inside.stack;
    for (std::size_t i = 1; i <= stack.frames.size(); ++i) {
        auto& frame = stack.frames[stack.frames.size() - i];
        if (!frame && i <= last.size()) {
            frame = last[last.size() - i];
        }
        if (!frame) {
            return false;
        }
    }
    last = stack.frames;
    inside.stack = std::make_shared<const Stack>(std::move(stack));
    return true;
}

}  // namespace procatlas
