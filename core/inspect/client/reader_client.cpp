#include "core/inspect/client/reader_client.h"

#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <sys/wait.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <iterator>
#include <utility>

#include "core/base/program_path.h"

namespace procatlas {
namespace {

constexpr std::size_t question_limit = 65536;  // a path is shorter (PATH_MAX); always fits into the socket's buffer
constexpr int kill_patience_ms = 200;          // a killed process is gone in well under this, unless a file system holds it

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

bool reaped(pid_t pid) {
    return ::waitpid(pid, nullptr, WNOHANG) != 0;
}

void watch(int events, int fd) {
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.fd = fd;
    ::epoll_ctl(events, EPOLL_CTL_ADD, fd, &event);
}

// As the kernel's map names it: stat(2) may tell another device, on overlay file systems for one.
void name_image(const ReaderRequest& request, ReaderAnswer& answer) {
    const auto* asked = std::get_if<ElfImageRequest>(&request);
    auto* image = std::get_if<ElfImage>(&answer);
    if (asked && image) {
        image->path = asked->path;
        image->device_major = asked->device_major;
        image->device_minor = asked->device_minor;
        image->inode = asked->inode;
    }
}

}  // namespace

ReaderClient::ReaderClient(std::chrono::milliseconds deadline, std::string program)
    : deadline_(deadline),
      program_(program.empty() ? find_own_program("procatlas-reader").value_or("procatlas-reader") : std::move(program)),
      events_(::epoll_create1(EPOLL_CLOEXEC)),
      timer_(::timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK)) {
    watch(events_.get(), timer_.get());
}

ReaderClient::~ReaderClient() {
    stop_worker();
    std::erase_if(abandoned_, reaped);
}

void ReaderClient::ask(ReaderRequest request) {
    queue_.push_back(std::move(request));
    if (!asked_) {
        wake_in(std::chrono::nanoseconds(1));
    }
}

std::vector<ReaderReply> ReaderClient::receive() {
    std::vector<ReaderReply> answers;
    const auto answer_first = [&](Result<ReaderAnswer> answer, bool late = false) {
        answers.push_back({std::move(queue_.front()), std::move(answer), late});
        queue_.pop_front();
        asked_ = false;
    };
    std::erase_if(abandoned_, reaped);
    if (queue_.empty() && socket_ && !read_socket()) {
        stop_worker();  // it died while it had nothing to do
    }
    while (!queue_.empty()) {
        if (!asked_) {
            if (auto sent = send_first(); !sent) {
                answer_first(std::unexpected(sent.error()));
            }
            continue;
        }
        if (auto answer = take_answer()) {
            answer_first(std::move(*answer));
        } else if (std::chrono::steady_clock::now() >= deadline_at_) {
            stop_worker();
            answer_first(fail("not read in time: " + subject_of(queue_.front())), true);
        } else {
            break;
        }
    }
    wake_in(queue_.empty() ? std::chrono::nanoseconds(0)
                           : std::max(deadline_at_ - std::chrono::steady_clock::now(), std::chrono::nanoseconds(1)));
    return answers;
}

std::vector<ReaderReply> ReaderClient::finish() {
    std::vector<ReaderReply> answers = receive();
    while (!queue_.empty()) {
        pollfd wait{descriptor(), POLLIN, 0};
        ::poll(&wait, 1, -1);
        std::ranges::move(receive(), std::back_inserter(answers));
    }
    return answers;
}

Result<void> ReaderClient::start_worker() {
    std::array<int, 2> ends{};
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) {
        return std::unexpected(system_error("cannot start " + program_, errno));
    }
    UniqueFd ours(ends[0]);
    const UniqueFd theirs(ends[1]);
    const auto pid = spawn(program_, theirs.get());
    if (!pid) {
        return std::unexpected(pid.error());
    }
    worker_ = *pid;
    socket_ = std::move(ours);
    watch(events_.get(), socket_.get());
    return {};
}

void ReaderClient::stop_worker() {
    socket_.reset();
    frames_ = {};
    if (worker_ == 0) {
        return;
    }
    const pid_t pid = std::exchange(worker_, 0);
    ::kill(pid, SIGKILL);
    // glibc before 2.36 has no pidfd_open
    const UniqueFd handle(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));
    if (handle) {
        pollfd wait{handle.get(), POLLIN, 0};
        ::poll(&wait, 1, kill_patience_ms);
    }
    if (!reaped(pid)) {
        abandoned_.push_back(pid);
    }
}

// Takes in what has arrived, at most a mebibyte; false: the worker has ended.
bool ReaderClient::read_socket() {
    std::array<char, 65536> buffer;
    for (int round = 0; round < 16; ++round) {
        const ssize_t size = ::recv(socket_.get(), buffer.data(), buffer.size(), MSG_DONTWAIT);
        if (size <= 0) {
            return size < 0 && (errno == EAGAIN || errno == EINTR);
        }
        frames_.append({buffer.data(), static_cast<std::size_t>(size)});
    }
    return true;
}

Result<void> ReaderClient::send_first() {
    const std::string question = encode_request(queue_.front());
    if (question.size() > question_limit) {
        return fail("the question is longer than a question can be");
    }
    for (int attempt = 0; attempt < 2; ++attempt) {  // the second time with a new worker, where the old one has died meanwhile
        if (!socket_) {
            if (auto started = start_worker(); !started) {
                return started;
            }
        }
        const ssize_t sent = ::send(socket_.get(), question.data(), question.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
        if (sent == static_cast<ssize_t>(question.size())) {
            asked_ = true;
            deadline_at_ = std::chrono::steady_clock::now() + deadline_;
            return {};
        }
        stop_worker();
    }
    return fail("cannot reach " + program_);
}

// nullopt: not yet.
std::optional<Result<ReaderAnswer>> ReaderClient::take_answer() {
    const bool alive = read_socket();
    const auto frame = frames_.next();
    if (!frame) {
        stop_worker();
        return std::unexpected(frame.error());
    }
    if (*frame) {
        auto answer = parse_answer(**frame);
        if (answer && answer->index() != queue_.front().index()) {
            stop_worker();
            return fail("the reader answered another question");
        }
        if (answer) {
            name_image(queue_.front(), *answer);
        }
        return answer;
    }
    if (alive) {
        return std::nullopt;
    }
    stop_worker();
    return fail("the reader crashed on this: " + subject_of(queue_.front()));
}

void ReaderClient::wake_in(std::chrono::nanoseconds time) {
    itimerspec when{};
    when.it_value.tv_sec = time.count() / 1'000'000'000;
    when.it_value.tv_nsec = time.count() % 1'000'000'000;
    ::timerfd_settime(timer_.get(), 0, &when, nullptr);
}

}  // namespace procatlas
