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

namespace procatlas {
namespace {

constexpr std::size_t question_limit = 65536;  // longer than any path (PATH_MAX), and always fits into the socket's buffer
constexpr std::chrono::seconds network_patience(3);  // more than here, where a reader is on another machine

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
      program_(std::move(program)),
      events_(::epoll_create1(EPOLL_CLOEXEC)),
      timer_(::timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK)) {
    watch(events_.get(), timer_.get());
}

ReaderClient::~ReaderClient() {
    stop_worker();
}

void ReaderClient::move_to(std::shared_ptr<Companions> where) {
    if (where == where_) {
        return;
    }
    stop_worker();
    queue_.clear();
    asked_ = false;
    where_ = std::move(where);
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
    std::erase_if(abandoned_, [](const auto& worker) { return worker->gone(); });
    if (queue_.empty() && worker_ && !read_socket()) {
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
    const CompanionStart start{.kind = CompanionKind::reader, .program = program_, .identity = identity_};
    auto worker = where_ ? where_->start(start) : start_companion_here(start);
    if (!worker) {
        return std::unexpected(worker.error());
    }
    worker_ = std::move(*worker);
    watch(events_.get(), worker_->socket());
    return {};
}

void ReaderClient::stop_worker() {
    frames_ = {};
    known_frames_ = {};
    if (worker_) {
        ::epoll_ctl(events_.get(), EPOLL_CTL_DEL, worker_->socket(), nullptr);
    }
    if (worker_ && !worker_->kill()) {
        abandoned_.push_back(std::move(worker_));
    }
    worker_.reset();
}

// Reads what has arrived, at most a mebibyte. False: the worker has ended.
bool ReaderClient::read_socket() {
    std::array<char, 65536> buffer;
    for (int round = 0; round < 16; ++round) {
        const ssize_t size = ::recv(worker_->socket(), buffer.data(), buffer.size(), MSG_DONTWAIT);
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
    if (auto identity = where_ ? std::nullopt : identity_for(queue_.front(), identity_); identity != identity_) {
        stop_worker();
        identity_ = std::move(identity);
    }
    for (int attempt = 0; attempt < 2; ++attempt) {  // tries twice: the worker may have died since, and then a new one is asked
        if (!worker_) {
            if (auto started = start_worker(); !started) {
                return started;
            }
        }
        const ssize_t sent = ::send(worker_->socket(), question.data(), question.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
        if (sent == static_cast<ssize_t>(question.size())) {
            asked_ = true;
            deadline_at_ = std::chrono::steady_clock::now() + deadline_ + (where_ ? network_patience : std::chrono::seconds(0));
            return {};
        }
        stop_worker();
    }
    return fail("cannot reach procatlas-reader");
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
