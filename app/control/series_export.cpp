#include "app/control/series_export.h"

#include <poll.h>
#include <unistd.h>

#include <utility>
#include <vector>

#include "core/base/unique_fd.h"
#include "core/export/picture/figure_series.h"
#include "core/store/read_recording.h"
#include "core/store/recordings_folder.h"
#include "core/store/temporary_folder.h"

namespace procatlas {
namespace {

bool is_stopped(int descriptor) {
    pollfd ready{descriptor, POLLIN, 0};
    return ::poll(&ready, 1, 0) > 0;
}

// A copy: the window's own recording is not shared between threads, and its file may grow meanwhile.
Result<LoadedRecording> read_as_it_is(const std::filesystem::path& file) {
    const auto folder = TemporaryFolder::make();
    if (!folder) {
        return std::unexpected(folder.error());
    }
    const std::filesystem::path copy = (*folder)->path() / "shown.procatlas";
    if (const auto copied = copy_recording(file, copy); !copied) {
        return std::unexpected(copied.error());
    }
    return read_recording(copy);
}

}  // namespace

SeriesExport::~SeriesExport() {
    if (!work_.busy()) {
        return;
    }
    constexpr int patience_ms = 5000;
    pollfd ended{::dup(work_.descriptor()), POLLIN, 0};
    const UniqueFd owner(ended.fd);
    work_.cancel();
    (void)::poll(&ended, 1, patience_ms);
}

bool SeriesExport::begin(SeriesRequest request, const Messages& words) {
    file_ = request.file;
    counts_ = std::make_shared<Counts>();
    return work_.begin([request = std::move(request), counts = counts_, words](int cancelled) -> Result<void> {
        const auto read = read_as_it_is(request.recording);
        if (!read) {
            return std::unexpected(read.error());
        }
        const std::vector<std::size_t> steps = steps_of(read->recording);
        if (steps.empty()) {
            return fail(std::string(words.text("figure.no_steps")));
        }
        counts->all = steps.size();
        return write_series(read->recording, request.options, request.format, steps, request.file, words,
                            [&](std::size_t done) {
                                counts->done = done;
                                return !is_stopped(cancelled);
                            });
    });
}

void SeriesExport::stop() {
    work_.cancel();
}

std::optional<SeriesProgress> SeriesExport::progress() const {
    return work_.busy() ? std::optional(SeriesProgress{counts_->done, counts_->all}) : std::nullopt;
}

}  // namespace procatlas
