#include "core/store/written_here.h"

#include <mutex>
#include <vector>

namespace procatlas {
namespace {

struct Written {
    std::uint64_t id = 0;
    dev_t device = 0;
    ino_t inode = 0;
    RecordingInfo info;
};

struct Registry {
    std::mutex mutex;
    std::vector<Written> files;
    std::uint64_t last_id = 0;
};

// One for the whole process, because the locks belong to the process.
Registry& registry() {
    static Registry files;
    return files;
}

}  // namespace

WrittenHere::WrittenHere(int descriptor, RecordingInfo info) {
    struct stat status{};
    ::fstat(descriptor, &status);
    const std::scoped_lock lock(registry().mutex);
    id_ = ++registry().last_id;
    registry().files.push_back({id_, status.st_dev, status.st_ino, std::move(info)});
}

WrittenHere::~WrittenHere() {
    if (id_ != 0) {
        const std::scoped_lock lock(registry().mutex);
        std::erase_if(registry().files, [&](const Written& file) { return file.id == id_; });
    }
}

std::optional<RecordingInfo> written_here(const struct stat& status) {
    const std::scoped_lock lock(registry().mutex);
    for (const Written& file : registry().files) {
        if (file.device == status.st_dev && file.inode == status.st_ino) {
            return file.info;
        }
    }
    return std::nullopt;
}

}  // namespace procatlas
