// The file that a recording is written to: batches of what is new, each in one transaction. Any one thread at a time.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <utility>

#include "core/base/result.h"
#include "core/base/unique_fd.h"
#include "core/store/checkpointer.h"
#include "core/store/database.h"
#include "core/store/recording_batch.h"
#include "core/store/recording_info.h"
#include "core/store/recording_tables.h"
#include "core/store/written_here.h"

namespace procatlas {

class RecordingFile {
public:
    // A new file (0600) with its tables. What is there already is replaced where it is a recording that nobody writes, else
    // it is an error.
    [[nodiscard]] static Result<RecordingFile> create(const std::filesystem::path& path, const RecordingInfo& info);
    // All of it or nothing. Error too where the file is no longer at its path; then no later commit can work either.
    [[nodiscard]] Result<void> commit(const RecordingBatch& batch);
    // Leaves one whole file.
    [[nodiscard]] Result<void> close();
    // Its name is gone, or is another file's.
    [[nodiscard]] bool vanished() const;

private:
    RecordingFile(std::filesystem::path path, UniqueFd lock, const RecordingInfo& info)
        : path_(std::move(path)), lock_(std::move(lock)), registration_(lock_.get(), info) {}
    Result<void> prepare(const RecordingInfo& info);
    void shorten_log();

    // Order matters: the lock is given back, and its descriptor closed, after the database (see `create`).
    std::filesystem::path path_;
    UniqueFd lock_;
    WrittenHere registration_;
    Database database_;
    RecordingTables tables_;
    std::unique_ptr<Checkpointer> checkpointer_;  // before the database: it has a connection of its own
    std::uintmax_t log_checked_ = 0;              // its size when the last checkpoint began
};

}  // namespace procatlas
