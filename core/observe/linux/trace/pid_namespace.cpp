#include "core/observe/linux/trace/pid_namespace.h"

#include <string>

#include "core/observe/linux/proc/proc_file.h"
#include "core/observe/linux/proc/proc_status.h"

namespace procatlas {

bool is_in_our_pid_namespace(TracedProcess& process) {
    if (!process.in_our_pid_namespace) {
        process.in_our_pid_namespace = number_in_its_namespace(process.key.pid) == 0;
    }
    return *process.in_our_pid_namespace;
}

pid_t our_number_of(Tracees& tracees, TracedProcess& process, pid_t number) {
    if (number == 0 || is_in_our_pid_namespace(process)) {
        return number;
    }
    const auto its = read_proc_link(process.key.pid, "ns/pid");
    for (auto& [pid, other] : tracees.processes()) {
        if (!other.is_dead() && !is_in_our_pid_namespace(other) && number_in_its_namespace(pid) == number) {
            const auto others = read_proc_link(pid, "ns/pid");
            if (its && others && *its == *others) {
                return pid;
            }
        }
    }
    return 0;
}

}  // namespace procatlas
