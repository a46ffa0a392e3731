// Writes a recording to a file while it grows, on a thread of its own. What has come is in the file 50 ms later; where the disk
// is full or the file is gone that is told at once, and tried again until it works, from where the file ends.
#pragma once

#include <chrono>
#include <condition_variable>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>

#include "core/base/result.h"
#include "core/base/unique_fd.h"
#include "core/model/recording.h"
#include "core/store/recording_file.h"
#include "core/store/recording_info.h"

namespace procatlas {

// All but the writing itself is for one thread, the recording's owner.
class RecordingWriter {
public:
    // A new file; one that is there is replaced where it is a recording that nobody writes.
    [[nodiscard]] static Result<std::unique_ptr<RecordingWriter>> create(const std::filesystem::path& path, RecordingInfo info);
    RecordingWriter(const RecordingWriter&) = delete;
    RecordingWriter& operator=(const RecordingWriter&) = delete;
    // Writes what it was handed, and closes the file.
    ~RecordingWriter();

    // Hands over what is new in `recording`, always the same one; call it when something came, and when `descriptor` is
    // readable. Never waits for the disk.
    void follow(const Recording& recording);
    // Why the file does not hold all that was handed over; nullopt: it does, or will in a moment.
    [[nodiscard]] std::optional<Error> problem() const;
    // What was handed over has been waiting for long: whoever can should take in nothing new for a moment, so that it gets
    // its turn on a processor.
    [[nodiscard]] bool is_behind() const;
    // Events that are in the file.
    [[nodiscard]] std::size_t events_written() const;
    // Readable where `follow` should be called though nothing came: a problem came up or went, or there is room for more.
    [[nodiscard]] int descriptor() const { return wake_.get(); }
    // Writes all the rest and closes the file, which is then one whole file; waits for it. Error: it is not whole.
    [[nodiscard]] Result<void> finish(const Recording& recording);

    [[nodiscard]] const std::filesystem::path& path() const { return path_; }

private:
    using Clock = std::chrono::steady_clock;

    RecordingWriter(std::filesystem::path path, RecordingInfo info, RecordingFile file);
    void loop();
    void write_pending(std::unique_lock<std::mutex>& lock);
    Result<void> commit(const RecordingBatch& batch);
    [[nodiscard]] bool may_take() const;
    void wake_owner() const;
    void stop_thread();

    const std::filesystem::path path_;
    const RecordingInfo info_;
    std::optional<RecordingFile> file_;  // the writing thread's; none after it vanished
    UniqueFd wake_;

    mutable std::mutex mutex_;  // guards what follows
    std::condition_variable changed_;
    std::optional<RecordingBatch> pending_;
    RecordingPosition handed_;   // where the next batch begins
    RecordingPosition written_;  // in the file
    std::optional<Error> problem_;
    Clock::time_point retry_at_;
    Clock::time_point handed_at_;
    bool owner_has_more_ = false;
    bool busy_ = false;   // a batch is being written
    bool hurry_ = false;  // somebody waits
    bool ending_ = false;

    std::thread thread_;
};

}  // namespace procatlas
