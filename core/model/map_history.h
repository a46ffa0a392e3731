// The memory maps of a whole recording, kept as changes: each mapping is one row, valid from one moment to another. Rows are
// only appended; afterwards only their end is set, once. Pure, in memory. One thread only.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/base/large_list.h"
#include "core/base/mixed_hash.h"
#include "core/base/result.h"
#include "core/model/address_space.h"
#include "core/model/map_rows.h"
#include "core/model/row_list.h"

namespace procatlas {

// What a mapping maps: a file, something that the kernel names, or nothing.
struct MappedFile {
    std::string_view name;
    std::uint32_t device_major = 0;
    std::uint32_t device_minor = 0;
    std::uint64_t inode = 0;

    bool operator==(const MappedFile&) const = default;
};

// The other members of an AddressSpace. Valid from `since` until the next row of the same process.
struct MarksRow {
    std::uint32_t process = 0;
    std::uint32_t since = 0;
    AddressMarks marks;
    bool torn = false;
};

// A stored history, with the number of processes and events of its recording. `closed` is not stored: each row has its end.
struct KeptMaps {
    std::vector<MappedFile> files;
    MapRows rows;
    LargeList<MarksRow> marks;
    std::size_t process_count = 0;
    std::size_t event_count = 0;
};

class MapHistory {
public:
    // Checks `kept`. Returns a consistent history, or an error.
    [[nodiscard]] static Result<MapHistory> restored(KeptMaps kept);

    // Records the map of a process (an index in World::processes) read at `moment`, which is later than its last one. Returns
    // it as it is kept, with names that all maps share.
    std::shared_ptr<const AddressSpace> record(std::size_t process, std::size_t moment,
                                               const std::shared_ptr<const AddressSpace>& space);

    // The last map read at or before `moment`; null before the first. Moments with equal maps often get the same object.
    [[nodiscard]] std::shared_ptr<const AddressSpace> space_at(std::size_t process, std::size_t moment) const;
    // Whether there is one, without making it.
    [[nodiscard]] bool has_space_at(std::size_t process, std::size_t moment) const;

    // The process has ended: its last map is made of its rows where it is asked for, and not held.
    void let_go(std::size_t process);

    // In the order in which they were added.
    [[nodiscard]] const MapRows& rows() const { return rows_; }
    [[nodiscard]] std::span<const MarksRow> marks() const { return marks_.all(); }
    [[nodiscard]] std::span<const MappedFile> files() const { return files_; }
    // The rows that got their end, in that order, so that a writer of rows need not search for them.
    [[nodiscard]] const RowList& closed() const { return closed_; }
    // The moments at which the map of `process` changed, ascending.
    [[nodiscard]] std::span<const std::uint32_t> changes(std::size_t process) const;
    void let_go_rows() const;  // see LargeList
    // The row as a mapping; its name lives as long as the history.
    [[nodiscard]] Mapping mapping(const MapRow& row) const;

private:
    struct FileHash {
        std::size_t operator()(const MappedFile& file) const {
            const std::size_t device = mixed_hash(std::uint64_t{file.device_major} << 32 | file.device_minor);
            return mixed_hash(std::hash<std::string_view>()(file.name) + mixed_hash(file.inode + device));
        }
    };
    // The rows that were open at a moment. Going to a later moment then needs only the rows added since.
    struct Checkpoint {
        std::uint32_t moment = 0;
        std::size_t row_count = 0;  // rows of the process at that moment
        std::vector<std::uint32_t> open;
    };
    struct Track {                                 // of one process
        std::shared_ptr<const AddressSpace> last;  // null after `let_go` …
        std::weak_ptr<const AddressSpace> told;    // what `last` was made from
        std::vector<std::uint32_t> open;           // row of each mapping of `last`
        RowList rows;                              // all, by `since`
        std::vector<std::uint32_t> marks;
        std::vector<std::uint32_t> changes;
        std::vector<Checkpoint> checkpoints;
        std::weak_ptr<const AddressSpace> built;  // the map last built for a past moment, while somebody holds it …
        std::uint32_t built_change = 0;           // … and the change after which it is valid
    };

    Track& track_of(std::size_t process);
    std::uint32_t file_of(MappedFile file);
    friend class MapRestorer;
    bool record_mappings(Track& track, std::uint32_t process, std::uint32_t moment, const AddressSpace& space);
    void keep_checkpoint(Track& track, std::uint32_t moment) const;
    [[nodiscard]] std::shared_ptr<const AddressSpace> space_of(const Track& track, std::span<const std::uint32_t> open,
                                                               std::uint32_t moment) const;
    [[nodiscard]] std::vector<std::uint32_t> open_at(const Track& track, std::uint32_t moment) const;

    MapRows rows_;
    LargeList<MarksRow> marks_;
    std::vector<MappedFile> files_;
    RowList closed_;
    std::shared_ptr<std::deque<std::string>> names_ = std::make_shared<std::deque<std::string>>();  // never moved
    std::unordered_map<MappedFile, std::uint32_t, FileHash> file_ids_;
    mutable std::vector<Track> tracks_;  // mutable: `built`
};

}  // namespace procatlas
