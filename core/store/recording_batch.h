// Copies of what is new in a recording since a position. The owner's thread makes a batch, the writing thread takes it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/model/recording.h"

namespace procatlas {

// How much of a recording is in the file or on its way there.
struct RecordingPosition {
    std::size_t events = 0;
    std::size_t rows = 0;
    std::size_t closed = 0;
    std::size_t files = 0;
    std::size_t marks = 0;
    std::size_t images = 0;
    std::size_t sources = 0;
    std::size_t functions = 0;
    std::size_t page_rows = 0;
    std::size_t pages_closed = 0;
    std::size_t frame_rows = 0;
    std::size_t frames_closed = 0;

    bool operator==(const RecordingPosition&) const = default;
};

// Copies of what a recording has after a position.
struct RecordingBatch {
    struct Birth {
        std::size_t process = 0;
        std::optional<std::size_t> parent;
        std::string program;
        std::vector<std::string> arguments;
        bool arguments_cut = false;
    };
    struct Told {
        Event event;
        std::optional<std::size_t> process;
        std::optional<std::size_t> child;  // of a fork or a reap
        std::optional<Birth> birth;
    };
    struct File {
        std::string name;
        std::uint32_t device_major = 0;
        std::uint32_t device_minor = 0;
        std::uint64_t inode = 0;
    };
    RecordingPosition from;
    RecordingPosition to;
    std::vector<Told> events;
    std::vector<MapRow> rows;
    std::vector<std::pair<std::uint32_t, std::uint32_t>> closed;  // row and moment
    std::vector<File> files;
    std::vector<MarksRow> marks;
    std::vector<ElfImage> images;
    std::vector<SourceFile> sources;
    std::vector<FunctionCode> functions;
    ByteCount page_size = 4096;
    std::vector<PageRow> page_rows;
    std::vector<std::pair<std::uint32_t, std::uint32_t>> pages_closed;
    std::vector<PageRow> frame_rows;
    std::vector<std::pair<std::uint32_t, std::uint32_t>> frames_closed;
};

// The ends of rows in a batch. present: as they were at its last event, so that a file is right after each batch; later batches
// bring the ends that follow. final: as the recording knows them now. A recording that was read from a file has no other.
enum class RowEnds { present, final };

// Fills an empty `batch` with at most `most_events` events after `from` and the rows that they brought. Returns false if
// nothing is new.
bool batch_after(const Recording& recording, const RecordingPosition& from, std::size_t most_events, RecordingBatch& batch,
                 RowEnds row_ends = RowEnds::present);

}  // namespace procatlas
