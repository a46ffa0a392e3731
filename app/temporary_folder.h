// A private folder that goes with its owner.
#pragma once

#include <filesystem>
#include <memory>

#include "core/base/result.h"

namespace procatlas {

class TemporaryFolder {
public:
    [[nodiscard]] static Result<std::shared_ptr<const TemporaryFolder>> make();
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;
    ~TemporaryFolder();

    [[nodiscard]] const std::filesystem::path& path() const { return path_; }

private:
    explicit TemporaryFolder(std::filesystem::path path) : path_(std::move(path)) {}

    std::filesystem::path path_;
};

}  // namespace procatlas
