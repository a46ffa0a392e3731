#include "core/observe/linux/proc/proc_status.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <unistd.h>

#include <array>
#include <bit>
#include <charconv>
#include <cstdint>
#include <string_view>

#include "core/observe/linux/proc/proc_file.h"

namespace procatlas {
namespace {

// 0: not there.
std::uint64_t status_field(std::string_view status, std::string_view name, int base) {
    std::uint64_t value = 0;
    if (const auto at = status.find(name); at != std::string_view::npos) {
        std::from_chars(status.data() + at + name.size(), status.data() + status.size(), value, base);
    }
    return value;
}

}  // namespace

bool is_traced_by_us(pid_t pid) {
    std::array<char, 64> path{};
    *fmt::format_to_n(path.data(), path.size() - 1, "/proc/{}/status", pid).out = '\0';
    const int file = ::open(path.data(), O_RDONLY | O_CLOEXEC);
    std::array<char, 4096> text{};
    const ssize_t got = file < 0 ? 0 : ::read(file, text.data(), text.size());
    if (file >= 0) {
        ::close(file);
    }
    const std::string_view status(text.data(), static_cast<std::size_t>(got > 0 ? got : 0));
    return status_field(status, "\nTracerPid:\t", 10) == static_cast<std::uint64_t>(::getpid());
}

pid_t tracer_of(pid_t pid) {
    const auto status = read_small_proc_file(pid, "status");
    return status ? static_cast<pid_t>(status_field(*status, "\nTracerPid:\t", 10)) : 0;
}

std::optional<uid_t> user_of(pid_t pid) {
    const auto status = read_small_proc_file(pid, "status");
    const auto at = status ? status->find("\nUid:\t") : std::string::npos;
    const auto effective = at == std::string::npos ? at : status->find('\t', at + 6);
    if (effective == std::string::npos) {
        return std::nullopt;
    }
    return static_cast<uid_t>(status_field(status->substr(effective), "\t", 10));
}

bool ignores_children(pid_t pid) {
    const auto status = read_small_proc_file(pid, "status");
    return status && (status_field(*status, "\nSigIgn:\t", 16) >> (SIGCHLD - 1) & 1) != 0;
}

bool handles_signal(pid_t tid, int signal) {
    const auto status = read_small_proc_file(tid, "status");
    const auto has = [&](std::string_view name) { return (status_field(*status, name, 16) >> (signal - 1) & 1) != 0; };
    return status && has("\nSigCgt:\t") && !has("\nSigBlk:\t");
}

std::optional<DueSignal> due_signal(pid_t tid) {
    const auto status = read_small_proc_file(tid, "status");
    if (!status) {
        return std::nullopt;
    }
    const auto set = [&](std::string_view name) { return status_field(*status, name, 16); };
    const std::uint64_t caught = set("\nSigCgt:\t");
    std::uint64_t harmless = set("\nSigIgn:\t");
    for (const int number : {SIGCHLD, SIGURG, SIGWINCH, SIGCONT}) {  // signal(7): ignored by default
        harmless |= (1ull << (number - 1)) & ~caught;
    }
    const std::uint64_t due = (set("\nSigPnd:\t") | set("\nShdPnd:\t")) & ~set("\nSigBlk:\t") & ~harmless;
    if (due == 0) {
        return std::nullopt;
    }
    const int bit = std::countr_zero(due);
    return DueSignal{bit + 1, (caught >> bit & 1) != 0};
}

bool has_pending_signal(pid_t tid) {
    const auto status = read_small_proc_file(tid, "status");
    const auto set = [&](std::string_view name) { return status_field(*status, name, 16); };
    return status && ((set("\nSigPnd:\t") | set("\nShdPnd:\t")) & ~set("\nSigBlk:\t")) != 0;
}

std::optional<int> seccomp_filters_of(pid_t tid) {
    constexpr std::string_view name = "\nSeccomp_filters:\t";
    const auto status = read_small_proc_file(tid, "status");
    if (!status || status->find(name) == std::string::npos) {
        return std::nullopt;
    }
    return static_cast<int>(status_field(*status, name, 10));
}

pid_t number_in_its_namespace(pid_t pid) {
    const auto status = read_small_proc_file(pid, "status");
    const auto at = status ? status->find("\nNSpid:\t") : std::string::npos;
    if (at == std::string::npos) {
        return 0;
    }
    std::string_view numbers = std::string_view(*status).substr(at + 8);
    numbers = numbers.substr(0, numbers.find('\n'));
    const auto last = numbers.rfind('\t');  // from the outermost namespace that we see to its own
    pid_t number = 0;
    if (last != std::string_view::npos && last > 0) {
        std::from_chars(numbers.data() + last + 1, numbers.data() + numbers.size(), number);
    }
    return number;
}

ThreadOwner owner_of_thread(pid_t tid) {
    const auto status = read_small_proc_file(tid, "status");
    return status ? ThreadOwner{static_cast<pid_t>(status_field(*status, "\nTgid:\t", 10)),
                                static_cast<pid_t>(status_field(*status, "\nPPid:\t", 10))}
                  : ThreadOwner{};
}

std::uint64_t rest_of(pid_t pid) {
    const auto status = read_small_proc_file(pid, "status");
    if (!status || status->find("\nState:\tR") != std::string::npos || status_field(*status, "\nThreads:\t", 10) != 1) {
        return 0;
    }
    return 1 + status_field(*status, "\nvoluntary_ctxt_switches:\t", 10) +
           status_field(*status, "\nnonvoluntary_ctxt_switches:\t", 10);
}

}  // namespace procatlas
