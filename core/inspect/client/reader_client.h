// Asks procatlas-reader, the disposable worker that reads files and memory which may be hostile or may hang. Use it from one
// thread only: the worker ends with the thread that asked first (PR_SET_PDEATHSIG).
#pragma once

#include <sys/types.h>

#include <chrono>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/base/companion.h"
#include "core/base/identity.h"
#include "core/base/result.h"
#include "core/base/unique_fd.h"
#include "core/inspect/client/known_frames.h"
#include "core/inspect/client/reader_protocol.h"
#include "core/stream/frame.h"

namespace procatlas {

struct ReaderReply {
    ReaderRequest request;
    Result<ReaderAnswer> answer;  // of the kind that was asked for, or an error
    bool late = false;            // the error is that no answer came before the deadline

    // get<ElfImage>() is the answer to an ElfImageRequest, and so on. nullptr: an error, or the question was another one.
    template <typename Answer>
    [[nodiscard]] Answer* get() {
        return answer ? std::get_if<Answer>(&*answer) : nullptr;
    }
};

class ReaderClient {
public:
    // The first question starts the worker. `program`: of the reader on this machine (CompanionStart).
    explicit ReaderClient(std::chrono::milliseconds deadline = std::chrono::seconds(2), std::string program = {});
    ReaderClient(const ReaderClient&) = delete;
    ReaderClient& operator=(const ReaderClient&) = delete;
    ~ReaderClient();

    // Another machine has what is asked about from now on; null: this one. Forgets the questions that are not answered.
    void move_to(std::shared_ptr<Companions> where);

    // Queues the question; never blocks. Each question gets the whole deadline, counted from the answer to the one before it.
    void ask(ReaderRequest request);

    // The number of questions not answered yet.
    [[nodiscard]] std::size_t waiting() const { return queue_.size(); }

    // Call `receive` when this descriptor is readable (poll(2)). It never changes.
    [[nodiscard]] int descriptor() const { return events_.get(); }

    // Sends and receives what it can, and returns the answers so far in the order of the questions. Never waits for the worker.
    // Kills a worker that is late. Returns an Error for the question that was late or crashed the worker; the next question
    // gets a new worker.
    [[nodiscard]] std::vector<ReaderReply> receive();

    // Returns all answers. Blocks, at most the deadline for each question.
    [[nodiscard]] std::vector<ReaderReply> finish();

    // 0: no worker runs on this machine.
    [[nodiscard]] pid_t worker_pid() const { return worker_ ? worker_->pid().value_or(0) : 0; }

private:
    Result<void> start_worker();
    void stop_worker();
    bool read_socket();
    Result<void> send_first();
    std::optional<Result<ReaderAnswer>> take_answer();
    void wake_in(std::chrono::nanoseconds time);

    std::chrono::milliseconds deadline_;
    std::string program_;
    std::shared_ptr<Companions> where_;
    UniqueFd events_;  // epoll: timer_ and the worker's socket
    UniqueFd timer_;   // fires at the deadline, or at once if a question waits to be sent
    std::unique_ptr<Companion> worker_;
    std::optional<Identity> identity_;  // whom it has become: the owner of the process that it was asked about last
    std::vector<std::unique_ptr<Companion>> abandoned_;  // killed, but the kernel has not released them yet
    FrameBuffer frames_;
    KnownFrames known_frames_;  // as the worker knows them
    std::deque<ReaderRequest> queue_;
    bool asked_ = false;  // the worker has queue_.front(), until deadline_at_
    std::chrono::steady_clock::time_point deadline_at_;
};

// Asks one question; blocks, at most the deadline. No other question may be waiting in `client`.
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
