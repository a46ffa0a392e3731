// Writes the rows of a recording file: which part of a batch goes into which table (schema.cpp).
#pragma once

#include <memory>
#include <string>
#include <unordered_map>

#include "core/base/result.h"
#include "core/store/database.h"
#include "core/store/recording_batch.h"
#include "core/store/recording_info.h"
#include "core/stream/inside_codec.h"

namespace procatlas {

class RecordingTables {
public:
    [[nodiscard]] static Result<void> insert_about(Database& database, const RecordingInfo& info);
    [[nodiscard]] static Result<void> insert_followed(Database& database, const RecordingInfo& info);

    // For the connection that `insert` gets later. This object must end before that connection does.
    [[nodiscard]] Result<void> prepare(Database& database);
    // Runs inside the caller's transaction.
    [[nodiscard]] Result<void> insert(Database& database, const RecordingBatch& batch);
    // Call this when that transaction failed: its rows will come again.
    void rolled_back() {
        inside_writer_.forget();
        objects_.clear();
    }

private:
    Result<void> done(Statement& statement);
    Result<void> insert_event(std::size_t moment, const RecordingBatch::Told& told);
    Result<void> tell_process(std::size_t moment, const RecordingBatch::Told& told);
    Result<void> insert_inside(std::size_t moment, const Event& event);
    Result<void> insert_variables(std::size_t moment, const StackFrame& frame);
    Result<void> insert_objects(std::size_t moment, const Event& event);
    Result<void> insert_memory(std::size_t moment);
    Result<void> insert_rows(const RecordingBatch& batch);
    Result<void> insert_marks(const RecordingBatch& batch);
    Result<void> insert_images(const RecordingBatch& batch);
    Result<void> insert_sources(const RecordingBatch& batch);
    Result<void> insert_functions(const RecordingBatch& batch);
    Result<void> set_ends(Statement& statement, const std::vector<std::pair<std::uint32_t, std::uint32_t>>& ends);
    // Of pages (recording_page_tables.cpp).
    Result<void> insert_pages(const RecordingBatch& batch);
    Result<void> insert_copied(std::size_t moment, const Event& event);

    Database* database_ = nullptr;  // while inserting
    Statement event_;
    Statement output_;
    Statement birth_;
    Statement exec_;
    Statement death_;
    Statement reap_;
    Statement row_;
    Statement row_end_;
    Statement file_;
    Statement marks_;
    Statement image_;
    Statement inside_;
    Statement variable_;
    Statement memory_;
    Statement object_;
    Statement source_;
    Statement code_;
    Statement page_row_;
    Statement page_row_end_;
    Statement frame_row_;
    Statement frame_row_end_;
    Statement copied_;
    InsideWriter inside_writer_;
    std::string body_;  // of the current row
    std::vector<const MemoryBytes*> new_pieces_;
    std::unordered_map<std::int32_t, std::shared_ptr<const std::vector<PythonObject>>> objects_;  // last written, by pid
};

}  // namespace procatlas
