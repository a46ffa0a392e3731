// RecordingTables: the rows of pages, and copied pages.
#include "core/store/recording_tables.h"
#include "core/store/schema.h"

namespace procatlas {

Result<void> RecordingTables::insert_pages(const RecordingBatch& batch) {
    const auto common_columns = [&](Statement& statement, std::size_t id, const PageRow& row) {
        statement.integer(id);
        statement.integer(std::uint64_t{row.process});
        statement.integer(std::uint64_t{row.since});
        statement.integer(row.until == PageRow::open ? to_the_end : row.until);
        statement.integer(row.start);
        statement.integer(row.start + row.count * batch.page_size);
        statement.integer(row.count);
    };
    for (std::size_t i = 0; i < batch.page_rows.size(); ++i) {
        const PageRow& row = batch.page_rows[i];
        common_columns(page_row_, batch.from.page_rows + i, row);
        page_row_.text(page_state_name(static_cast<PageState>(row.value & ~PageRow::huge_value)));
        page_row_.integer(std::uint64_t{(row.value & PageRow::huge_value) != 0});
        if (auto written = done(page_row_); !written) {
            return written;
        }
    }
    for (std::size_t i = 0; i < batch.frame_rows.size(); ++i) {
        common_columns(frame_row_, batch.from.frame_rows + i, batch.frame_rows[i]);
        frame_row_.integer(batch.frame_rows[i].value);
        if (auto written = done(frame_row_); !written) {
            return written;
        }
    }
    if (auto written = set_ends(page_row_end_, batch.pages_closed); !written) {
        return written;
    }
    return set_ends(frame_row_end_, batch.frames_closed);
}

Result<void> RecordingTables::insert_copied(std::size_t moment, const Event& event) {
    for (const CopiedRun& run : event.copied) {
        copied_.integer(moment);
        copied_.integer(static_cast<std::uint64_t>(run.pid));
        copied_.integer(run.start);
        copied_.integer(run.pages);
        if (auto written = done(copied_); !written) {
            return written;
        }
    }
    return {};
}

}  // namespace procatlas
