#include "app/cli/lesson_runs.h"

#include <fmt/format.h>

#include "app/control/lesson_outcomes.h"
#include "app/control/lesson_program.h"
#include "core/lesson/arrive.h"

namespace procatlas {

Result<void> LessonRuns::begin(const LessonRun& run) {
    if (!files_) {
        auto made = TemporaryFolder::make();
        if (!made) {
            return std::unexpected(made.error());
        }
        files_ = std::move(*made);
    }
    auto program = prepare_lesson_program(run, folder_, lesson_.file);
    if (!program) {
        return std::unexpected(program.error());
    }
    const auto file = files_->path() / fmt::format("run-{}.procatlas", ++count_);
    auto recorded = record_program(std::move(*program), run.only, file, lesson_run_patience);
    if (!recorded) {
        return fail(fmt::format("{}:{}: {}", lesson_.file, run.line, recorded.error().message));
    }
    const std::optional<std::filesystem::path> before = program_ ? std::optional(program_->file) : std::nullopt;
    recorded_.reset();
    program_ = std::move(*recorded);
    std::optional<PossibleOutcomes> possible;
    if (run.explore) {
        auto explored = possible_outcomes(program_->program.launch, program_->program.title);
        if (!explored) {
            return fail(fmt::format("{}:{}: {}", lesson_.file, run.line, explored.error().message));
        }
        possible = std::move(*explored);
    }
    auto opened = RecordedRun::open(program_->file, program_->live->recording(), before, possible);
    if (!opened) {
        return std::unexpected(opened.error());
    }
    recorded_ = std::move(*opened);
    return {};
}

Result<std::optional<std::size_t>> LessonRuns::place(std::size_t step) {
    if (!program_) {
        return std::nullopt;
    }
    return place_of_step(lesson_, step, recording(),
                         [this](const std::string& query, std::size_t moment) { return recorded_->ask_moment(query, moment); });
}

}  // namespace procatlas
