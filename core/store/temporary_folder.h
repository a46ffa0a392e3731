// A private folder that goes with its owner; and where the owner was killed, with the next one that anybody makes.
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
    UniqueFd lock_;  // flock(2): the kernel lets go of it when we end, however we do
};

}  // namespace procatlas
