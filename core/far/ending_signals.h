// While ssh may ask a person, the signals that end us wait until ssh has been ended.
#pragma once

#include <pthread.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "core/base/unique_fd.h"

namespace procatlas {

// Blocks them as long as it lives, and tells when one has come; that one is raised again in the end.
class EndingSignals {
public:
    EndingSignals() {
        sigemptyset(&ending_);
        for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGQUIT}) {
            sigaddset(&ending_, signal);
        }
        ::pthread_sigmask(SIG_BLOCK, &ending_, &before_);
        descriptor_.reset(::signalfd(-1, &ending_, SFD_CLOEXEC | SFD_NONBLOCK));
    }
    EndingSignals(const EndingSignals&) = delete;
    EndingSignals& operator=(const EndingSignals&) = delete;
    ~EndingSignals() {
        ::pthread_sigmask(SIG_SETMASK, &before_, nullptr);
        if (came_ != 0) {
            ::raise(came_);
        }
    }
    [[nodiscard]] int descriptor() const { return descriptor_.get(); }
    bool came() {
        signalfd_siginfo info{};
        came_ = ::read(descriptor_.get(), &info, sizeof info) == sizeof info ? static_cast<int>(info.ssi_signo) : came_;
        return came_ != 0;
    }

private:
    sigset_t ending_{};
    sigset_t before_{};
    UniqueFd descriptor_;
    int came_ = 0;
};

}  // namespace procatlas
