// Asks procatlas-reader, the disposable worker that reads files and memory which may be hostile or hang. One thread only: the
// worker ends with the thread that asked first (PR_SET_PDEATHSIG).
#pragma once

#include <sys/types.h>

#include <chrono>
#include <deque>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/base/child_program.h"
#include "core/base/result.h"
#include "core/base/unique_fd.h"
#include "core/inspect/client/reader_protocol.h"
#include "core/stream/frame.h"

namespace procatlas {

struct ReaderReply {
    ReaderRequest request;
    Result<ReaderAnswer> answer;  // of the kind that was asked for, or an error
    bool late = false;            // the error: it did not come before the deadline

    // The answer to an ElfImageRequest is get<ElfImage>(), and so on; nullptr: an error, or another question was asked.
    template <typename Answer>
    [[nodiscard]] Answer* get() {
        return answer ? std::get_if<Answer>(&*answer) : nullptr;
    }
};

class ReaderClient {
public:
    // The worker is started at the first question. Empty `program`: procatlas-reader, found beside this program or in its
    // libexec folder.
    explicit ReaderClient(std::chrono::milliseconds deadline = std::chrono::seconds(2), std::string program = {});
    ReaderClient(const ReaderClient&) = delete;
    ReaderClient& operator=(const ReaderClient&) = delete;
    ~ReaderClient();

    // Queues; never blocks. Each question has the whole deadline, from when the one before it was answered.
    void ask(ReaderRequest request);

    // Questions not yet answered.
    [[nodiscard]] std::size_t waiting() const { return queue_.size(); }

    // Readable (poll(2)) when `receive` should be called. The same all the time.
    [[nodiscard]] int descriptor() const { return events_.get(); }

    // Does what there is to do, and gives the answers so far in the order of the questions; never waits for the worker's
    // answer. One that was late is killed, and one that crashed is told as an Error of its question; the next question gets a
    // new worker.
    [[nodiscard]] std::vector<ReaderReply> receive();

    // All answers; blocks, at most the deadline for each question.
    [[nodiscard]] std::vector<ReaderReply> finish();

    // 0: none runs.
    [[nodiscard]] pid_t worker_pid() const { return worker_ ? worker_->pid() : 0; }

private:
    Result<void> start_worker();
    void stop_worker();
    bool read_socket();
    Result<void> send_first();
    std::optional<Result<ReaderAnswer>> take_answer();
    void wake_in(std::chrono::nanoseconds time);

    std::chrono::milliseconds deadline_;
    std::string program_;
    UniqueFd events_;  // epoll: timer_ and socket_
    UniqueFd timer_;   // the deadline, or at once where a question waits to be sent
    UniqueFd socket_;  // the worker's descriptors 0 and 1
    std::optional<ChildProgram> worker_;
    std::vector<ChildProgram> abandoned_;  // killed, but the kernel has not let go of them yet
    FrameBuffer frames_;
    std::deque<ReaderRequest> queue_;
    bool asked_ = false;  // queue_.front() is with the worker, until:
    std::chrono::steady_clock::time_point deadline_at_;
};

// One question; blocks, at most the deadline. Nothing else may be waiting in `client`.
template <typename Request>
[[nodiscard]] Result<typename Request::Answer> ask_and_wait(ReaderClient& client, Request request) {
    client.ask(std::move(request));
    ReaderReply reply = std::move(client.finish().back());
    if (!reply.answer) {
        return std::unexpected(std::move(reply.answer.error()));
    }
    return std::move(*reply.template get<typename Request::Answer>());
}

}  // namespace procatlas
