#include "core/observe/linux/trace/turn_limits.h"

#include <sys/mman.h>
#include <sys/syscall.h>

#include <algorithm>
#include <string>

#include "core/model/turns.h"
#include "core/observe/linux/proc/copied_bytes.h"

namespace procatlas {
namespace {

// Whether a struct timespec or timeval of the program is there and not zero: the call is over at some time by itself.
bool has_time_limit(const TracedThread& thread, Address at) {
    const std::string bytes = at != 0 ? read_copied_bytes(thread.tid, at, 16) : std::string();
    return std::ranges::any_of(bytes, [](char byte) { return byte != 0; });
}

bool waits_by_clock(const TracedThread& thread, const PendingCall& call) {
    const auto& a = call.arguments;
    switch (call.number) {
        case __NR_ppoll:
        case __NR_rt_sigtimedwait:
            return has_time_limit(thread, a[2]);
        case __NR_pselect6:
            return has_time_limit(thread, a[4]);
        case __NR_epoll_pwait:
            return static_cast<std::int32_t>(a[3]) > 0;
#ifdef __NR_poll
        case __NR_poll:
            return static_cast<std::int32_t>(a[2]) > 0;
        case __NR_select:
            return has_time_limit(thread, a[4]);
        case __NR_epoll_wait:
            return static_cast<std::int32_t>(a[3]) > 0;
        case __NR_alarm:
            return a[0] != 0;
#endif
        case __NR_setitimer:
        case __NR_timer_settime:
        case __NR_timerfd_settime:
            return true;
        default:
            return false;
    }
}

}  // namespace

std::string_view turns_limit_of(const TracedThread& thread, const PendingCall& call) {
    switch (call.number) {
        case __NR_mmap: {
            const bool shared = (call.arguments[3] & MAP_SHARED) != 0 && (call.arguments[2] & PROT_WRITE) != 0;
            return shared ? turns_limit::shared_memory : std::string_view();
        }
        case __NR_shmat:
            return turns_limit::shared_memory;
        default:
            return is_sleep(call)                 ? turns_limit::sleep
                   : waits_by_clock(thread, call) ? turns_limit::timers
                                                  : std::string_view();
    }
}

bool is_sleep(const PendingCall& call) {
    return call.number == __NR_nanosleep || call.number == __NR_clock_nanosleep;
}

}  // namespace procatlas
