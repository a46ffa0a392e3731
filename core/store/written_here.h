// Which recording files this process writes. Whoever opened and closed such a file beside SQLite would end SQLite's locks on it
// (fcntl(2), "Advisory record locking"), so that others could take its log away. Any thread.
#pragma once

#include <sys/stat.h>

#include <cstdint>
#include <optional>
#include <utility>

#include "core/store/recording_info.h"

namespace procatlas {

// What is known of the file without opening it; nullopt: it is not written by this process.
[[nodiscard]] std::optional<RecordingInfo> written_here(const struct stat& status);

class WrittenHere {
public:
    // `descriptor` is open on the file, and is closed after this is gone.
    WrittenHere(int descriptor, RecordingInfo info);
    WrittenHere(WrittenHere&& other) noexcept : id_(std::exchange(other.id_, 0)) {}
    WrittenHere& operator=(WrittenHere&& other) noexcept {
        std::swap(id_, other.id_);
        return *this;
    }
    WrittenHere(const WrittenHere&) = delete;
    WrittenHere& operator=(const WrittenHere&) = delete;
    ~WrittenHere();

private:
    std::uint64_t id_ = 0;
};

}  // namespace procatlas
