#include "core/observe/linux/trace/own_seccomp.h"

#include <linux/seccomp.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "core/observe/linux/launch/syscall_filter.h"
#include "core/observe/linux/proc/proc_status.h"

namespace procatlas {

OwnSeccomp::OwnSeccomp()
    : inherited_filters_(seccomp_filters_of(::getpid())), no_new_privileges_(::prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1) {}

std::optional<int> OwnSeccomp::own_filters(const TracedThread& thread) const {
    const auto all = seccomp_filters_of(thread.tid);
    if (!all || !inherited_filters_) {
        return std::nullopt;
    }
    return *all - *inherited_filters_ - 1 - thread.process->calls.filters_added;
}

OwnSeccomp::Entry OwnSeccomp::take_entry(TracedThread& thread, const CallEntry& entry) const {
    if (entry.mark == forbidden_mark) {
        ::syscall(SYS_tgkill, thread.process->key.pid, thread.tid, SIGKILL);
        return Entry::answered;
    }
    if (entry.mark != watched_mark) {
        answer_call(thread.tid, -ENOSYS);
        return Entry::answered;
    }
    if (entry.call.form != CallForm::native) {
        return Entry::not_ours;
    }
    if (entry.call.number == __NR_prctl) {
        return take_prctl(thread, entry.call);
    }
    if (entry.call.number == __NR_seccomp) {
        return entry.call.arguments[1] == 0 && entry.call.arguments[2] == 0 ? take_strict(thread) : Entry::answered;
    }
    return Entry::not_ours;
}

OwnSeccomp::Entry OwnSeccomp::take_prctl(TracedThread& thread, const PendingCall& call) const {
    const auto& a = call.arguments;
    const bool others_zero = a[2] == 0 && a[3] == 0 && a[4] == 0;
    WatchedCalls& calls = thread.process->calls;
    switch (a[0]) {
        case PR_GET_SECCOMP:
            if (inherited_filters_ == 0 && own_filters(thread) == 0) {
                answer_call(thread.tid, 0);
            }
            return Entry::answered;
        case PR_SET_SECCOMP:
            return a[1] == SECCOMP_MODE_STRICT ? take_strict(thread) : Entry::answered;
        case PR_SET_NO_NEW_PRIVS:
            calls.no_new_privileges |= a[1] == 1 && others_zero;
            return Entry::answered;
        case PR_GET_NO_NEW_PRIVS:
            if (a[1] == 0 && others_zero) {
                answer_call(thread.tid, calls.no_new_privileges || no_new_privileges_ ? 1 : 0);
            }
            return Entry::answered;
        default:
            return Entry::answered;
    }
}

// The call is passed over. At its return a filter is added instead.
OwnSeccomp::Entry OwnSeccomp::take_strict(const TracedThread& thread) const {
    if (own_filters(thread) != 0) {
        return Entry::answered;  // the kernel refuses it, as it would without us
    }
    answer_call(thread.tid, 0);
    return Entry::wants_return;
}

void OwnSeccomp::take_return(TracedThread& thread) const {
    thread.addition = FilterAddition::begin(thread.tid, make_strict_filter(), FilterAddition::For::the_thread);
    if (thread.addition) {
        thread.call = PendingCall{__NR_seccomp, {}};
    } else {
        set_result(thread.tid, -EINVAL);
    }
}

bool OwnSeccomp::add_descriptor(TracedThread& thread, std::int32_t descriptor) const {
    constexpr int most_added = 16;
    WatchedCalls& calls = thread.process->calls;
    if (!calls.filtered.insert(descriptor).second || calls.filters_added >= most_added || own_filters(thread) != 0) {
        return false;
    }
    const auto whom = thread.process->threads > 1 ? FilterAddition::For::the_process : FilterAddition::For::the_thread;
    thread.addition = FilterAddition::begin(thread.tid, make_descriptor_filter(descriptor), whom);
    if (!thread.addition) {
        return false;
    }
    ++calls.filters_added;
    thread.call = PendingCall{__NR_seccomp, {}};
    return true;
}

}  // namespace procatlas
