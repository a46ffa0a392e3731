#include "core/store/temporary_folder.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <string>
#include <system_error>

namespace procatlas {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view name_start = "procatlas-";
constexpr const char* lock_name = "lock";

bool is_ours(const fs::path& folder) {
    struct stat status{};
    return ::lstat(folder.c_str(), &status) == 0 && S_ISDIR(status.st_mode) && status.st_uid == ::geteuid();
}

// What the lock of a folder of ours holds. It names the folder, so neither a user's folder with a file `lock` nor a copy of a
// folder of ours is taken for one that may be removed.
std::string mark_of(const fs::path& folder) {
    return "temporary folder of procatlas, removed when its owner is gone: " + folder.filename().string() + "\n";
}

bool has_our_mark(int lock, const fs::path& folder) {
    const std::string mark = mark_of(folder);
    std::string found(mark.size() + 1, '\0');
    struct stat status{};
    return ::fstat(lock, &status) == 0 && S_ISREG(status.st_mode) && status.st_uid == ::geteuid() &&
           ::pread(lock, found.data(), found.size(), 0) == static_cast<ssize_t>(mark.size()) && found.starts_with(mark);
}

// Marks and takes the lock before giving it its final name. So if a free lock is found in a folder, the folder's owner is gone.
Result<UniqueFd> lock_folder(const fs::path& folder) {
    const fs::path hidden = folder / "lock.new";
    const std::string mark = mark_of(folder);
    UniqueFd lock(::open(hidden.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
    if (!lock || ::flock(lock.get(), LOCK_EX | LOCK_NB) != 0 ||
        ::write(lock.get(), mark.data(), mark.size()) != static_cast<ssize_t>(mark.size()) ||
        ::rename(hidden.c_str(), (folder / lock_name).c_str()) != 0) {
        return std::unexpected(system_error("cannot lock a temporary folder", errno));
    }
    return lock;
}

void remove_abandoned(const fs::path& parent) {
    std::error_code error;
    for (fs::directory_iterator entry(parent, error), end; !error && entry != end; entry.increment(error)) {
        const fs::path& folder = entry->path();
        if (!folder.filename().native().starts_with(name_start) || !is_ours(folder)) {
            continue;
        }
        const UniqueFd lock(::open((folder / lock_name).c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
        if (lock && has_our_mark(lock.get(), folder) && ::flock(lock.get(), LOCK_EX | LOCK_NB) == 0) {
            std::error_code ignored;
            fs::remove_all(folder, ignored);
        }
    }
}

}  // namespace

Result<std::shared_ptr<const TemporaryFolder>> TemporaryFolder::make() {
    std::error_code error;
    const fs::path parent = fs::temp_directory_path(error);
    if (error) {
        return std::unexpected(system_error("there is no folder for temporary files", error.value()));
    }
    remove_abandoned(parent);
    std::string name = (parent / (std::string(name_start) + "XXXXXX")).string();
    if (::mkdtemp(name.data()) == nullptr) {
        return std::unexpected(system_error("there is no folder for a temporary copy", errno));
    }
    const std::shared_ptr<TemporaryFolder> folder(new TemporaryFolder(name));
    auto lock = lock_folder(folder->path());
    if (!lock) {
        return std::unexpected(lock.error());
    }
    folder->lock_ = std::move(*lock);
    return folder;
}

TemporaryFolder::~TemporaryFolder() {
    std::error_code error;
    fs::remove_all(path_, error);
}

}  // namespace procatlas
