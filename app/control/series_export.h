// Figures of every step, made on another thread while the window goes on: there may be hundreds. They are of the recording as
// it was when they were asked for. Window thread only.
#pragma once

#include <atomic>
#include <cstddef>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "app/control/background.h"
#include "core/base/result.h"
#include "core/export/picture/figure.h"
#include "core/narrate/messages.h"

namespace procatlas {

struct SeriesRequest {
    std::filesystem::path recording;  // its file; may still be written to
    FigureOptions options;
    FigureFormat format = FigureFormat::svg;
    std::string file;  // as write_series takes it
};

// How far it is.
struct SeriesProgress {
    std::size_t done = 0;
    std::size_t all = 0;  // 0: not known yet
};

class SeriesExport {
public:
    SeriesExport() = default;
    SeriesExport(const SeriesExport&) = delete;
    SeriesExport& operator=(const SeriesExport&) = delete;
    // Waits for the figure that is being drawn: the libraries that draw it must not go away under it.
    ~SeriesExport();

    // Another one that is under way is stopped. False: there is no thread to be had.
    [[nodiscard]] bool begin(SeriesRequest request, const Messages& words);
    // No further figure is begun. Those that were written stay.
    void stop();
    // nullopt: nothing is going on.
    [[nodiscard]] std::optional<SeriesProgress> progress() const;
    // How it ended, once; of one that was stopped nothing comes.
    [[nodiscard]] std::optional<Result<void>> take() { return work_.take(); }
    // Where the figures go, for whoever tells how it ended.
    [[nodiscard]] const std::string& file() const { return file_; }
    // Readable when `take` has something; -1: nothing is going on.
    [[nodiscard]] int descriptor() const { return work_.descriptor(); }

private:
    struct Counts {
        std::atomic<std::size_t> done = 0;
        std::atomic<std::size_t> all = 0;
    };

    std::string file_;
    std::shared_ptr<Counts> counts_;
    Background<Result<void>> work_;
};

}  // namespace procatlas
