// A lesson that `procatlas serve` walks with a class: whoever drives, or sits at the terminal, goes on; the class answers, and
// the recording keeps that.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/cli/end_signals.h"
#include "app/control/class_step.h"
#include "app/control/lesson_session.h"
#include "core/base/result.h"
#include "core/live/live_run.h"
#include "core/narrate/messages.h"
#include "core/serve/run_share.h"

namespace procatlas {

class ServedLesson {
public:
    // `answers`: the file that keeps the last run with the answers of the class; empty: none. The messages and `signals` must
    // outlive it. Error: the lesson cannot be read.
    [[nodiscard]] static Result<std::unique_ptr<ServedLesson>> open(LessonEntry entry, std::filesystem::path answers,
                                                                    bool asks_names, std::string language,
                                                                    std::vector<PageLanguage> languages, EndSignals& signals);

    // Those who answer.
    void teach(const RunShare& share, const Messages& words);

    // A vote that is still open is closed first. Error: the answers cannot be kept.
    Result<void> next(LiveRun& run);
    Result<void> back(LiveRun& run);
    // Closes a vote that is still open. Error: the answers are not kept.
    Result<void> end();
    // The run says what is right; the vote is over. Error: it does not say it yet, or the answers cannot be kept.
    Result<void> reveal(LiveRun& run);
    // What is next for who only presses Enter: the answer, where a question is open, else the next step.
    Result<void> go_on(LiveRun& run);
    // Begins at its first step.
    void begin(LiveRun& run) { enter(run); }
    // After each pump of the run. Error: the answers cannot be kept.
    Result<void> follow(LiveRun& run);

    [[nodiscard]] const LessonSession& session() const { return *session_; }
    [[nodiscard]] const ClassStep& step() const { return step_; }
    // The file that was to keep answers has none, because nobody was asked to the end.
    [[nodiscard]] bool kept_nothing() const { return !answers_.empty() && !kept_; }

    // What the terminal is told; empty: nothing is new.
    [[nodiscard]] std::string news(const std::map<std::string, std::size_t>& votes, const Messages& words);

private:
    ServedLesson(std::unique_ptr<LessonSession> session, std::filesystem::path answers, bool asks_names, std::string language,
                 std::vector<PageLanguage> languages, EndSignals& signals);
    void enter(LiveRun& run);
    Result<void> keep();
    Result<void> close_vote();

    std::unique_ptr<LessonSession> session_;
    std::filesystem::path answers_;
    std::string language_;
    std::string not_yet_;
    ClassStep step_;
    EndSignals& signals_;
    bool kept_ = false;                // the file was written
    bool behind_ = false;              // the last answers are not in it
    std::optional<std::size_t> told_;  // the step
    bool told_answer_ = false;
    bool told_problem_ = false;
};

}  // namespace procatlas
