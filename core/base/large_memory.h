// Memory that grows at its end without moving, for a long run: beyond its first megabytes it is an unlinked file of the
// system's temporary folder, so that what nobody looks at need not be in memory (mmap(2), MAP_SHARED). Where no such file can
// be had, its disk is nearly full, or the folder is in memory anyway (tmpfs), all of it is ordinary memory. One thread writes;
// several may read.
#pragma once

#include <cstddef>

#include "core/base/unique_fd.h"

namespace procatlas {

class LargeMemory {
public:
    // Grown in such steps; the first one is never in a file.
    static constexpr std::size_t step = std::size_t{2} << 20;

    LargeMemory() = default;  // has no room
    // Can grow to `least` bytes, and much further where nobody limits our addresses (`ulimit -v`). Throws std::bad_alloc.
    explicit LargeMemory(std::size_t least);
    LargeMemory(LargeMemory&& other) noexcept;
    LargeMemory& operator=(LargeMemory&& other) noexcept;
    LargeMemory(const LargeMemory&) = delete;
    LargeMemory& operator=(const LargeMemory&) = delete;
    ~LargeMemory();

    // At least `size` bytes, of those that are reserved, can be used afterwards; new ones are 0. Throws std::bad_alloc.
    void grow(std::size_t size);
    [[nodiscard]] std::byte* data() const { return data_; }
    [[nodiscard]] std::size_t size() const { return usable_; }
    [[nodiscard]] std::size_t reserved() const { return reserved_; }
    // The pages of the file that lie wholly before `end` leave this process's memory until they are looked at again.
    void let_go_before(std::size_t end) const;
    // How much of it is a file's.
    [[nodiscard]] std::size_t in_file() const { return file_end_ - file_start_; }

private:
    [[nodiscard]] bool add_file_step();
    [[nodiscard]] bool add_ordinary_step() const;

    std::byte* data_ = nullptr;
    std::size_t reserved_ = 0;  // addresses that are kept free for it
    std::size_t usable_ = 0;
    std::size_t file_start_ = 0;  // [file_start_, file_end_) is a file's, all else ordinary memory
    std::size_t file_end_ = 0;
    UniqueFd file_;
    bool no_file_ = false;
};

}  // namespace procatlas
