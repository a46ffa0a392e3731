#include "core/store/recording_writer.h"

#include <fmt/format.h>
#include <pthread.h>
#include <signal.h>
#include <sys/eventfd.h>

#include <algorithm>
#include <cerrno>
#include <new>
#include <system_error>
#include <utility>

#include "core/base/text.h"

namespace procatlas {
namespace {

constexpr std::chrono::milliseconds gather{10};  // events that arrive within this time form one transaction
constexpr std::chrono::seconds retry_every{2};
constexpr std::size_t events_at_once = 16'384;  // in one batch: a long recording must not be in memory twice

// A thread started while this lives has all signals blocked, so that the owner handles them. A write beyond RLIMIT_FSIZE then
// returns an error, and does not end the process.
class SignalsBlocked {
public:
    SignalsBlocked() {
        sigset_t all;
        sigfillset(&all);
        ::pthread_sigmask(SIG_SETMASK, &all, &before_);
    }
    SignalsBlocked(const SignalsBlocked&) = delete;
    SignalsBlocked& operator=(const SignalsBlocked&) = delete;
    ~SignalsBlocked() {
        sigset_t too_large;  // of our own write, which has failed: it would end the process now
        sigemptyset(&too_large);
        sigaddset(&too_large, SIGXFSZ);
        const timespec at_once{};
        (void)::sigtimedwait(&too_large, nullptr, &at_once);
        ::pthread_sigmask(SIG_SETMASK, &before_, nullptr);
    }

private:
    sigset_t before_{};
};

}  // namespace

Result<std::unique_ptr<RecordingWriter>> RecordingWriter::create(const std::filesystem::path& path, RecordingInfo info) {
    const SignalsBlocked blocked;
    std::error_code error;
    const std::filesystem::path whole = std::filesystem::absolute(path, error);  // the working folder may change
    RecordingPlace place = RecordingPlace::of(error ? path : whole);
    auto file = RecordingFile::create(place.written(), info);
    if (!file) {
        return std::unexpected(file.error());
    }
    std::unique_ptr<RecordingWriter> writer(new RecordingWriter(std::move(place), std::move(info), std::move(*file)));
    if (!writer->wake_) {
        const int code = errno;
        writer->give_up();
        return std::unexpected(system_error("the recording cannot be written", code));
    }
    try {
        writer->thread_ = std::thread([w = writer.get()] { w->loop(); });
    } catch (const std::system_error& problem) {
        writer->give_up();
        return std::unexpected(system_error("no thread can be made to write the recording", problem.code().value()));
    }
    return writer;
}

RecordingWriter::RecordingWriter(RecordingPlace place, RecordingInfo info, RecordingFile file)
    : place_(std::move(place)),
      path_(place_.written()),
      info_(std::move(info)),
      file_(std::move(file)),
      wake_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}

RecordingWriter::~RecordingWriter() {
    stop_thread();
    (void)close_file();
}

Result<void> RecordingWriter::close_file() {
    if (!file_) {
        return {};
    }
    const SignalsBlocked blocked;
    auto closed = file_->close();
    file_.reset();
    return closed;
}

bool RecordingWriter::give_up() {
    if (!place_.replaces()) {
        return false;
    }
    stop_thread();
    (void)close_file();
    place_.give_up();
    return true;
}

void RecordingWriter::stop_thread() {
    {
        const std::scoped_lock lock(mutex_);
        ending_ = true;
    }
    changed_.notify_all();
    if (thread_.joinable()) {
        thread_.join();
    }
}

// While there is a problem, tries only now and then.
bool RecordingWriter::may_take() const {
    return !pending_ && !busy_ && (!problem_ || Clock::now() >= retry_at_);
}

void RecordingWriter::follow(const Recording& recording) {
    hand_over(recording, events_at_once);
}

void RecordingWriter::hand_over(const Recording& recording, std::size_t most_events) {
    std::uint64_t value = 0;
    (void)!::read(wake_.get(), &value, sizeof value);
    RecordingPosition from;
    {
        const std::scoped_lock lock(mutex_);
        owner_has_more_ = true;
        if (!may_take()) {
            return;
        }
        from = handed_;
    }
    RecordingBatch batch;
    bool any = false;
    try {
        any = batch_after(recording, from, most_events, batch);
    } catch (const std::bad_alloc&) {
        constexpr std::size_t few = 128;
        batch = {};
        any = batch_after(recording, from, std::min(few, most_events), batch);
    }
    const std::scoped_lock lock(mutex_);
    owner_has_more_ = batch.to.events < recording.events().size();
    if (any || problem_) {  // even an empty batch tests whether writing works again
        handed_ = batch.to;
        pending_ = std::move(batch);
        handed_at_ = Clock::now();
        changed_.notify_all();
    }
}

std::optional<Error> RecordingWriter::problem() const {
    const std::scoped_lock lock(mutex_);
    return problem_;
}

bool RecordingWriter::is_behind() const {
    constexpr std::chrono::milliseconds late{15};
    const std::scoped_lock lock(mutex_);
    return (pending_ || busy_) && !problem_ && Clock::now() - handed_at_ > late;
}

std::size_t RecordingWriter::events_written() const {
    const std::scoped_lock lock(mutex_);
    return written_.events;
}

void RecordingWriter::wake_owner() const {
    const std::uint64_t one = 1;
    (void)!::write(wake_.get(), &one, sizeof one);
}

void RecordingWriter::loop() {
    std::unique_lock lock(mutex_);
    while (true) {
        if (pending_) {
            if (pending_->events.size() < events_at_once && !hurry_) {
                changed_.wait_for(lock, gather, [&] { return ending_ || hurry_; });
            }
            write_pending(lock);
        } else if (ending_) {
            return;
        } else if (problem_) {
            if (!changed_.wait_until(lock, retry_at_, [&] { return pending_ || ending_; })) {
                wake_owner();
                changed_.wait(lock, [&] { return pending_ || ending_; });
            }
        } else {
            changed_.wait(lock, [&] { return pending_ || ending_; });
        }
    }
}

void RecordingWriter::write_pending(std::unique_lock<std::mutex>& lock) {
    const RecordingBatch batch = std::move(*std::exchange(pending_, std::nullopt));
    busy_ = true;
    lock.unlock();
    const Result<void> written = commit_with_memory(batch);
    lock.lock();
    busy_ = false;
    if (written) {
        written_ = batch.to;
        const bool mended = std::exchange(problem_, std::nullopt).has_value();
        if (mended || owner_has_more_) {
            wake_owner();
        }
    } else {
        written_ = file_ ? batch.from : RecordingPosition{};
        handed_ = written_;
        problem_ = written.error();
        retry_at_ = Clock::now() + retry_every;
        wake_owner();
    }
    changed_.notify_all();
}

// An exception that leaves a thread ends the whole program.
Result<void> RecordingWriter::commit_with_memory(const RecordingBatch& batch) {
    try {
        return commit(batch);
    } catch (const std::bad_alloc&) {
        return fail("there is no memory left");
    }
}

Result<void> RecordingWriter::commit(const RecordingBatch& batch) {
    if (!file_) {  // the file vanished: creates a new one, and starts from the beginning
        auto file = RecordingFile::create(path_, info_);
        if (!file) {
            return std::unexpected(file.error());
        }
        file_ = std::move(*file);
    }
    auto written = file_->commit(batch);
    if (!written && file_->vanished()) {
        file_.reset();
    }
    return written;
}

Result<void> RecordingWriter::finish(const Recording& recording) {
    std::size_t most_events = events_at_once;
    bool tried = false;  // whether the last extra attempt with so many was made, without waiting for its time
    while (true) {
        {
            std::unique_lock lock(mutex_);
            hurry_ = true;
            changed_.notify_all();
            changed_.wait(lock, [&] { return !pending_ && !busy_; });
            if (problem_) {
                if (std::exchange(tried, true)) {
                    // Where the disk is full, a smaller part may still fit.
                    if (most_events == 1) {
                        break;
                    }
                    most_events /= 4;
                }
                retry_at_ = Clock::now();
            } else if (handed_.events == recording.events().size() && handed_.images == recording.images().size()) {
                break;
            }
        }
        hand_over(recording, most_events);
    }
    stop_thread();
    auto finished = close_file();  // also after a problem: one file is better than a file and its log
    if (problem_) {
        finished = std::unexpected(*problem_);
    }
    if (finished) {
        finished = place_.take();
    }
    if (!finished && place_.replaces()) {
        finished.error().message += fmt::format("; what there is of it is in {}", display_text(path_.native()));
    }
    return finished;
}

}  // namespace procatlas
