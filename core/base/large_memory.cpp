#include "core/base/large_memory.h"

#include <fcntl.h>
#include <linux/magic.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <new>
#include <utility>

namespace procatlas {
namespace {

constexpr std::size_t most_reserved = std::size_t{1} << 36;

// Addresses cost nothing, unless somebody has limited them.
bool addresses_are_limited() {
    rlimit limit{};
    return ::getrlimit(RLIMIT_AS, &limit) != 0 || limit.rlim_cur != RLIM_INFINITY;
}

void* reserve_addresses(std::size_t size) {
    return ::mmap(nullptr, size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
}

// Where room that was taken by fallocate(2) stays ours whenever a page is written. One that copies on write (btrfs, ZFS) needs
// new room for that, one over a network may refuse, and one in memory gains nothing.
bool keeps_its_room(const struct statfs& system) {
    const auto type = static_cast<std::uint64_t>(system.f_type);
    return type == EXT4_SUPER_MAGIC || type == XFS_SUPER_MAGIC || type == OVERLAYFS_SUPER_MAGIC;
}

// Whether the disk has so much left that nobody, the recording among them, misses what we take.
bool has_room(int file) {
    constexpr std::uint64_t least_left = std::uint64_t{1} << 30;
    struct statfs system{};
    return ::fstatfs(file, &system) == 0 && keeps_its_room(system) &&
           std::uint64_t{system.f_bavail} * static_cast<std::uint64_t>(system.f_bsize) >= least_left;
}

// A file without a name, which is gone with its descriptor.
UniqueFd unlinked_file() {
    const char* const chosen = std::getenv("TMPDIR");
    const char* const folder = chosen != nullptr && *chosen == '/' ? chosen : "/var/tmp";
    UniqueFd file(::open(folder, O_TMPFILE | O_EXCL | O_RDWR | O_CLOEXEC, 0600));
    return file && has_room(file.get()) ? std::move(file) : UniqueFd();
}

}  // namespace

LargeMemory::LargeMemory(std::size_t least) : reserved_((least + step - 1) / step * step) {
    void* place = MAP_FAILED;
    if (!addresses_are_limited() && reserved_ < most_reserved) {
        place = reserve_addresses(most_reserved);
        reserved_ = place != MAP_FAILED ? most_reserved : reserved_;
    }
    if (place == MAP_FAILED) {
        place = reserve_addresses(reserved_);
    }
    if (place == MAP_FAILED) {
        throw std::bad_alloc();
    }
    data_ = static_cast<std::byte*>(place);
}

LargeMemory::LargeMemory(LargeMemory&& other) noexcept {
    *this = std::move(other);
}

LargeMemory& LargeMemory::operator=(LargeMemory&& other) noexcept {
    std::swap(data_, other.data_);
    std::swap(reserved_, other.reserved_);
    std::swap(usable_, other.usable_);
    std::swap(file_start_, other.file_start_);
    std::swap(file_end_, other.file_end_);
    std::swap(file_, other.file_);
    std::swap(no_file_, other.no_file_);
    return *this;
}

LargeMemory::~LargeMemory() {
    if (data_ != nullptr) {
        ::munmap(data_, reserved_);
    }
}

void LargeMemory::grow(std::size_t size) {
    if (size > reserved_) {
        throw std::bad_alloc();
    }
    while (usable_ < size) {
        if (!add_file_step() && !add_ordinary_step()) {
            throw std::bad_alloc();
        }
        usable_ += step;
    }
}

// Its room on the disk is taken first: a write to a page that has none would end us (SIGBUS).
bool LargeMemory::add_file_step() {
    if (usable_ < step || no_file_) {
        return false;
    }
    if (!file_) {
        file_ = unlinked_file();
        file_start_ = file_end_ = usable_;
    }
    const auto at = static_cast<off_t>(usable_ - file_start_);
    if (file_ && has_room(file_.get()) && ::fallocate(file_.get(), 0, at, step) == 0 &&
        ::mmap(data_ + usable_, step, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, file_.get(), at) != MAP_FAILED) {
        file_end_ = usable_ + step;
        ::madvise(data_ + usable_, step, MADV_POPULATE_WRITE);  // a fault for each page would cost more than the list itself
        return true;
    }
    if (file_) {
        (void)::ftruncate(file_.get(), at);  // what was taken of a full disk before it failed
    }
    no_file_ = true;
    return false;
}

bool LargeMemory::add_ordinary_step() const {
    return ::mprotect(data_ + usable_, step, PROT_READ | PROT_WRITE) == 0;
}

// Ordinary memory would be emptied by this; the file keeps what is in it.
void LargeMemory::let_go_before(std::size_t end) const {
    static const auto page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
    const std::size_t last = std::min(end, file_end_) / page * page;
    if (last > file_start_) {
        ::madvise(data_ + file_start_, last - file_start_, MADV_DONTNEED);
    }
}

}  // namespace procatlas
