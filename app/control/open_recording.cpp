#include "app/control/open_recording.h"

#include <string>
#include <utility>

#include "core/base/whole_file.h"
#include "core/export/carry/carried_recording.h"
#include "core/store/opener_client.h"
#include "core/store/recording_without_memory.h"
#include "core/store/recordings_folder.h"

namespace procatlas {

namespace fs = std::filesystem;

namespace {

bool is_figure(const fs::path& file) {
    std::string ending = file.extension().string();
    for (char& c : ending) {
        c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    }
    return ending == ".png" || ending == ".svg" || ending == ".pdf";
}

Result<OpenedRecording> open_figure(const fs::path& figure) {
    auto carried = open_carried_file(figure);
    if (!carried) {
        return std::unexpected(carried.error());
    }
    if (!*carried) {
        return fail(figure.filename().string() + " carries no recording");
    }
    auto folder = TemporaryFolder::make();
    if (!folder) {
        return std::unexpected(folder.error());
    }
    const fs::path file = (*folder)->path() / "figure.procatlas";
    if (const auto written = write_whole_file(file, (*carried)->bytes); !written) {
        return std::unexpected(written.error());
    }
    auto loaded = read_recording(file);
    if (!loaded) {
        return std::unexpected(loaded.error());
    }
    return OpenedRecording{std::move(*loaded), file, std::move(*folder), (*carried)->moment};
}

Result<void> copy_without_memory(const fs::path& file, const fs::path& to) {
    auto loaded = read_recording(file);
    return loaded ? write_without_memory(loaded->recording, std::move(loaded->info), to) : std::unexpected(loaded.error());
}

}  // namespace

Result<OpenedRecording> open_recording(const fs::path& file) {
    if (is_figure(file)) {
        return open_figure(file);
    }
    auto loaded = read_recording(file);
    if (!loaded) {
        return std::unexpected(loaded.error());
    }
    return OpenedRecording{std::move(*loaded), file, nullptr, std::nullopt};
}

Result<std::string> recording_bytes(const fs::path& file, MemoryKept kept) {
    const auto folder = TemporaryFolder::make();
    if (!folder) {
        return std::unexpected(folder.error());
    }
    const fs::path copy = (*folder)->path() / "recording.procatlas";
    if (const auto copied = kept == MemoryKept::no ? copy_without_memory(file, copy) : copy_recording(file, copy); !copied) {
        return std::unexpected(copied.error());
    }
    return read_whole_file(copy, carried_limit);
}

}  // namespace procatlas
