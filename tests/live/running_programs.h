// Programs that run by themselves, for tests of what procatlas does to a process that was there before it.
#pragma once

#include <doctest/doctest.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <functional>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

namespace procatlas::live {

inline bool comes_true(const std::function<bool()>& happens, std::chrono::seconds patience = std::chrono::seconds(20)) {
    const auto deadline = std::chrono::steady_clock::now() + patience;
    while (!happens()) {
        if (std::chrono::steady_clock::now() > deadline) {
            return false;
        }
        std::this_thread::yield();
    }
    return true;
}

// A program of ours whose standard output is a file; killed at the end with its process group.
class RunningProgram {
public:
    RunningProgram(const std::vector<std::string>& words, std::filesystem::path output) : output_(std::move(output)) {
        std::vector<char*> arguments;
        for (const std::string& word : words) {
            arguments.push_back(const_cast<char*>(word.c_str()));  // NOLINT(cppcoreguidelines-pro-type-const-cast): execvp
        }
        arguments.push_back(nullptr);
        pid_ = ::fork();
        if (pid_ == 0) {
            ::setpgid(0, 0);
            ::prctl(PR_SET_PDEATHSIG, SIGKILL);
            const int out = ::open(output_.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
            ::dup2(out, STDOUT_FILENO);
            ::execvp(arguments[0], arguments.data());
            ::_exit(127);
        }
        ::setpgid(pid_, pid_);
    }
    RunningProgram(const RunningProgram&) = delete;
    RunningProgram& operator=(const RunningProgram&) = delete;
    ~RunningProgram() {
        ::kill(-pid_, SIGKILL);
        ::waitpid(pid_, nullptr, 0);
    }

    [[nodiscard]] pid_t pid() const { return pid_; }
    [[nodiscard]] std::vector<std::string> lines() const {
        std::ifstream file(output_);
        std::vector<std::string> lines;
        for (std::string line; std::getline(file, line) && !file.eof();) {  // the last one may not be whole
            lines.push_back(line);
        }
        return lines;
    }
    void wait_for_lines(std::size_t count) const {
        REQUIRE(comes_true([&] { return lines().size() >= count; }));
    }

private:
    std::filesystem::path output_;
    pid_t pid_ = 0;
};

// Of a thread: the value of a line of its status file, "State", "TracerPid"; empty: it is gone.
inline std::string status_line(const std::filesystem::path& thread, const std::string& name) {
    std::ifstream file(thread / "status");
    for (std::string line; std::getline(file, line);) {
        if (line.starts_with(name + ":\t")) {
            return line.substr(name.size() + 2);
        }
    }
    return {};
}

inline pid_t tracer_of_process(pid_t pid) {
    const std::string text = status_line("/proc/" + std::to_string(pid), "TracerPid");
    return text.empty() ? 0 : static_cast<pid_t>(std::stoi(text));
}

// Whether no thread of the process is traced, or stopped by job control or a tracer.
inline bool all_run_untraced(pid_t pid) {
    std::error_code error;
    for (const auto& thread : std::filesystem::directory_iterator("/proc/" + std::to_string(pid) + "/task", error)) {
        const std::string state = status_line(thread.path(), "State");
        const std::string tracer = status_line(thread.path(), "TracerPid");
        if (state.starts_with('T') || state.starts_with('t') || (!tracer.empty() && tracer != "0")) {
            return false;
        }
    }
    return !error;
}

}  // namespace procatlas::live
