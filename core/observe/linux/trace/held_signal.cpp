#include "core/observe/linux/trace/held_signal.h"

#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "core/observe/linux/proc/proc_status.h"

namespace procatlas {
namespace {

constexpr std::uint64_t between_timer_signals_ns = 20'000'000;
constexpr int most_held_tries = 50;

bool is_of_timer(const siginfo_t& info) {
    const bool interval_timer = info.si_signo == SIGALRM || info.si_signo == SIGVTALRM || info.si_signo == SIGPROF;
    return info.si_code == SI_TIMER || (interval_timer && info.si_code == SI_KERNEL);
}

}  // namespace

bool HeldSignal::is_kept_one(const siginfo_t& info) const {
    return kept_ && kept_->sent && info.si_signo == kept_->info.si_signo && info.si_code == SI_QUEUE &&
           info.si_value.sival_ptr == kept_.get();
}

bool HeldSignal::keeps_back(pid_t tid, int signal, std::uint64_t now_ns) {
    siginfo_t info{};
    if (::ptrace(PTRACE_GETSIGINFO, tid, nullptr, &info) != 0) {
        return false;
    }
    if (is_kept_one(info)) {
        ::ptrace(PTRACE_SETSIGINFO, tid, nullptr, &kept_->info);
        kept_.reset();
        last_ns_ = now_ns;
        return !handles_signal(tid, signal);  // it would have come before the handler was taken away
    }
    if (!is_of_timer(info)) {
        return false;
    }
    if (kept_) {
        return kept_->info.si_signo == signal;
    }
    if (now_ns - last_ns_ >= between_timer_signals_ns || !handles_signal(tid, signal)) {
        last_ns_ = now_ns;
        return false;
    }
    kept_ = std::make_unique<Kept>(Kept{.info = info});
    return true;
}

void HeldSignal::send_when_due(pid_t process, pid_t tid, std::uint64_t now_ns) {
    if (!kept_ || kept_->sent || now_ns - last_ns_ < between_timer_signals_ns) {
        return;
    }
    if (!handles_signal(tid, kept_->info.si_signo)) {
        // It is blocked, or is not caught any more: then it would end the process, and it would have come before.
        last_ns_ = now_ns;
        if (++kept_->tries > most_held_tries) {
            kept_.reset();
        }
        return;
    }
    siginfo_t info{};
    info.si_signo = kept_->info.si_signo;
    info.si_code = SI_QUEUE;  // the kernel keeps its own codes to itself
    info.si_value.sival_ptr = kept_.get();
    kept_->sent = true;
    if (::syscall(SYS_rt_tgsigqueueinfo, process, tid, info.si_signo, &info) != 0) {
        kept_.reset();
    }
}

std::optional<std::uint64_t> HeldSignal::due_ns() const {
    return kept_ && !kept_->sent ? std::optional(last_ns_ + between_timer_signals_ns) : std::nullopt;
}

}  // namespace procatlas
