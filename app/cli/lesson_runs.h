// The programs of a lesson's run blocks, run without a window, for whoever walks through it in the terminal, on paper or to
// check.
#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <optional>
#include <utility>

#include "app/cli/lesson_record.h"
#include "core/base/result.h"
#include "core/lesson/lesson.h"
#include "core/lesson/recorded_run.h"
#include "core/store/temporary_folder.h"

namespace procatlas {

// The runs of one lesson, one after the other. Keeps the last one and the one before it.
class LessonRuns {
public:
    LessonRuns(const Lesson& lesson, std::filesystem::path folder) : lesson_(lesson), folder_(std::move(folder)) {}

    // Runs the program of the step's run block.
    Result<void> begin(const LessonRun& run);
    // Where the step stands; nullopt: nothing has run. Error: names file and line.
    Result<std::optional<std::size_t>> place(std::size_t step);
    [[nodiscard]] RecordedRun* recorded() { return recorded_ ? &*recorded_ : nullptr; }
    [[nodiscard]] const Recording& recording() const { return program_->live->recording(); }
    // That of the last run, closed.
    [[nodiscard]] const std::filesystem::path& file() const { return program_->file; }

private:
    const Lesson& lesson_;
    std::filesystem::path folder_;
    std::shared_ptr<const TemporaryFolder> files_;
    std::optional<RecordedProgram> program_;
    std::optional<RecordedRun> recorded_;  // refers to the recording of `program_`
    int count_ = 0;
};

}  // namespace procatlas
