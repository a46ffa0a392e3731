#include "core/inspect/client/reader_client.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <sys/wait.h>

#include <array>
#include <cerrno>
#include <filesystem>
#include <iterator>
#include <utility>

namespace procatlas {
namespace {

constexpr std::size_t path_limit = 4096;  // PATH_MAX: so that a question always fits into the socket's buffer
constexpr int kill_patience_ms = 200;     // a killed process is gone in well under this, unless a file system holds it

std::string default_program() {
    std::error_code ignored;
    const std::filesystem::path folder = std::filesystem::read_symlink("/proc/self/exe", ignored).parent_path();
    const std::filesystem::path beside = folder / "procatlas-reader";
    return std::filesystem::exists(beside, ignored) ? beside : folder.parent_path() / "libexec/procatlas/procatlas-reader";
}

class SpawnActions {
public:
    SpawnActions() {
        posix_spawn_file_actions_init(&actions);
        posix_spawnattr_init(&attributes);
    }
    SpawnActions(const SpawnActions&) = delete;
    SpawnActions& operator=(const SpawnActions&) = delete;
    ~SpawnActions() {
        posix_spawn_file_actions_destroy(&actions);
        posix_spawnattr_destroy(&attributes);
    }
    posix_spawn_file_actions_t actions{};
    posix_spawnattr_t attributes{};
};

// Descriptors 0 and 1 are `socket`, 2 is ours, no other; no signal is blocked or ignored.
Result<pid_t> spawn(const std::string& program, int socket) {
    SpawnActions spawn;
    posix_spawn_file_actions_adddup2(&spawn.actions, socket, 0);
    posix_spawn_file_actions_adddup2(&spawn.actions, socket, 1);
    posix_spawn_file_actions_addclosefrom_np(&spawn.actions, 3);
    sigset_t none;
    sigset_t all;
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawnattr_setsigmask(&spawn.attributes, &none);
    posix_spawnattr_setsigdefault(&spawn.attributes, &all);
    posix_spawnattr_setflags(&spawn.attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    std::string name = "procatlas-reader";
    std::array<char*, 2> arguments{name.data(), nullptr};
    pid_t pid = 0;
    const int error = posix_spawn(&pid, program.c_str(), &spawn.actions, &spawn.attributes, arguments.data(), environ);
    if (error != 0) {
        return std::unexpected(system_error("cannot start " + program, error));
    }
    return pid;
}

bool reaped(pid_t pid) { return ::waitpid(pid, nullptr, WNOHANG) != 0; }

void watch(int events, int fd) {
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.fd = fd;
    ::epoll_ctl(events, EPOLL_CTL_ADD, fd, &event);
}

}  // namespace

ReaderClient::ReaderClient(std::chrono::milliseconds deadline, std::string program)
    : deadline_(deadline),
      program_(program.empty() ? default_program() : std::move(program)),
      events_(::epoll_create1(EPOLL_CLOEXEC)),
      timer_(::timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK)) {
    watch(events_.get(), timer_.get());
}

ReaderClient::~ReaderClient() {
    stop_worker();
    reap_abandoned();
}

void ReaderClient::ask(ElfImageRequest request) {
    queue_.push_back(std::move(request));
    pump();
    if (!finished_.empty()) {
        set_deadline(true);  // makes the descriptor readable, at the latest after the deadline
    }
}

std::vector<ElfImageAnswer> ReaderClient::receive() {
    reap_abandoned();
    pump();
    if (!finished_.empty() && !asked_) {
        set_deadline(false);
    }
    return std::exchange(finished_, {});
}

std::vector<ElfImageAnswer> ReaderClient::finish() {
    std::vector<ElfImageAnswer> answers = receive();
    while (!queue_.empty()) {
        pollfd wait{descriptor(), POLLIN, 0};
        ::poll(&wait, 1, -1);
        std::ranges::move(receive(), std::back_inserter(answers));
    }
    return answers;
}

Result<ElfImage> read_elf_image_with_deadline(ReaderClient& client, ElfImageRequest request) {
    client.ask(std::move(request));
    return std::move(client.finish().back().image);
}

}  // namespace procatlas
