#include "core/observe/linux/trace/attach.h"

#include <sys/ptrace.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <set>
#include <system_error>

#include "core/observe/linux/launch/launch.h"
#include "core/observe/linux/proc/found_process.h"
#include "core/observe/linux/proc/proc_stat.h"
#include "core/observe/linux/proc/proc_status.h"

namespace procatlas {
namespace {

// Of a call that a filter of the program's own would have traced, nobody may take the answer over.
long attach_options() {
    return trace_options() & ~static_cast<long>(PTRACE_O_EXITKILL | PTRACE_O_TRACESECCOMP);
}

std::string yama_scope() {
    std::string scope;
    std::ifstream("/proc/sys/kernel/yama/ptrace_scope") >> scope;
    return scope;
}

// What can be known beforehand, and is said better than by an error of the kernel.
Refused why_not(pid_t pid) {
    const auto stat = read_proc_stat(pid);
    const ThreadOwner owner = owner_of_thread(pid);
    if (pid <= 0 || !stat || owner.process == 0) {
        return {AttachRefusal::no_process, {}};
    }
    if (owner.process != pid) {
        return {AttachRefusal::thread, std::to_string(owner.process)};
    }
    if (stat->kernel_thread) {
        return {AttachRefusal::kernel, {}};
    }
    if (stat->state == 'Z' || stat->state == 'X') {
        return {read_threads(pid).size() > 1 ? AttachRefusal::leader_ended : AttachRefusal::ended, {}};
    }
    if (pid == ::getpid() || pid == ::getppid()) {
        return {AttachRefusal::ourselves, {}};
    }
    if (pid == 1 || number_in_its_namespace(pid) == 1) {
        return {AttachRefusal::first_of_all, {}};
    }
    if (const pid_t tracer = tracer_of(pid); tracer != 0) {
        return {AttachRefusal::traced, std::to_string(tracer)};
    }
    return {};
}

Refused refusal_of(pid_t pid, int error) {
    if (error == ESRCH) {
        return {AttachRefusal::no_process, {}};
    }
    if (error != EPERM && error != EACCES) {
        return {AttachRefusal::other, std::generic_category().message(error)};
    }
    const auto user = user_of(pid);
    if (user && *user != ::geteuid() && ::geteuid() != 0) {
        return {AttachRefusal::other_user, std::to_string(*user)};
    }
    const std::string scope = yama_scope();
    const bool yama = scope == "3" || (::geteuid() != 0 && (scope == "1" || scope == "2"));
    return yama ? Refused{AttachRefusal::yama, scope} : Refused{AttachRefusal::not_permitted, {}};
}

bool seize(pid_t thread) {
    return ::ptrace(PTRACE_SEIZE, thread, nullptr, attach_options()) == 0;
}

// A thread that is not seized yet may make others meanwhile, so until nobody is new. One that a seized thread has made is
// seized already.
void seize_others(pid_t pid, std::vector<pid_t>& seized) {
    std::set<pid_t> seen(seized.begin(), seized.end());
    constexpr int most_rounds = 1000;  // against a program that makes threads faster than we look
    bool any_new = true;
    for (int round = 0; any_new && round < most_rounds; ++round) {
        any_new = false;
        for (const pid_t thread : read_threads(pid)) {
            if (seen.insert(thread).second) {
                any_new = true;
                if (seize(thread)) {
                    seized.push_back(thread);
                }
            }
        }
    }
}

}  // namespace

std::expected<Seized, Refused> seize_process(const LaunchCommand& command) {
    const pid_t pid = command.pid;
    if (command.grain != Grain::none || command.watch_memory) {
        return std::unexpected(Refused{AttachRefusal::grain_too_fine, {}});
    }
    if (const Refused refused = why_not(pid); refused.why != AttachRefusal::none) {
        return std::unexpected(refused);
    }
    auto found = read_found_process(pid);
    if (!found || !seize(pid)) {
        return std::unexpected(refusal_of(pid, found ? errno : ESRCH));
    }
    Seized seized{found->key, std::move(found->process)};
    seized.found.ancestors = read_ancestors(pid);
    seized.found.threads = {pid};
    seize_others(pid, seized.found.threads);
    return seized;
}

}  // namespace procatlas
