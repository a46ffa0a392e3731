#include "core/store/recording_batch.h"

#include <algorithm>

namespace procatlas {
namespace {

RecordingBatch::Told told_of(const Recording& recording, std::size_t moment) {
    const Event& event = recording.events()[moment];
    const World& world = recording.last_world();
    RecordingBatch::Told told{event, recording.process_of(moment), std::nullopt, std::nullopt};
    if (const auto* reap = std::get_if<ReapEvent>(&event.detail)) {
        if (const Process* child = world.find(reap->child)) {
            told.child = static_cast<std::size_t>(child - world.processes.data());
        }
    } else if (const auto born = recording.born_at(moment)) {
        const Process& process = world.processes[*born];
        told.child = std::holds_alternative<ForkEvent>(event.detail) ? born : std::nullopt;
        // Takes the present program: later exec events update it, and write the same again.
        told.birth = RecordingBatch::Birth{*born, process.parent, process.program(), process.arguments, process.arguments_cut};
    }
    return told;
}

// The new rows that began before moment `end`, and the new ends of older rows.
template <typename Rows, typename NewRows, typename Ends>
void take_rows(const Rows& rows, const RowList& closed, std::size_t end, RowEnds row_ends, std::size_t& rows_at,
               std::size_t& closed_at, NewRows& new_rows, Ends& ends) {
    const std::size_t from = rows_at;
    for (std::size_t& i = rows_at; i < rows.size() && rows[i].since < end; ++i) {
        auto row = rows[i];
        row.until = row_ends == RowEnds::final || row.until < end ? row.until : row.open;
        new_rows.push_back(row);
    }
    if (row_ends == RowEnds::final) {
        return;
    }
    for (std::size_t& i = closed_at; i < closed.size(); ++i) {
        const std::uint32_t row = closed[i];
        if (rows[row].until >= end) {
            break;
        }
        if (row < from) {  // otherwise the row already contains its end
            ends.emplace_back(row, rows[row].until);
        }
    }
}

}  // namespace

bool batch_after(const Recording& recording, const RecordingPosition& from, std::size_t most_events, RecordingBatch& batch,
                 RowEnds row_ends) {
    const MapHistory& maps = recording.maps();
    batch.from = batch.to = from;
    batch.to.events = std::min(recording.events().size(), from.events + most_events);
    for (std::size_t moment = from.events; moment < batch.to.events; ++moment) {
        batch.events.push_back(told_of(recording, moment));
    }
    const std::size_t end = std::min(batch.to.events, recording.maps_end());
    take_rows(maps.rows(), maps.closed(), end, row_ends, batch.to.rows, batch.to.closed, batch.rows, batch.closed);
    const PageHistory& pages = recording.pages();
    batch.page_size = pages.page_size();
    take_rows(pages.states().rows(), pages.states().closed(), end, row_ends, batch.to.page_rows, batch.to.pages_closed,
              batch.page_rows, batch.pages_closed);
    take_rows(pages.frames().rows(), pages.frames().closed(), end, row_ends, batch.to.frame_rows, batch.to.frames_closed,
              batch.frame_rows, batch.frames_closed);
    for (std::size_t& i = batch.to.marks; i < maps.marks().size() && maps.marks()[i].since < end; ++i) {
        batch.marks.push_back(maps.marks()[i]);
    }
    for (std::size_t& i = batch.to.files; i < maps.files().size(); ++i) {
        const MappedFile& file = maps.files()[i];
        batch.files.push_back({std::string(file.name), file.device_major, file.device_minor, file.inode});
    }
    for (std::size_t& i = batch.to.images; i < recording.images().size(); ++i) {
        batch.images.push_back(recording.images()[i]);
    }
    for (std::size_t& i = batch.to.sources; i < recording.sources().size(); ++i) {
        batch.sources.push_back(recording.sources()[i]);
    }
    for (std::size_t& i = batch.to.functions; i < recording.functions().size(); ++i) {
        batch.functions.push_back(recording.functions()[i]);
    }
    return batch.to != from;
}

}  // namespace procatlas
