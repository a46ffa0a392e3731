#include "core/live/recording_keeper.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "core/store/recordings_folder.h"

namespace procatlas {
namespace {

// Whether a program was started: what tells only that it could not be is not worth an older recording.
bool tells_of_a_program(const Recording& recording) {
    return std::ranges::any_of(recording.events(),
                               [](const Event& event) { return std::holds_alternative<ExecEvent>(event.detail); });
}

}  // namespace

RecordingInfo recording_info_now(std::string title) {
    using namespace std::chrono;
    const auto now = duration_cast<milliseconds>(system_clock::now().time_since_epoch());
    return {std::move(title), static_cast<std::uint64_t>(now.count()), PROCATLAS_VERSION};
}

Result<void> RecordingKeeper::begin(const std::filesystem::path& file, std::string title,
                                    const std::optional<HowFollowed>& how) {
    writer_.reset();
    in_trouble_ = false;
    RecordingInfo info = recording_info_now(std::move(title));
    info.followed = how;
    auto writer = RecordingWriter::create(file, std::move(info));
    if (!writer) {
        return std::unexpected(writer.error());
    }
    writer_ = std::move(*writer);
    return {};
}

Result<void> RecordingKeeper::begin_in_users_folder(std::string title, const std::optional<HowFollowed>& how) {
    writer_.reset();
    const auto folder = RecordingsFolder::of_user();
    if (!folder) {
        return std::unexpected(folder.error());
    }
    const auto file = folder->new_file(recording_info_now(title));
    return file ? begin(*file, std::move(title), how) : std::unexpected(file.error());
}

bool RecordingKeeper::follow(Recording& recording) {
    if (!writer_) {
        return false;
    }
    writer_->follow(recording);
    if (const auto problem = writer_->problem()) {
        return tell_trouble(recording, problem->message);
    }
    in_trouble_ = false;
    return false;
}

std::uintmax_t RecordingKeeper::size() {
    constexpr std::chrono::milliseconds often(100);
    const auto now = std::chrono::steady_clock::now();
    if (!writer_ || now - measured_ < often) {
        return writer_ ? size_ : 0;
    }
    measured_ = now;
    size_ = 0;
    for (const char* part : {"", "-wal"}) {
        std::error_code error;
        const std::uintmax_t size = std::filesystem::file_size(writer_->path().native() + part, error);
        size_ += error ? 0 : size;
    }
    return size_;
}

bool RecordingKeeper::tell_trouble(Recording& recording, const std::string& message) {
    if (std::exchange(in_trouble_, true)) {
        return false;
    }
    ObservedEvent gap;
    gap.time_ns = recording.empty() ? 0 : recording.events().back().time_ns;
    gap.detail = GapEvent{GapCode::recording_failed, message, writer_->events_written()};
    recording.append(std::move(gap));
    return true;
}

Result<void> RecordingKeeper::finish(Recording& recording) {
    if (!writer_) {
        return {};
    }
    if (!tells_of_a_program(recording) && writer_->give_up()) {
        writer_.reset();
        return {};
    }
    auto finished = writer_->finish(recording);
    if (!finished) {
        tell_trouble(recording, finished.error().message);
    }
    writer_.reset();
    return finished;
}

}  // namespace procatlas
