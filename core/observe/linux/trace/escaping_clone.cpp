#include "core/observe/linux/trace/escaping_clone.h"

#include <sched.h>
#include <sys/syscall.h>

#include <cstring>
#include <optional>
#include <string>

#include "core/observe/linux/proc/present_bytes.h"

namespace procatlas {
namespace {

constexpr std::uint64_t untraced = CLONE_UNTRACED;

// The first member of struct clone_args.
std::optional<std::uint64_t> flags_in_memory(pid_t tid, Address arguments) {
    std::uint64_t flags = 0;
    const std::string bytes = read_present_bytes(tid, arguments, sizeof flags);
    if (bytes.size() != sizeof flags) {
        return std::nullopt;
    }
    std::memcpy(&flags, bytes.data(), sizeof flags);
    return flags;
}

bool set_flags_in_memory(pid_t tid, Address arguments, std::uint64_t flags) {
    std::string bytes(sizeof flags, '\0');
    std::memcpy(bytes.data(), &flags, sizeof flags);
    return write_present_bytes(tid, arguments, bytes);
}

}  // namespace

UntracedFlag take_untraced_flag(const TracedThread& thread, const PendingCall& call) {
    if (call.number == __NR_clone) {
        if ((call.arguments[0] & untraced) == 0) {
            return UntracedFlag::kept;
        }
        set_first_argument(thread.tid, call, call.arguments[0] & ~untraced);
        return UntracedFlag::taken;
    }
    const auto flags = flags_in_memory(thread.tid, call.arguments[0]);
    if (!flags) {
        return UntracedFlag::unknown;
    }
    if ((*flags & untraced) == 0) {
        return UntracedFlag::kept;
    }
    return set_flags_in_memory(thread.tid, call.arguments[0], *flags & ~untraced) ? UntracedFlag::taken
                                                                                  : UntracedFlag::unknown;
}

void put_untraced_flag_back(const TracedThread& thread, const PendingCall& call, UntracedFlag how) {
    if (how != UntracedFlag::taken) {
        return;
    }
    if (call.number == __NR_clone) {
        restore_first_argument(thread.tid, call);
    } else if (const auto flags = flags_in_memory(thread.tid, call.arguments[0])) {
        set_flags_in_memory(thread.tid, call.arguments[0], *flags | untraced);
    }
}

}  // namespace procatlas
