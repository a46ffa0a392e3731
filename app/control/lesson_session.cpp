#include "app/control/lesson_session.h"

#include <fmt/format.h>
#include <poll.h>

#include <algorithm>
#include <iterator>
#include <utility>
#include <vector>

#include "app/control/lesson_outcomes.h"
#include "core/base/text.h"
#include "core/lesson/arrive.h"
#include "core/lesson/kept_answers.h"
#include "core/live/start_inspecting_observer.h"
#include "core/store/read_recording.h"

namespace procatlas {

Result<std::unique_ptr<LessonSession>> LessonSession::open(LessonEntry entry, std::string_view language) {
    auto loaded = load_lesson(entry.folder, language);
    if (!loaded) {
        return std::unexpected(loaded.error());
    }
    return std::unique_ptr<LessonSession>(
        new LessonSession(std::move(entry), std::move(loaded->lesson), std::string(language)));
}

LessonSession::LessonSession(LessonEntry entry, Lesson lesson, std::string language)
    : entry_(std::move(entry)),
      walk_(std::move(lesson)),
      language_(std::move(language)),
      written_(lesson_written(entry_.folder)) {}

void LessonSession::fail_with(std::string problem) {
    phase_ = LessonPhase::failed;
    problem_ = std::move(problem);
}

void LessonSession::enter(LiveRun& run) {
    moment_.reset();
    place_.reset();
    const auto wanted = run_of_step(walk_.lesson(), walk_.step());
    if (!wanted) {
        phase_ = LessonPhase::none;
        return;
    }
    if (run_step_ == wanted && phase_ == LessonPhase::running) {
        return;
    }
    if (run_step_ == wanted && recorded_) {
        find_place();
        return;
    }
    run_step_ = wanted;
    const auto kept = kept_.find(*wanted);
    const auto begun = kept == kept_.end() ? begin(run, *walk_.lesson().steps[*wanted].run) : reopen(run, kept->second);
    if (!begun) {
        run_step_.reset();
        fail_with(begun.error().message);
    }
}

Result<void> LessonSession::begin(LiveRun& run, const LessonRun& wanted) {
    if (!files_) {
        auto made = TemporaryFolder::make();
        if (!made) {
            return std::unexpected(made.error());
        }
        files_ = std::move(*made);
    }
    const auto after = kept_.lower_bound(run_step_.value_or(0));  // whatever is shown now: of the run block before this one
    previous_ = after == kept_.begin() ? std::nullopt : std::optional(std::prev(after)->second.file);
    give_up_work();
    if (!compiles(wanted.program, entry_.folder)) {
        auto program = prepare_lesson_program(wanted, entry_.folder, walk_.lesson().file);
        return program ? start(run, std::move(*program)) : std::unexpected(program.error());
    }
    const bool begun = preparing_.begin([wanted, folder = entry_.folder, file = walk_.lesson().file](int cancelled) {
        return prepare_lesson_program(wanted, folder, file, cancelled);
    });
    if (!begun) {
        return fail("there is no thread to compile it");
    }
    phase_ = LessonPhase::running;
    return {};
}

Result<void> LessonSession::reopen(LiveRun& run, const KeptRun& kept) {
    give_up_work();
    if (!reading_.begin([file = kept.file](int) { return read_recording(file); })) {
        return fail("there is no thread to read it");
    }
    phase_ = LessonPhase::running;
    // Most are there so soon that the window need not show anything else in between.
    constexpr int at_once_ms = 20;
    pollfd ready{reading_.descriptor(), POLLIN, 0};
    if (::poll(&ready, 1, at_once_ms) > 0) {
        take_read(run);
    }
    return {};
}

void LessonSession::give_up_work() {
    recorded_.reset();
    preparing_.cancel();
    reading_.cancel();
    exploring_.cancel();
}

// True: the run is there, or it is known why not.
bool LessonSession::take_read(LiveRun& run) {
    auto read = reading_.take();
    if (!read) {
        return false;
    }
    const auto kept = run_step_ ? kept_.find(*run_step_) : kept_.end();
    Result<void> opened = *read && kept != kept_.end() ? Result<void>() : fail("its run cannot be read");
    if (!*read) {
        opened = std::unexpected(read->error());
    }
    if (opened) {
        file_ = kept->second.file;
        previous_ = kept->second.previous;
        run.open(std::move((*read)->recording), (*read)->info.title);
        opened = open_run(run, kept->second.possible);
    }
    if (!opened) {
        run_step_.reset();
        fail_with(display_text(opened.error().message));
        return true;
    }
    find_place();
    keep_answers();
    return true;
}

Result<void> LessonSession::start(LiveRun& run, LessonProgram program) {
    const auto of = run_of_step(walk_.lesson(), walk_.step());
    const std::string only = of ? walk_.lesson().steps[*of].run->only : std::string();
    file_ = files_->path() / fmt::format("run-{}.procatlas", ++count_);
    run.bound_file(lesson_run_mebibytes);
    run.start_by([only](LaunchCommand launch) { return start_inspecting_observer(std::move(launch), only); });
    if (auto started = run.start(program.launch, program.title, file_); !started) {
        return std::unexpected(started.error());
    }
    phase_ = LessonPhase::running;
    deadline_ = LiveRun::Clock::now() + lesson_run_patience;
    return {};
}

bool LessonSession::follow(LiveRun& run) {
    if (phase_ != LessonPhase::running) {
        return false;
    }
    if (preparing_.busy()) {
        return take_prepared(run);
    }
    if (reading_.busy()) {
        return take_read(run);
    }
    if (exploring_.busy()) {
        return take_explored(run);
    }
    if (run.cap_question()) {
        (void)run.answer_cap(CapAnswer::stop);
    }
    if (run.watching() || run.waits_for_images()) {
        if (LiveRun::Clock::now() >= deadline_) {
            run.end("a lesson's program did not end in time");
            fail_with(
                fmt::format("{}: the program did not end within {} seconds", walk_.lesson().file, lesson_run_patience.count()));
            return true;
        }
        return false;
    }
    finish_run(run);
    return !exploring_.busy();
}

// True: it failed.
bool LessonSession::take_prepared(LiveRun& run) {
    auto program = preparing_.take();
    if (!program) {
        return false;
    }
    const Result<void> started = *program ? start(run, std::move(**program)) : Result<void>(std::unexpected(program->error()));
    if (!started) {
        run_step_.reset();
        fail_with(started.error().message);
    }
    return !started;
}

void LessonSession::finish_run(LiveRun& run) {
    if (const auto closed = run.close_file(); !closed) {
        return fail_with(display_text(closed.error().message));
    }
    if (walk_.run() && walk_.run()->explore) {
        return explore_program(run);
    }
    show_run(run, std::nullopt);
}

// The window goes on meanwhile.
void LessonSession::explore_program(const LiveRun& run) {
    const bool begun = exploring_.begin([launch = *run.launched(), title = run.title()](int cancelled) {
        return possible_outcomes(launch, title, [cancelled] {
            pollfd ready{cancelled, POLLIN, 0};
            return ::poll(&ready, 1, 0) > 0;
        });
    });
    if (!begun) {
        fail_with("there is no thread to explore it");
    }
}

// True: it is known what could have happened, or why not.
bool LessonSession::take_explored(LiveRun& run) {
    auto explored = exploring_.take();
    if (!explored) {
        return false;
    }
    if (*explored) {
        show_run(run, **explored);
    } else {
        fail_with(display_text(explored->error().message));
    }
    return true;
}

Result<void> LessonSession::open_run(LiveRun& run, const std::optional<PossibleOutcomes>& possible) {
    auto opened = RecordedRun::open(file_, run.recording(), previous_, possible);
    if (!opened) {
        return fail(display_text(opened.error().message));
    }
    recorded_ = std::move(*opened);
    return {};
}

// One that has just been recorded.
void LessonSession::show_run(LiveRun& run, const std::optional<PossibleOutcomes>& possible) {
    if (const auto opened = open_run(run, possible); !opened) {
        return fail_with(opened.error().message);
    }
    if (run_step_) {
        kept_[*run_step_] = {file_, previous_, possible};
    }
    find_place();
    keep_answers();
}

void LessonSession::find_place() {
    const auto place =
        place_of_step(walk_.lesson(), walk_.step(), recorded_->recording(),
                      [&](const std::string& query, std::size_t moment) { return recorded_->ask_moment(query, moment); });
    if (!place) {
        return fail_with(place.error().message);
    }
    phase_ = LessonPhase::ready;
    place_ = *place;
    moment_ = *place;
    if (const GivenAnswer* given = walk_.answered(walk_.step()); given && given->moment) {
        moment_ = given->moment;
    }
}

std::optional<PlaceOf> LessonSession::asks_place() const {
    const bool asks = phase_ == LessonPhase::ready && walk_.open() && walk_.question()->kind == QuestionKind::place;
    return asks ? std::optional(walk_.question()->place) : std::nullopt;
}

std::optional<LiveRun::Clock::time_point> LessonSession::due() const {
    const bool runs = phase_ == LessonPhase::running && !preparing_.busy() && !reading_.busy() &&
                      !exploring_.busy();  // those have their own bounds
    return runs ? std::optional(deadline_) : std::nullopt;
}

void LessonSession::go_to(std::size_t step) {
    walk_.go_to(std::min(step, walk_.lesson().steps.size() - 1));
}

void LessonSession::next() {
    close_vote();
    walk_.next();
}

void LessonSession::back() {
    close_vote();
    walk_.back();
}

void LessonSession::close_vote() {
    if (class_ && walk_.open() && phase_ == LessonPhase::ready && !class_->votes(question_key()).empty()) {
        look();
    }
}

void LessonSession::dismiss() {
    close_vote();
    class_.reset();
}

void LessonSession::answer(AnswerWords given) {
    if (!walk_.open() || !recorded_ || phase_ != LessonPhase::ready) {
        return;
    }
    const auto verdict = judge(*walk_.question(), given, *recorded_, place_.value_or(0), walk_.lesson().file);
    if (!verdict) {
        return fail_with(verdict.error().message);
    }
    moment_ = verdict->moment ? verdict->moment : moment_;
    walk_.answer(std::move(given), *verdict, place_.value_or(0));
    take_votes(*walk_.question());
    keep_answers();
}

std::optional<RightAnswer> LessonSession::right_answer() {
    const Question* question = walk_.question();
    if (question == nullptr || !recorded_ || phase_ != LessonPhase::ready) {
        return std::nullopt;
    }
    auto right = ask_answer(*question, *recorded_, place_.value_or(0), walk_.lesson().file);
    return right ? std::optional(std::move(*right)) : std::nullopt;
}

std::string LessonSession::question_key() const {
    return fmt::format("{} {}", entry_.name, walk_.step());
}

std::string LessonSession::said(const Question& question) {
    const GivenAnswer* given = walk_.answered(walk_.step());
    if (!given || !recorded_ || phase_ != LessonPhase::ready) {
        return {};
    }
    const auto verdict = judge(question, given->expected, *recorded_, given->place, walk_.lesson().file);
    return verdict ? verdict->feedback : std::string();
}

void LessonSession::take_votes(const Question& question) {
    if (!class_) {
        return;
    }
    nameless_ = class_->nameless;
    const std::size_t place = place_.value_or(0);
    if (const auto right = ask_answer(question, *recorded_, place, walk_.lesson().file)) {
        class_answers_.take(question, walk_.step(), *right, recorded_->recording(), place, class_->votes(question_key()));
    }
}

void LessonSession::choose(std::size_t item) {
    if (phase_ == LessonPhase::ready) {
        walk_.choose(item);
    }
}

void LessonSession::keep_answers() {
    std::vector<StudentAnswer> answers = kept_answers(walk_, entry_.name, {});
    if (!class_answers_.empty()) {
        std::erase_if(answers, [](const StudentAnswer& one) { return !one.given; });  // who leads looks for all
        const auto of_class = class_answers_.rows(walk_, entry_.name, nameless_);
        answers.insert(answers.end(), of_class.begin(), of_class.end());
    }
    if (answers.empty()) {
        return;
    }
    if (const auto written = write_answers(file_, answers); !written) {
        fail_with("the answers cannot be kept: " + display_text(written.error().message));
    }
}

bool LessonSession::reload(std::string_view language) {
    const auto written = lesson_written(entry_.folder);
    if (written == written_ && language == language_) {
        return false;
    }
    const bool saved = written != written_;
    written_ = written;
    language_ = language;
    auto loaded = load_lesson(entry_.folder, language);
    if (!loaded) {
        fail_with(loaded.error().message);
        return true;
    }
    walk_.reload(std::move(loaded->lesson));
    if (saved) {
        run_step_.reset();  // its run may be another one now
        kept_.clear();
        recorded_.reset();
        phase_ = LessonPhase::none;
    }
    return true;
}

}  // namespace procatlas
