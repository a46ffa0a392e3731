// A private folder, removed with its owner. If the owner is killed, the next folder that anybody makes removes it. Only folders
// that carry the mark of this class are ever removed.
#pragma once

#include <filesystem>
#include <memory>

#include "core/base/result.h"
#include "core/base/unique_fd.h"

namespace procatlas {

class TemporaryFolder {
public:
    // In $TMPDIR, else /tmp. Any thread.
    [[nodiscard]] static Result<std::shared_ptr<const TemporaryFolder>> make();
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;
    ~TemporaryFolder();

    [[nodiscard]] const std::filesystem::path& path() const { return path_; }

private:
    explicit TemporaryFolder(std::filesystem::path path) : path_(std::move(path)) {}

    std::filesystem::path path_;
    UniqueFd lock_;  // flock(2): the kernel releases it when this process ends, for whatever reason
};

}  // namespace procatlas
