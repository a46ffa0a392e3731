// The queries of a lesson over the recording of a run. Lessons come from strangers: a query only reads, and its time, memory
// and rows are bounded. The tables are those of core/store/README.md and `line(number, moment, process, text)`, what was
// printed line by line; query_functions.h has what SQL alone cannot tell.
#pragma once

#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/model/recording.h"
#include "core/store/database.h"
#include "core/store/untrusted_file.h"

namespace procatlas {

class RecordedWorlds;

struct QueryRows {
    std::vector<std::string> columns;
    std::vector<std::vector<std::optional<std::string>>> rows;  // nullopt: NULL. Safe to show.
};

// What a run of the same program may also print, its lines with "\n" between them and PIDs as names (core/explore).
struct PossibleOutcome {
    std::string output;
    std::size_t runs = 0;  // of those tried, so many came to it
};
// The table `outcome(number, output, runs)`, and `explored(all_tried)`: 1 if these are all that can happen.
struct PossibleOutcomes {
    std::vector<PossibleOutcome> outcomes;
    bool exhaustive = false;
};

struct QueryLimits {
    std::chrono::milliseconds deadline{2000};
    std::size_t rows = 1000;
    std::size_t bytes = 64 * 1024;  // of all texts of the rows
    std::size_t memory = 64 * 1024 * 1024;
};

class RecordedRun {
public:
    // `file`: the recording of `recording`, which must outlive this object. `previous`: that of the run before; its tables are
    // `previous.event`, ... `possible`: of its program. Error: one of them is no recording.
    [[nodiscard]] static Result<RecordedRun> open(const std::filesystem::path& file, const Recording& recording,
                                                  const std::optional<std::filesystem::path>& previous = std::nullopt,
                                                  const std::optional<PossibleOutcomes>& possible = std::nullopt);

    // One SELECT; `:moment` in it is `moment`. Error: a sentence that says what is wrong with the query.
    [[nodiscard]] Result<QueryRows> ask(std::string_view query, std::size_t moment, const QueryLimits& limits = {});
    // The one number that a query gives.
    [[nodiscard]] Result<std::size_t> ask_moment(std::string_view query, std::size_t moment);

    [[nodiscard]] const Recording& recording() const;

private:
    RecordedRun() = default;

    std::vector<PrivateCopy> copies_;
    std::unique_ptr<RecordedWorlds> worlds_;  // before the connection, whose functions use it
    Database database_;

public:
    RecordedRun(RecordedRun&&) noexcept;
    RecordedRun& operator=(RecordedRun&&) noexcept;
    RecordedRun(const RecordedRun&) = delete;
    RecordedRun& operator=(const RecordedRun&) = delete;
    ~RecordedRun();
};

}  // namespace procatlas
