#include "core/base/start_descriptors.h"

#include <fcntl.h>
#include <unistd.h>

namespace procatlas {
namespace {

std::vector<int> open_descriptors() {
    constexpr int last = 255;  // shells take numbers below; a copy of each needs a higher one for a moment (ChildProgram)
    std::vector<int> found;
    for (int number = STDERR_FILENO + 1; number <= last; ++number) {
        const int flags = ::fcntl(number, F_GETFD);
        if (flags != -1 && (flags & FD_CLOEXEC) == 0) {
            found.push_back(number);
        }
    }
    return found;
}

}  // namespace

const std::vector<int>& descriptors_at_start() {
    static const std::vector<int> found = open_descriptors();
    return found;
}

void close_descriptors_at_start() {
    for (const int number : descriptors_at_start()) {
        ::close(number);
    }
}

}  // namespace procatlas
