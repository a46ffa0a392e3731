// Two recordings beside each other in the window: what is equal in them, what moved, what differs only by chance, and the
// moments at which the same happened in both.
#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "app/control/background.h"
#include "core/base/result.h"
#include "core/explore/compare.h"
#include "core/model/recording.h"

namespace procatlas {

enum class TravelTo;

struct BesideRun {
    std::string name;  // of its file, safe to show
    Recording recording;
};

struct Beside {
    BesideRun first;
    BesideRun second;
    Comparison comparison;
    // The moments to look at, of each: those of the events that are the same, in order, then where they part, then the ends.
    std::vector<std::pair<std::size_t, std::size_t>> steps;
    std::optional<std::size_t> parting;  // the step at which they part; nullopt: they do not
};

struct BesideView {
    bool reading = false;                // the files are being read
    std::shared_ptr<const Beside> runs;  // null: no two are compared
    std::size_t step = 0;                // in Beside::steps
};

// Reads two recordings, or figures that carry one. `copy_first`: the first may still be written to. Any thread. Error: a
// sentence that names the file.
[[nodiscard]] Result<std::shared_ptr<const Beside>> read_beside(const std::filesystem::path& first,
                                                                const std::filesystem::path& second, bool copy_first);

// Moves the step, for the keys and buttons that travel in time.
void travel_beside(BesideView& view, TravelTo to);

// Reads them while the window goes on. Window thread only.
class BesideReader {
public:
    // False: there is no thread to be had.
    [[nodiscard]] bool begin(BesideView& view, std::filesystem::path first, std::filesystem::path second, bool copy_first);
    // What was read, or why it cannot be, once.
    [[nodiscard]] std::optional<Result<std::shared_ptr<const Beside>>> take() { return work_.take(); }
    void cancel() { work_.cancel(); }
    // Readable when `take` has something; -1: nothing is being read.
    [[nodiscard]] int descriptor() const { return work_.descriptor(); }

private:
    Background<Result<std::shared_ptr<const Beside>>> work_;
};

}  // namespace procatlas
