#include "core/inspect/client/reader_client.h"

#include <poll.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <iterator>
#include <utility>
#include <variant>

#include "core/base/program_path.h"

namespace procatlas {
namespace {

constexpr std::size_t question_limit = 65536;  // longer than any path (PATH_MAX), and always fits into the socket's buffer
constexpr std::chrono::milliseconds kill_patience(
    200);  // a killed process is gone in well under this, unless a file system holds it

void watch(int events, int fd) {
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.fd = fd;
    ::epoll_ctl(events, EPOLL_CTL_ADD, fd, &event);
}

// Whom the worker is to be for this question. `now`: whom it is, and stays where there is no such process.
std::optional<Identity> identity_for(const ReaderRequest& request, const std::optional<Identity>& now) {
    const pid_t pid = std::visit([](const auto& question) { return question.pid; }, request);
    const bool there = pid > 0 && ::access(("/proc/" + std::to_string(pid)).c_str(), F_OK) == 0;
    return there ? identity_of_process(pid) : now;
}

// Names the image as the kernel's map does: stat(2) may report another device, for example on overlay file systems.
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
    std::erase_if(abandoned_, [](ChildProgram& worker) { return worker.reaped(); });
    if (queue_.empty() && socket_ && !read_socket()) {
        stop_worker();  // the worker died while idle
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
    std::vector<std::string> words{program_};
    if (identity_) {
        words.insert(words.end(), {"--as", identity_word(*identity_)});
    }
    auto worker = ChildProgram::start({.words = std::move(words),
                                       .descriptors = {{STDIN_FILENO, theirs.get()}, {STDOUT_FILENO, theirs.get()}},
                                       .signals = ChildSignals::fresh,
                                       .kill_patience = kill_patience});
    if (!worker) {
        return std::unexpected(worker.error());
    }
    worker_ = std::move(*worker);
    socket_ = std::move(ours);
    watch(events_.get(), socket_.get());
    return {};
}

void ReaderClient::stop_worker() {
    socket_.reset();
    frames_ = {};
    known_frames_ = {};
    if (worker_ && !worker_->kill()) {
        abandoned_.push_back(std::move(*worker_));
    }
    worker_.reset();
}

// Reads what has arrived, at most a mebibyte. False: the worker has ended.
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
    if (auto identity = identity_for(queue_.front(), identity_); identity != identity_) {
        stop_worker();
        identity_ = std::move(identity);
    }
    for (int attempt = 0; attempt < 2; ++attempt) {  // tries twice: the worker may have died since, and then a new one is asked
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

// nullopt: no answer yet.
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
        const auto* about = std::get_if<InsideRequest>(&queue_.front());
        auto* inside = answer ? std::get_if<Inside>(&*answer) : nullptr;
        if (about && inside && !known_frames_.restore(about->thread, *inside)) {
            stop_worker();
            return fail("the reader's answer is damaged");
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
