#include "app/cli/result_output.h"

#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>

namespace procatlas {
namespace {

std::size_t piece_size() {
    constexpr std::size_t of_a_file = 1u << 20;
    struct stat status{};
    const bool file = ::fstat(STDOUT_FILENO, &status) == 0 && S_ISREG(status.st_mode);
    return file ? of_a_file : PIPE_BUF;  // pipe(7): so much fits where poll says that a pipe is writable
}

}  // namespace

ResultOutput::ResultOutput(const EndSignals& signals) : signals_(signals), piece_(piece_size()) {}

void ResultOutput::put(std::string_view text) {
    if (!failed_) {
        text_ += text;
    }
}

void ResultOutput::write_some() {
    const ssize_t written = ::write(STDOUT_FILENO, text_.data() + at_, std::min(piece_, text_.size() - at_));
    if (written >= 0) {
        at_ += static_cast<std::size_t>(written);
    } else if (errno != EINTR && errno != EAGAIN) {
        failed_ = true;
    }
    if (at_ == text_.size() || failed_) {
        text_.clear();
        at_ = 0;
    } else if (at_ > limit) {
        text_.erase(0, at_);
        at_ = 0;
    }
}

bool ResultOutput::asked_to_end() {
    if (interrupts_ < 0) {
        interrupts_ = signals_.interrupts();
        requests_ = signals_.requests();
    }
    return signals_.interrupts() >= interrupts_ + 2 || signals_.requests() > requests_;
}

void ResultOutput::finish() {
    while (waiting()) {
        if (asked_to_end()) {
            failed_ = true;
            return;
        }
        pollfd ready{STDOUT_FILENO, POLLOUT, 0};
        if (::ppoll(&ready, 1, nullptr, &signals_.while_waiting()) > 0) {
            write_some();
        }
    }
}

}  // namespace procatlas
