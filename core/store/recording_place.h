// Where a new recording is written. A name that is free is written to at once. A recording that is there stays as it is until the
// new one is whole: that is written beside it, under the name with `.part` behind it, and takes its place at the end.
#pragma once

#include <filesystem>

#include "core/base/result.h"
#include "core/base/unique_fd.h"

namespace procatlas {

class RecordingPlace {
public:
    // Never fails: what cannot be replaced is refused by `RecordingFile::create`, which is asked for the same name then.
    [[nodiscard]] static RecordingPlace of(const std::filesystem::path& wanted);

    [[nodiscard]] const std::filesystem::path& written() const { return written_; }
    // Whether another recording has the wanted name until `take`.
    [[nodiscard]] bool replaces() const { return written_ != wanted_; }
    // Gives the file its wanted name; it must be closed, without a log. Error: the other recording is still there.
    [[nodiscard]] Result<void> take();
    // Removes what was written, and leaves the other recording where it is.
    void give_up() const;

private:
    std::filesystem::path wanted_;
    std::filesystem::path written_;
    UniqueFd replaced_;  // keeps a lock, so that no other procatlas is about to replace the same file
};

}  // namespace procatlas
