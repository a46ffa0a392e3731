#include "core/store/recording_place.h"

#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>

#include "core/base/text.h"
#include "core/store/untrusted_file.h"
#include "core/store/written_here.h"

namespace procatlas {
namespace {

namespace fs = std::filesystem;

// A recording that could be replaced, locked. Nothing: the name is free, or the file is empty or may not be touched.
UniqueFd lock_replaced(const fs::path& path) {
    struct stat status{};
    if (::lstat(path.c_str(), &status) != 0 || written_here(status)) {
        return {};
    }
    auto file = open_recording_file(path);
    if (!file || ::fstat(file->get(), &status) != 0 || status.st_size == 0 || ::flock(file->get(), LOCK_EX | LOCK_NB) != 0) {
        return {};
    }
    return std::move(*file);
}

// The part of a run that was killed is left alone: it may be all that is left of it.
fs::path free_name_beside(const fs::path& wanted) {
    const std::string part = wanted.native() + ".part";
    fs::path name = part;
    std::error_code error;
    for (int i = 2; fs::exists(fs::symlink_status(name, error)); ++i) {
        name = fmt::format("{}-{}", part, i);
    }
    return name;
}

void remove_logs(const fs::path& path) {
    for (const char* suffix : {"-wal", "-shm", "-journal"}) {
        ::unlink((path.native() + suffix).c_str());
    }
}

}  // namespace

RecordingPlace RecordingPlace::of(const fs::path& wanted) {
    RecordingPlace place;
    place.wanted_ = wanted;
    place.replaced_ = lock_replaced(wanted);
    place.written_ = place.replaced_ ? free_name_beside(wanted) : wanted;
    return place;
}

Result<void> RecordingPlace::take() {
    if (!replaces()) {
        return {};
    }
    remove_logs(wanted_);  // SQLite would take the log of the old file for one of the new
    if (::rename(written_.c_str(), wanted_.c_str()) != 0) {
        return std::unexpected(system_error(display_text(wanted_.native()), errno));
    }
    written_ = wanted_;
    replaced_.reset();
    return {};
}

void RecordingPlace::give_up() const {
    if (replaces()) {
        ::unlink(written_.c_str());
        remove_logs(written_);
    }
}

}  // namespace procatlas
