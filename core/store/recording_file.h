// The file that a recording is written to. Each batch is one transaction. Any thread, but one at a time.
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
    // Creates a file (0600) with its tables. Replaces an existing file only if it is a recording, or empty, and no procatlas is
    // writing it; any other existing file is an error.
    [[nodiscard]] static Result<RecordingFile> create(const std::filesystem::path& path, const RecordingInfo& info);
    // Writes all of the batch or nothing. Where that fails, tries again without the log. Also fails if the file is no
    // longer at its path; all later commits fail then.
    [[nodiscard]] Result<void> commit(const RecordingBatch& batch);
    // Leaves a single file, without its log.
    [[nodiscard]] Result<void> close();
    // Whether the path no longer names this file.
    [[nodiscard]] bool vanished() const;

private:
    RecordingFile(std::filesystem::path path, UniqueFd lock, const RecordingInfo& info)
        : path_(std::move(path)), lock_(std::move(lock)), registration_(lock_.get(), info) {}
    Result<void> prepare(const RecordingInfo& info);
    Result<void> try_commit(const RecordingBatch& batch);
    // In bytes.
    [[nodiscard]] std::uintmax_t log_size() const;
    // False: somebody reads the file, or it cannot grow.
    bool empty_log();
    void shorten_log();

    // Members are destroyed in reverse order: the lock must be released, and its descriptor closed, after the database (see
    // `create`).
    std::filesystem::path path_;
    UniqueFd lock_;
    WrittenHere registration_;
    Database database_;
    RecordingTables tables_;
    std::unique_ptr<Checkpointer> checkpointer_;  // destroyed before the database, as it has a separate connection
    std::uintmax_t log_checked_ = 0;              // size of the log when the last checkpoint began
};

}  // namespace procatlas
