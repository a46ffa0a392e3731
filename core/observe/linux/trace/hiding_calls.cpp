#include "core/observe/linux/trace/hiding_calls.h"

#include <sys/prctl.h>
#include <sys/syscall.h>

namespace procatlas {

bool may_hide_memory(const PendingCall& call) {
    switch (call.number) {
        case __NR_prctl:
            return call.arguments[0] == PR_SET_DUMPABLE;
        case __NR_setuid:
        case __NR_setgid:
        case __NR_setreuid:
        case __NR_setregid:
        case __NR_setresuid:
        case __NR_setresgid:
        case __NR_setfsuid:
        case __NR_setfsgid:
        case __NR_capset:
            return true;
        default:
            return false;
    }
}

}  // namespace procatlas
