#include "core/store/recordings_folder.h"

#include <fcntl.h>
#include <fmt/chrono.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <compare>
#include <cstdint>
#include <cstdlib>
#include <ctime>
#include <functional>
#include <iterator>
#include <string>

#include "core/base/text.h"
#include "core/store/untrusted_file.h"
#include "core/store/written_here.h"

namespace procatlas {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view ending = ".procatlas";

// Uses letters, digits and a few signs only, which no shell or file system treats specially.
std::string safe_name(std::string_view title) {
    constexpr std::size_t longest = 40;
    std::string name;
    for (const char c : base_name(title)) {
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        name += plain || ((c == '.' || c == '_' || c == '-') && !name.empty()) ? c : '_';
        if (name.size() == longest) {
            break;
        }
    }
    return name.empty() ? "program" : name;
}

std::string time_name(std::uint64_t unix_ms) {
    const auto seconds = static_cast<std::time_t>(unix_ms / 1000);
    std::tm local{};
    if (::localtime_r(&seconds, &local) == nullptr) {
        return "0";
    }
    return fmt::format("{:%Y-%m-%d_%H-%M-%S}", local);
}

struct TimedFile {
    std::int64_t written_ns = 0;
    fs::path path;

    auto operator<=>(const TimedFile&) const = default;
};

std::int64_t nanoseconds(const timespec& time) {
    return std::int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
}

// When the file was written last. Anybody can set the time of writing, and nobody that of the change of the inode, which a copy
// renews: the earlier one counts. What is said to have been written in the future was written nobody knows when.
std::int64_t written_at(const fs::path& path) {
    struct stat status{};
    timespec now{};
    if (::stat(path.c_str(), &status) != 0 || ::clock_gettime(CLOCK_REALTIME, &now) != 0) {
        return 0;
    }
    const std::int64_t time = std::min(nanoseconds(status.st_mtim), nanoseconds(status.st_ctim));
    return time <= nanoseconds(now) ? time : 0;
}

// By when they were written: a name may say anything.
std::vector<fs::path> newest_first(const fs::path& folder) {
    std::vector<TimedFile> files;
    std::error_code error;
    for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
        if (at->path().native().ends_with(ending)) {
            files.push_back({written_at(at->path()), at->path()});
        }
    }
    std::ranges::sort(files, std::greater());
    std::vector<fs::path> paths;
    std::ranges::transform(files, std::back_inserter(paths), &TimedFile::path);
    return paths;
}

bool is_written(const fs::path& path) {
    const auto file = open_regular_file(path);
    return !file ? file.error().code == EBUSY : ::flock(file->get(), LOCK_SH | LOCK_NB) != 0;
}

Result<RecordingInfo> read_info(const fs::path& path) {
    struct stat status{};
    if (::stat(path.c_str(), &status) != 0) {
        return std::unexpected(system_error(display_text(path.native()), errno));
    }
    if (auto known = written_here(status)) {
        return *known;
    }
    if (auto file = open_recording_file(path); !file) {
        return std::unexpected(file.error());
    }
    auto database = open_untrusted(path);
    if (!database) {
        return std::unexpected(database.error());
    }
    auto about = database->prepare("SELECT coalesce(raw_title, title), started_unix_ms, version FROM about");
    if (!about) {
        return std::unexpected(about.error());
    }
    if (about->step() != SQLITE_ROW || !about->bytes(0) || !about->number(1) || !about->bytes(2)) {
        return std::unexpected(database->error());
    }
    return RecordingInfo{std::string(*about->bytes(0)), *about->number(1), std::string(*about->bytes(2)), false};
}

Result<void> make_private_folder(const fs::path& folder) {
    std::error_code error;
    fs::create_directories(folder.parent_path(), error);
    if (::mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST) {
        return std::unexpected(system_error(display_text(folder.native()), errno));
    }
    ::chmod(folder.c_str(), 0700);
    return {};
}

void remove_recording(const fs::path& path) {
    std::error_code ignored;
    for (const char* suffix : {"", "-wal", "-shm", "-journal"}) {
        fs::remove(path.native() + suffix, ignored);
    }
}

}  // namespace

Result<RecordingsFolder> RecordingsFolder::of_user() {
    const char* state = std::getenv("XDG_STATE_HOME");
    if (state != nullptr && *state == '/') {
        return RecordingsFolder(fs::path(state) / "procatlas" / "recordings");
    }
    const char* home = std::getenv("HOME");
    if (home == nullptr || *home != '/') {
        return fail("neither XDG_STATE_HOME nor HOME says where recordings can be kept");
    }
    return RecordingsFolder(fs::path(home) / ".local" / "state" / "procatlas" / "recordings");
}

Result<fs::path> RecordingsFolder::new_file(const RecordingInfo& info, std::size_t kept) const {
    if (auto made = make_private_folder(folder_); !made) {
        return std::unexpected(made.error());
    }
    std::size_t seen = 1;  // the new one counts
    for (const fs::path& file : newest_first(folder_)) {
        if (++seen > kept && !is_written(file)) {
            remove_recording(file);
        }
    }
    const std::string name = time_name(info.started_unix_ms) + "_" + safe_name(info.title);
    constexpr int most_tries = 1000;
    for (int i = 0; i < most_tries; ++i) {
        const fs::path path = folder_ / (name + (i == 0 ? "" : fmt::format("-{}", i)) + std::string(ending));
        if (!fs::exists(fs::symlink_status(path))) {
            return path;
        }
    }
    return fail(fmt::format("{} has no free name left", display_text(folder_.native())));
}

std::vector<RecentRecording> RecordingsFolder::recent() const {
    std::vector<RecentRecording> found;
    for (const fs::path& path : newest_first(folder_)) {
        if (auto info = read_info(path)) {
            found.push_back({path, std::move(*info)});
        }
    }
    return found;
}

Result<void> copy_recording(const fs::path& from, const fs::path& to) {
    struct stat status{};
    const bool ours = ::stat(from.c_str(), &status) == 0 && written_here(status);
    if (!ours) {
        if (auto file = open_recording_file(from); !file) {
            return std::unexpected(file.error());
        }
    }
    std::error_code error;
    if (fs::equivalent(from, to, error)) {
        return fail(fmt::format("{} cannot be copied onto itself", display_text(from.native())));
    }
    std::string part = to.native() + ".XXXXXX";
    const UniqueFd made(::mkostemp(part.data(), O_CLOEXEC));  // mode 0600
    if (!made) {
        return std::unexpected(system_error(display_text(to.native()), errno));
    }
    auto copied = copy_database(from, part);
    if (copied && ::rename(part.c_str(), to.c_str()) != 0) {
        copied = std::unexpected(system_error(display_text(to.native()), errno));
    }
    if (!copied) {
        ::unlink(part.c_str());
    }
    return copied;
}

}  // namespace procatlas
