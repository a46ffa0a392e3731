// A plain watch, to compare `procatlas watch` with: every 100 ms reads the schedstat of each PID on standard input,
// /proc/loadavg and what their pidfds say, and does nothing with it.
#include <fcntl.h>
#include <sys/epoll.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <iostream>
#include <string>
#include <vector>

int main(int argc, char** argv) {
    const int rounds = argc > 1 ? std::atoi(argv[1]) : 100;
    std::vector<int> files{::open("/proc/loadavg", O_RDONLY | O_CLOEXEC)};
    const int ends = ::epoll_create1(EPOLL_CLOEXEC);
    for (int pid = 0; std::cin >> pid;) {
        files.push_back(::open(("/proc/" + std::to_string(pid) + "/schedstat").c_str(), O_RDONLY | O_CLOEXEC));
        epoll_event wanted{};
        wanted.events = EPOLLIN;
        ::epoll_ctl(ends, EPOLL_CTL_ADD, static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)), &wanted);
    }
    std::array<char, 512> buffer;
    std::array<epoll_event, 64> ended;
    for (int round = 0; round < rounds; ++round) {
        for (const int file : files) {
            if (::pread(file, buffer.data(), buffer.size(), 0) < 0) {
                return 1;
            }
        }
        ::epoll_wait(ends, ended.data(), static_cast<int>(ended.size()), 0);
        const timespec pause{0, 100'000'000};
        ::nanosleep(&pause, nullptr);
    }
}
