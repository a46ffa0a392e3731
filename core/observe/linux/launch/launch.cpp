#include "core/observe/linux/launch/launch.h"

#include <fcntl.h>
#include <sys/personality.h>
#include <sys/ptrace.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <string_view>

#include "core/base/signal_sets.h"
#include "core/base/start_descriptors.h"
#include "core/observe/linux/launch/syscall_filter.h"

#ifndef CLOSE_RANGE_CLOEXEC
#define CLOSE_RANGE_CLOEXEC (1U << 2)
#endif

namespace procatlas {
namespace {

enum Stage : int { stage_folder, stage_filter, stage_lookup, stage_exec };

struct Failure {
    int stage = stage_exec;
    int error = 0;
};

std::vector<char*> pointers_to(const std::vector<std::string>& strings) {
    std::vector<char*> pointers;
    for (const std::string& s : strings) {
        // NOLINTNEXTLINE(cppcoreguidelines-pro-type-const-cast): execve does not write
        pointers.push_back(const_cast<char*>(s.c_str()));
    }
    pointers.push_back(nullptr);
    return pointers;
}

// Everything that the new process needs, made before the fork: after it only async-signal-safe calls are allowed.
struct Plan {
    int gate;
    int failure;
    int terminal;
    bool inherit_stdin;
    bool fixed_addresses;
    SignalSets signals;
    std::vector<int> descriptors;
    const char* folder;
    std::vector<const char*> paths;  // the first one that can be executed is
    std::vector<char*> arguments;
    std::vector<char*> script_arguments;  // for a script without "#!", as execvp(3) does it
    std::vector<char*> environment;
    std::vector<sock_filter> filter;
};

[[noreturn]] void give_up(const Plan& plan, Stage stage) {
    const Failure failure{stage, errno};
    [[maybe_unused]] const ssize_t put = ::write(plan.failure, &failure, sizeof failure);
    ::_exit(127);
}

bool is_executable_file(const char* path) {
    struct stat status{};
    return ::stat(path, &status) == 0 && S_ISREG(status.st_mode) && ::access(path, X_OK) == 0;
}

// Done by the new process and not by the observer: a file system that never answers must not keep that. Null: there is none.
const char* choose(const std::vector<const char*>& paths) {
    if (paths.size() == 1) {
        return paths.front();  // execve says what is wrong with it
    }
    for (const char* path : paths) {
        if (is_executable_file(path)) {
            return path;
        }
    }
    errno = ENOENT;
    return nullptr;
}

[[noreturn]] void become_program(Plan& plan) {
    char token = 0;
    if (::read(plan.gate, &token, 1) != 1) {
        ::_exit(127);  // the observer ended before it had seized us
    }
    set_ignored_signals(plan.signals.ignored);
    ::setpgid(0, 0);
    ::tcsetpgrp(plan.terminal, ::getpid());  // SIGTTOU is blocked still
    if (!plan.inherit_stdin) {
        ::dup2(plan.terminal, 0);
    }
    ::dup2(plan.terminal, 1);
    ::dup2(plan.terminal, 2);
    if (plan.fixed_addresses) {
        ::personality(static_cast<unsigned long>(::personality(0xffffffff)) | ADDR_NO_RANDOMIZE);
    }
    ::close_range(3, ~0U, CLOSE_RANGE_CLOEXEC);
    for (const int number : plan.descriptors) {
        ::fcntl(number, F_SETFD, 0);
    }
    set_blocked_signals(plan.signals.blocked);
    if (*plan.folder != '\0' && ::chdir(plan.folder) != 0) {
        give_up(plan, stage_folder);
    }
    const char* path = choose(plan.paths);
    if (path == nullptr) {
        give_up(plan, stage_lookup);
    }
    if (!install_syscall_filter(plan.filter)) {
        give_up(plan, stage_filter);
    }
    ::execve(path, plan.arguments.data(), plan.environment.data());
    if (errno == ENOEXEC) {
        // NOLINTNEXTLINE(cppcoreguidelines-pro-type-const-cast): execve does not write
        plan.script_arguments[1] = const_cast<char*>(path);
        ::execve("/bin/sh", plan.script_arguments.data(), plan.environment.data());
    }
    give_up(plan, stage_exec);
}

}  // namespace

long trace_options() {
    return PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK | PTRACE_O_TRACECLONE | PTRACE_O_TRACEEXEC |
           PTRACE_O_TRACEEXIT | PTRACE_O_TRACESECCOMP | PTRACE_O_EXITKILL;
}

std::vector<std::string> candidates_for(const std::string& name, const std::vector<std::string>& environment) {
    if (name.find('/') != std::string::npos) {
        return {name};
    }
    std::string_view path = "/usr/local/bin:/usr/bin:/bin";
    for (const std::string& variable : environment) {
        if (variable.starts_with("PATH=")) {
            path = std::string_view(variable).substr(5);
        }
    }
    std::vector<std::string> candidates;
    while (true) {
        const auto colon = path.find(':');
        const std::string folder(path.substr(0, colon));
        candidates.push_back((folder.empty() ? "." : folder) + "/" + name);
        if (colon == std::string_view::npos) {
            break;
        }
        path.remove_prefix(colon + 1);
    }
    if (candidates.size() == 1) {
        candidates.push_back(candidates.front());  // one alone would be executed without being looked for
    }
    return candidates;
}

Result<Launched> launch_traced(const LaunchCommand& command, const Terminal& terminal) {
    if (command.arguments.empty() || command.arguments.front().empty()) {
        return fail("there is no command to run");
    }
    const std::vector<std::string> candidates = candidates_for(command.arguments.front(), command.environment);
    std::vector<const char*> paths;
    for (const std::string& candidate : candidates) {
        paths.push_back(candidate.c_str());
    }
    std::array<int, 2> gate{};
    std::array<int, 2> failure{};
    if (::pipe2(gate.data(), O_CLOEXEC) != 0) {
        return std::unexpected(system_error("pipe", errno));
    }
    UniqueFd gate_read(gate[0]);
    UniqueFd gate_write(gate[1]);
    if (::pipe2(failure.data(), O_CLOEXEC | O_NONBLOCK) != 0) {
        return std::unexpected(system_error("pipe", errno));
    }
    UniqueFd failure_read(failure[0]);
    UniqueFd failure_write(failure[1]);

    std::vector<std::string> script{"/bin/sh", ""};
    script.insert(script.end(), command.arguments.begin() + 1, command.arguments.end());
    Plan plan{gate_read.get(),
              failure_write.get(),
              terminal.slave(),
              command.inherit_stdin,
              command.fixed_addresses,
              command.signals.value_or(signals_at_start()),
              command.inherit_descriptors ? descriptors_at_start() : std::vector<int>(),
              command.working_folder.c_str(),
              std::move(paths),
              pointers_to(command.arguments),
              pointers_to(script),
              pointers_to(command.environment),
              make_syscall_filter({.memory = command.watch_memory,
                                   .output = command.watch_output,
                                   .elsewhere = command.watch_elsewhere,
                                   .messages = command.grain != Grain::none,
                                   .turns = command.take_turns,
                                   .forks = command.pages})};

    const pid_t pid = ::fork();
    if (pid < 0) {
        return std::unexpected(system_error("fork", errno));
    }
    if (pid == 0) {
        ::close(gate_write.release());
        become_program(plan);
    }
    close_descriptors_at_start();
    if (::ptrace(PTRACE_SEIZE, pid, nullptr, trace_options()) != 0) {
        const int error = errno;
        gate_write.reset();  // the child sees the end of the pipe and leaves
        ::waitpid(pid, nullptr, 0);
        return std::unexpected(system_error("tracing is not permitted here (ptrace)", error));
    }
    [[maybe_unused]] const ssize_t put = ::write(gate_write.get(), "g", 1);
    return Launched{pid, std::move(failure_read), command.arguments.front()};
}

std::optional<Error> read_launch_failure(const Launched& launched, bool& closed) {
    Failure f;
    const ssize_t got = ::read(launched.failure.get(), &f, sizeof f);
    closed = got >= 0;
    if (got != static_cast<ssize_t>(sizeof f)) {
        return std::nullopt;
    }
    switch (f.stage) {
        case stage_folder:
            return system_error("the working folder cannot be entered", f.error);
        case stage_filter:
            return system_error("this system does not let system calls be watched (seccomp)", f.error);
        case stage_lookup:
            return fail("command not found: " + launched.command, f.error).error();
        default:
            return system_error("the program cannot be started", f.error);
    }
}

}  // namespace procatlas
