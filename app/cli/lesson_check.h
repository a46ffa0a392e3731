// Walks a lesson without a student: its programs run, each step arrives, each query answers, each answer can be judged.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "app/cli/lesson_record.h"
#include "core/base/result.h"
#include "core/lesson/judge.h"
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

struct StepChecked {
    std::size_t step = 0;
    std::optional<std::size_t> place;  // its moment
    std::string answer;                // as a person reads it; empty: there is no question
    std::string error;                 // empty: all is well
};

struct LessonChecked {
    Lesson lesson;
    std::vector<StepChecked> steps;
    std::string error;  // of the lesson as a whole
    [[nodiscard]] bool ok() const;
};

// `folder`: the lesson's. All its languages are read, and `language` is told.
[[nodiscard]] LessonChecked check_lesson(const std::filesystem::path& folder, const std::string& language);

}  // namespace procatlas
