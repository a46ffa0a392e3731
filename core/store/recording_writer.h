// Writes a recording to a file while it grows, on a separate thread. New events are in the file within 50 ms. If the disk is
// full or the file is gone, the writer reports it at once and retries, from where the file ends, until it works.
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
#include "core/store/recording_place.h"

namespace procatlas {

// One thread, the owner of the recording, calls this class. Only the writing itself runs on another thread.
class RecordingWriter {
public:
    // Creates a file, as RecordingFile::create does. Another recording of that name is there until `finish` (RecordingPlace).
    [[nodiscard]] static Result<std::unique_ptr<RecordingWriter>> create(const std::filesystem::path& path, RecordingInfo info);
    RecordingWriter(const RecordingWriter&) = delete;
    RecordingWriter& operator=(const RecordingWriter&) = delete;
    // Writes what it was given, and closes the file.
    ~RecordingWriter();

    // Gives the writer what is new in `recording`, which is always the same one. Call it when something is new, and when
    // `descriptor` is readable. Never waits for the disk.
    void follow(const Recording& recording);
    // Why the file lacks part of what the writer was given; nullopt: it is complete, or will be in a moment.
    [[nodiscard]] std::optional<Error> problem() const;
    // Data has been waiting for long. The caller should take in nothing new for a moment, so that the writing thread gets a
    // processor.
    [[nodiscard]] bool is_behind() const;
    // How many events are in the file.
    [[nodiscard]] std::size_t events_written() const;
    // Readable when `follow` should be called although nothing is new: a problem began or ended, or there is room for more.
    [[nodiscard]] int descriptor() const { return wake_.get(); }
    // Writes the rest, closes the file and waits for it; the file is then complete, and replaces another one of its name.
    // Error: it is not complete; the message says where it is if another one keeps its name.
    [[nodiscard]] Result<void> finish(const Recording& recording);
    // The recording is not worth replacing another one: if there is one, removes the file, and the other one stays. True: it
    // was so; nothing else may be called then.
    bool give_up();

    // Where the file is now.
    [[nodiscard]] const std::filesystem::path& path() const { return path_; }

private:
    using Clock = std::chrono::steady_clock;

    RecordingWriter(RecordingPlace place, RecordingInfo info, RecordingFile file);
    void loop();
    void write_pending(std::unique_lock<std::mutex>& lock);
    Result<void> commit_with_memory(const RecordingBatch& batch);
    Result<void> commit(const RecordingBatch& batch);
    [[nodiscard]] bool may_take() const;
    void hand_over(const Recording& recording, std::size_t most_events);
    void wake_owner() const;
    void stop_thread();
    Result<void> close_file();

    RecordingPlace place_;
    const std::filesystem::path path_;
    const RecordingInfo info_;
    std::optional<RecordingFile> file_;  // the writing thread's; none after it vanished
    UniqueFd wake_;

    mutable std::mutex mutex_;  // guards the members below
    std::condition_variable changed_;
    std::optional<RecordingBatch> pending_;
    RecordingPosition handed_;   // start of the next batch
    RecordingPosition written_;  // end of what is in the file
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
