// Asks procatlas-reader, the disposable worker that reads files which may be hostile or hang. One thread only: the worker ends with
// the thread that asked first (PR_SET_PDEATHSIG).
#pragma once

#include <sys/types.h>

#include <chrono>
#include <deque>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/base/unique_fd.h"
#include "core/inspect/client/reader_protocol.h"
#include "core/model/image.h"
#include "core/stream/frame.h"

namespace procatlas {

struct ElfImageAnswer {
    ElfImageRequest request;
    Result<ElfImage> image;
};

class ReaderClient {
public:
    // The worker is started at the first question. Empty `program`: procatlas-reader, found beside this program or in its libexec folder.
    explicit ReaderClient(std::chrono::milliseconds deadline = std::chrono::seconds(2), std::string program = {});
    ReaderClient(const ReaderClient&) = delete;
    ReaderClient& operator=(const ReaderClient&) = delete;
    ~ReaderClient();

    // Queues; never blocks. Each question has the whole deadline, from when the one before it was answered.
    void ask(ElfImageRequest request);

    // Questions not yet answered.
    [[nodiscard]] std::size_t waiting() const { return queue_.size() + finished_.size(); }

    // Readable (poll(2)) when `receive` should be called: an answer, a worker that died, a deadline. The same all the time.
    [[nodiscard]] int descriptor() const { return events_.get(); }

    // The answers so far, in the order of the questions; never blocks. A worker that was late is killed, and one that crashed is told
    // as an Error of its question; the next question gets a new worker.
    [[nodiscard]] std::vector<ElfImageAnswer> receive();

    // All answers; blocks, at most the deadline for each question.
    [[nodiscard]] std::vector<ElfImageAnswer> finish();

    // 0: none runs.
    [[nodiscard]] pid_t worker_pid() const { return worker_; }

private:
    void pump();
    void send_first();
    Result<void> start_worker();
    void stop_worker();
    void answer_first(Result<ElfImage> image);
    bool take_answer();
    [[nodiscard]] bool deadline_passed();
    void set_deadline(bool running);
    void reap_abandoned();

    std::chrono::milliseconds deadline_;
    std::string program_;
    UniqueFd events_;  // epoll: socket_ and timer_
    UniqueFd timer_;
    UniqueFd socket_;
    pid_t worker_ = 0;
    std::vector<pid_t> abandoned_;  // killed, but the kernel has not let go of them yet
    FrameBuffer frames_;
    bool asked_ = false;  // queue_.front() is with the worker
    std::deque<ElfImageRequest> queue_;
    std::vector<ElfImageAnswer> finished_;
};

// One question; blocks, at most the deadline. Nothing else may be waiting in `client`.
[[nodiscard]] Result<ElfImage> read_elf_image_with_deadline(ReaderClient& client, ElfImageRequest request);

}  // namespace procatlas
