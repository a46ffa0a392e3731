// Which recording files this process is writing. Opening and closing such a file without SQLite would release SQLite's locks on
// it (fcntl(2), "Advisory record locking"); another process could then remove its log. Any thread.
#pragma once

#include <sys/stat.h>

#include <cstdint>
#include <optional>
#include <utility>

#include "core/store/recording_info.h"

namespace procatlas {

// What is known of the file without opening it; nullopt: this process is not writing it.
[[nodiscard]] std::optional<RecordingInfo> written_here(const struct stat& status);

class WrittenHere {
public:
    // `descriptor` is open on the file and must be closed after this object is gone.
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
