#include "core/observe/linux/probe.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <linux/seccomp.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <system_error>

#include "core/base/processor_watch.h"
#include "core/base/unique_fd.h"
#include "core/observe/linux/launch/launch.h"
#include "core/observe/linux/proc/proc_file.h"
#include "core/observe/linux/trace/wait_status.h"

namespace procatlas {
namespace {

std::string line(const char* name, bool available, const std::string& detail) {
    return fmt::format("{}\t{}\t{}\n", name, available ? "yes" : "no", detail);
}

std::string reason(bool available, int error) {
    return available ? "" : std::generic_category().message(error);
}

// Seizes a child of our own, which waits to be killed.
std::string probe_ptrace() {
    const pid_t child = ::fork();
    if (child == 0) {
        ::pause();
        ::_exit(0);
    }
    const bool seized = child > 0 && ::ptrace(PTRACE_SEIZE, child, nullptr, trace_options()) == 0;
    const int error = errno;
    if (child > 0) {
        ::kill(child, SIGKILL);
        int status = 0;
        while (::waitpid(child, &status, __WALL) == child && WaitStatus(status).is_stop()) {
            ::ptrace(PTRACE_CONT, child, nullptr, nullptr);
        }
    }
    return line("ptrace", seized, reason(seized, error));
}

std::string probe_seccomp() {
    std::uint32_t action = SECCOMP_RET_TRACE;
    const bool available = ::syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &action) == 0;
    return line("seccomp", available, reason(available, errno));
}

std::string probe_pagemap() {
    const UniqueFd pagemap(::open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC));
    const int on_stack = 0;
    std::uint64_t entry = 0;
    const auto offset = static_cast<off_t>(reinterpret_cast<std::uintptr_t>(&on_stack) / 4096 * sizeof entry);
    const bool available = pagemap && ::pread(pagemap.get(), &entry, sizeof entry, offset) == sizeof entry;
    const bool frames = (entry & ((1ull << 55) - 1)) != 0;
    return line("pagemap", available, available ? "" : reason(false, errno)) + line("page_frames", frames, "");
}

// The ioctls of /proc/PID/maps (Linux 6.11) and /proc/PID/pagemap (6.7), by their numbers: older headers lack them. An argument
// of the wrong size is refused with another error than a number that is not known.
std::string probe_ioctl(const char* name, const char* file, unsigned char number, unsigned size) {
    const UniqueFd fd(::open(file, O_RDONLY | O_CLOEXEC));
    std::array<std::uint64_t, 32> argument{};
    argument[0] = size;
    const unsigned long request = _IOC(_IOC_READ | _IOC_WRITE, static_cast<unsigned>('f'), number, size);
    const bool available = fd && (::ioctl(fd.get(), request, argument.data()) >= 0 || errno != ENOTTY);
    return line(name, available, "");
}

std::string first_line(const char* file) {
    const UniqueFd fd(::open(file, O_RDONLY | O_CLOEXEC));
    std::array<char, 128> text{};
    const ssize_t got = fd ? ::read(fd.get(), text.data(), text.size()) : 0;
    const std::string_view all(text.data(), static_cast<std::size_t>(got > 0 ? got : 0));
    return std::string(all.substr(0, all.find('\n')));
}

}  // namespace

std::string probe_text() {
    utsname name{};
    ::uname(&name);
    const bool subreaper = ::prctl(PR_SET_CHILD_SUBREAPER, 1) == 0;
    const std::string yama = first_line("/proc/sys/kernel/yama/ptrace_scope");
    std::string text = line("kernel", true, fmt::format("{} {} {}", name.sysname, name.release, name.machine));
    text += probe_ptrace();
    // At 1 a tracee may be read by those who trace it or whom it comes from, and procatlas-reader is neither (yama_lsm.c).
    text += line("yama", yama.empty() || yama == "0" || (yama == "1" && ::geteuid() == 0), yama);
    text += probe_seccomp();
    text += line("subreaper", subreaper, reason(subreaper, errno));
    text += probe_pagemap();
    text += probe_ioctl("procmap_query", "/proc/self/maps", 17, 104);
    text += probe_ioctl("pagemap_scan", "/proc/self/pagemap", 16, 96);
    text += line("debug_registers", processor_watches_here(), "");
    text += line("privileged", ::geteuid() == 0, "");
    return text;
}

}  // namespace procatlas
