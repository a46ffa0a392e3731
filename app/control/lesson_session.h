// A lesson in the window: the student's walk, and the real runs that it is about. Each run is recorded to its end as soon as
// its step is reached; what is shown of it is a moment, and what would give an answer away is veiled until the question is
// answered. One thread only.
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/control/background.h"
#include "app/control/lesson_library.h"
#include "app/control/lesson_program.h"
#include "core/base/result.h"
#include "core/lesson/class_answers.h"
#include "core/lesson/recorded_run.h"
#include "core/lesson/walk.h"
#include "core/live/live_run.h"
#include "core/store/read_recording.h"
#include "core/store/temporary_folder.h"

namespace procatlas {

// none: the step is about no run. running: it is being recorded. ready: its moment is known. failed: `problem` says why.
enum class LessonPhase : std::uint8_t { none, running, ready, failed };

// Those who are shown the lesson together.
struct LessonClass {
    std::function<std::vector<ClassVote>(const std::string& question)> votes;  // to the one with that key
    std::string nameless;  // what the recording calls who gave no name: "Student {}"
};

class LessonSession {
public:
    // Error: "FILE:LINE: what is wrong".
    [[nodiscard]] static Result<std::unique_ptr<LessonSession>> open(LessonEntry entry, std::string_view language);

    [[nodiscard]] const LessonEntry& entry() const { return entry_; }
    [[nodiscard]] const LessonWalk& walk() const { return walk_; }
    // What is to be clicked now; nullopt: nothing.
    [[nodiscard]] std::optional<PlaceOf> asks_place() const;
    [[nodiscard]] LessonPhase phase() const { return phase_; }
    [[nodiscard]] const std::string& problem() const { return problem_; }
    // Where its runs are recorded: whoever goes on looking at one keeps it. null: nothing has run.
    [[nodiscard]] std::shared_ptr<const TemporaryFolder> files() const { return files_; }
    // The recording of the last one; empty: nothing has run.
    [[nodiscard]] const std::filesystem::path& file() const { return file_; }
    // Readable when `follow` has something to do that no run tells; -1: nothing.
    [[nodiscard]] int descriptor() const {
        return preparing_.busy() ? preparing_.descriptor() : reading_.busy() ? reading_.descriptor() : exploring_.descriptor();
    }
    // The moment of the run that is to be shown; nullopt: its last one, or there is none.
    [[nodiscard]] std::optional<std::size_t> moment() const { return moment_; }

    // Of the step's question: no other one has it.
    [[nodiscard]] std::string question_key() const;
    // Where the step stands in its run; nullopt: nothing has run.
    [[nodiscard]] std::optional<std::size_t> place() const { return place_; }
    // What the step's question, as it is written in some language, says to whoever knew the answer; may be empty.
    [[nodiscard]] std::string said(const Question& question);

    // To the step's question; nullopt: the run is not there.
    [[nodiscard]] std::optional<RightAnswer> right_answer();

    // Goes where the step stands. Another run than is shown is opened again, or its program is run if that was never done.
    void enter(LiveRun& run);
    // After each pump. True: the moment has become known.
    bool follow(LiveRun& run);
    // When to call `follow` even if nothing happens; nullopt: no need.
    [[nodiscard]] std::optional<LiveRun::Clock::time_point> due() const;

    // Before the first `enter`. A step that the lesson does not have is its last one.
    void go_to(std::size_t step);
    // `enter` is to be called after each of these.
    void next();
    void back();
    // Judges by the run; the moment is then the one that shows what happened, if the lesson names one. The recording keeps the
    // answer, and those of the runs before (core/store/student_answers.h).
    void answer(AnswerWords given);
    // LessonWalk::choose, where the question can be answered.
    void choose(std::size_t item);
    // Lifts the veils without an answer.
    void look() { answer({}); }
    // From now on an answer is also the end of a vote, and the recording keeps what the class answered.
    void teach(LessonClass with) { class_ = std::move(with); }
    // Closes the step's question if somebody has voted, so that their answers are kept. So does whatever leaves the step.
    void close_vote();
    [[nodiscard]] bool class_has_answered() const { return !class_answers_.empty(); }
    // Nobody is there any more.
    void dismiss();
    // Reads the lesson's files again, if they were saved since or `language` is another one. True: something has changed.
    bool reload(std::string_view language);

private:
    LessonSession(LessonEntry entry, Lesson lesson, std::string language);

    // Of a run block that has run: so the runs of a lesson happen once, and its answers stay true of what is shown.
    struct KeptRun {
        std::filesystem::path file;
        std::optional<std::filesystem::path> previous;
        std::optional<PossibleOutcomes> possible;
    };

    Result<void> begin(LiveRun& run, const LessonRun& wanted);
    Result<void> reopen(LiveRun& run, const KeptRun& kept);
    bool take_read(LiveRun& run);
    void give_up_work();
    Result<void> start(LiveRun& run, LessonProgram program);
    bool take_prepared(LiveRun& run);
    void finish_run(LiveRun& run);
    void explore_program(const LiveRun& run);
    bool take_explored(LiveRun& run);
    Result<void> open_run(LiveRun& run, const std::optional<PossibleOutcomes>& possible);
    void show_run(LiveRun& run, const std::optional<PossibleOutcomes>& possible);
    void find_place();
    void fail_with(std::string problem);
    void keep_answers();
    void take_votes(const Question& question);

    LessonEntry entry_;
    LessonWalk walk_;
    std::string language_;
    std::optional<std::filesystem::file_time_type> written_;
    LessonPhase phase_ = LessonPhase::none;
    std::string problem_;
    std::optional<std::size_t> moment_;
    std::optional<std::size_t> place_;     // where the step stands
    std::optional<std::size_t> run_step_;  // the step whose run block was run last
    std::shared_ptr<const TemporaryFolder> files_;
    Background<Result<LessonProgram>> preparing_;     // its source is compiled
    Background<Result<LoadedRecording>> reading_;     // a run that was kept
    Background<Result<PossibleOutcomes>> exploring_;  // the program of the run that has just been recorded
    std::map<std::size_t, KeptRun> kept_;             // by the step of the run block
    std::filesystem::path file_;
    std::optional<std::filesystem::path> previous_;
    std::optional<RecordedRun> recorded_;
    std::optional<LessonClass> class_;
    std::string nameless_;  // that of the last class
    ClassAnswers class_answers_;
    LiveRun::Clock::time_point deadline_;
    int count_ = 0;
};

}  // namespace procatlas
