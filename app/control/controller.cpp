#include "app/control/controller.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <tuple>
#include <utility>

#include "app/control/command_split.h"
#include "app/control/open_recording.h"
#include "app/control/own_program_text.h"
#include "app/control/view_actions.h"
#include "app/control/view_moves.h"
#include "app/control/write_figure.h"
#include "core/base/text.h"
#include "core/explore/compare.h"
#include "core/model/telling_moment.h"
#include "core/narrate/explain.h"
#include "core/narrate/news.h"
#include "core/store/student_answers.h"

namespace procatlas {

Controller::Controller(ObserverStarter starter, Settings settings, const Messages& english, const Messages& korean,
                       std::shared_ptr<Companions> where)
    : run_(starter, WhenFileLags::take_events, where),
      starter_(std::move(starter)),
      where_(std::move(where)),
      english_(english),
      korean_(korean) {
    view_.settings = std::move(settings);
    told(run_.set_delay(std::chrono::milliseconds(view_.settings.delay_ms)));
    list_recent();
}

// A run that began anew has fewer moments than the one before.
void Controller::keep_moment() {
    if (view_.moment && *view_.moment >= run_.recording().last_moment()) {
        view_.moment.reset();
    }
}

bool Controller::pump() {
    const LiveRun::Changes changes = run_.pump();
    const bool shared_news = pump_share(changes.images);
    if (lesson_) {
        const std::size_t generation = run_.generation();
        const bool followed = lesson_->follow(run_);
        if (run_.generation() != generation) {  // its program was compiled, and runs now
            look_from_the_start();
        }
        if (followed) {
            show_lesson_moment();
            return true;
        }
    }
    if (lesson_ && lesson_->reload(view_.settings.language)) {
        go_on_with_lesson([](LessonSession&) {});
        return true;
    }
    if (changes.events) {
        told(seeker_.follow(run_));
        if (process_to_step(view_, run_.world()) &&
            asked_steps_.next(run_.recording().events().size(), AskedSteps::Clock::now())) {
            step_now();
        }
    }
    if (changes.file_lost || changes.observer_lost) {
        complain(explain({run_.recording(), run_.world(), run_.recording().last_moment(), words()}));
    }
    const bool own_news = own_.pump(view_.own);
    const bool explored = exploration_.pump(view_.exploration);
    const bool compared = pump_beside();
    const bool exported = pump_export();
    if (auto ready = own_.take_ready()) {
        launch_ready(std::move(*ready));
    }
    return changes.any() || own_news || shared_news || explored || compared || exported;
}

void Controller::follow_columns(std::size_t room) {
    procatlas::follow_columns(view_, shown(), room);
}

bool Controller::attend(bool details_shown) {
    return run_.look_at({.resident_of = details_shown ? process_in_details(view_, shown()) : std::nullopt,
                         .bytes = view_.bytes_of,
                         .at_present = !view_.moment});
}

void Controller::finish() {
    if (const auto kept = keep_class_answers(); !kept) {
        fmt::print(stderr, "procatlas: {}\n", display_text(kept.error().message));
    }
    end_sharing();
    std::ignore = run_.close_file();
    remember();
}

void Controller::window_has_size(std::pair<int, int> size) {
    std::tie(view_.settings.width, view_.settings.height) = size;
}

void Controller::run_or_hold() {
    if (view_.moment) {
        travel(run_.recording().last_moment());
    } else if (run_.live() && run_.launched()->approach == Approach::watch) {
        complain(std::string(words().text("message.watch_holds_nobody")));
    } else {
        told(run_.holding() ? run_.run() : run_.hold());
    }
}

// In the past, steps in the recording. After the end, restarts the program and holds it at its first event.
void Controller::step() {
    if (view_.moment) {
        travel(*view_.moment + 1);
    } else if (run_.started() && !run_.live() && !run_.opened()) {
        restart(AtFirstEvent::holds);
    } else {
        step_held();
    }
}

void Controller::step_held() {
    const auto now = AskedSteps::Clock::now();
    const std::size_t events = run_.recording().events().size();
    if ((asked_steps_.under_way(events, now) || process_to_step(view_, run_.world())) && asked_steps_.ask(events, now)) {
        step_now();
    }
}

void Controller::step_now() {
    if (const auto process = process_to_step(view_, run_.world())) {
        select_process(view_, *process);
        told(run_.step(run_.world().processes[*process].key.pid));
    }
}

std::optional<LiveRun::Clock::time_point> Controller::due() const {
    std::optional<LiveRun::Clock::time_point> due = run_.due();
    if (const auto shared = share_ ? share_->due() : std::nullopt; shared && (!due || *shared < *due)) {
        due = shared;
    }
    if (series_.progress()) {
        const auto soon = LiveRun::Clock::now() + std::chrono::milliseconds(200);
        due = due ? std::min(*due, soon) : soon;
    }
    if (lesson_) {
        // A teacher who writes the lesson sees it as soon as it is saved.
        const auto soon = LiveRun::Clock::now() + std::chrono::seconds(1);
        due = due ? std::min(*due, soon) : soon;
    }
    return due;
}

// Grains finer than system calls need breakpoints, which a program only gets at its start.
void Controller::toggle_hold(HoldClass at) {
    HoldClasses classes = run_.hold_classes();
    bool& part = classes.*member_of(at);
    part = !part;
    told(run_.set_hold_classes(classes));
    if (at == HoldClass::lifecycle || at == HoldClass::memory || at == HoldClass::output) {
        return;
    }
    if (part && run_.live() && !run_.opened() && grain_of(classes) > run_.grain()) {
        restart(AtFirstEvent::holds);
        view_.message = {std::string(words().text("message.finer_from_start")), true};
    }
}

// Like the finer grains: a program gets its breakpoints at its start.
void Controller::toggle_libraries() {
    const bool own = run_.followed() == FollowedCode::own;
    run_.set_followed(own ? FollowedCode::with_libraries : FollowedCode::own);
    if (run_.live() && run_.looks_inside()) {
        view_.message = {std::string(words().text("message.libraries_from_start")), true};
    }
}

// Which writes a program stops at is settled at its start.
void Controller::toggle_elsewhere() {
    run_.set_elsewhere(!run_.elsewhere());
    if (run_.live()) {
        view_.message = {std::string(words().text("message.elsewhere_from_start")), true};
    }
}

void Controller::travel(TravelTo to) {
    const std::size_t moment = view_.moment.value_or(run_.recording().last_moment());
    switch (to) {
        case TravelTo::back:
            return travel(moment - std::min<std::size_t>(moment, 1));
        case TravelTo::forward:  // at the present, this steps the program
            if (view_.moment) {
                travel(moment + 1);
            } else if (run_.live()) {
                step_held();
            }
            return;
        case TravelTo::first:
            return travel(std::size_t{0});
        case TravelTo::now:
            view_.moment.reset();
            return;
    }
}

// Also selects the process that the headline there tells of.
void Controller::travel(std::size_t moment) {
    look_at(moment);
    if (const auto acting = run_.recording().process_of(news_moment(run_.recording(), moment))) {
        change(view_, action::SelectProcess{*acting});
        view_.pinned = false;  // it follows the moment
    }
}

// Does not affect the live program.
void Controller::look_at(std::size_t moment) {
    view_.moment = moment >= run_.recording().last_moment() ? std::nullopt : std::optional(moment);
}

void Controller::set_delay(int milliseconds) {
    view_.settings.delay_ms = std::clamp(milliseconds, 0, delay_max_ms);
    told(run_.set_delay(std::chrono::milliseconds(view_.settings.delay_ms)));
}

void Controller::open_dialog(Dialog dialog) {
    if (dialog == Dialog::explore && refuses_far("far.no_explore")) {
        return;
    }
    const bool possible = dialog == Dialog::save      ? run_.started()
                          : dialog == Dialog::beside  ? !recording_file().empty() && !run_.recording().empty()
                          : dialog == Dialog::figure  ? run_.started() && !run_.recording().empty()
                          : dialog == Dialog::explore ? run_.launched() || !view_.exploration.title.empty()
                                                      : true;
    if (dialog == Dialog::open || dialog == Dialog::beside) {
        list_recent();
    } else if (dialog == Dialog::program) {
        own_.list(first_folder(view_));
    } else if (dialog == Dialog::explore && run_.launched() && explored_generation_ != run_.generation()) {
        explored_generation_ = run_.generation();
        exploration_.begin(*run_.launched(), run_.title(), view_.exploration);
    }
    view_.dialog = possible ? dialog : view_.dialog;
}

// The memory map shows the address, like one that a program printed, so the view switches to the map.
void Controller::ask_address(std::optional<Address> address) {
    view_.where = address;
    if (address) {
        view_.middle = Middle::memory;
        view_.region = {};
        add_column(view_, run_.world());
    }
}

// `start` ends the previous recording.
void Controller::begin(const std::function<Result<void>()>& start) {
    lesson_file_.clear();
    view_.answers = 0;
    const Result<void> started = start();
    seeker_.begin(OwnCodeSeeker::Seeks::no);
    look_from_the_start();
    if (!started) {
        return complain(words().format("message.start_failed", started.error().message));
    }
    if (const auto kept = run_.keep_in_users_folder(); !kept) {
        complain(words().format("message.not_kept", display_text(kept.error().message)));
    }
}

void Controller::open(const std::string& file) {
    leave_lesson();
    auto opened = open_recording(file);
    if (!opened) {
        return complain(words().format("open.failed", display_text(file), display_text(opened.error().message)));
    }
    run_.open(std::move(opened->loaded.recording), opened->loaded.info.title);
    view_.answers = 0;
    lesson_file_.clear();
    opened_file_ = std::move(opened->file);
    opened_folder_ = std::move(opened->folder);
    look_from_the_start();
    if (!run_.recording().empty()) {
        travel(opened->moment.value_or(telling_moment(run_.recording())));
    }
    list_recent();
}

// Tells what happens in the other one there.
void Controller::open_parted(const std::string& file, const std::string& other) {
    const std::size_t before = run_.generation();
    open(file);
    const auto second = open_recording(other);
    if (run_.generation() == before || !second) {
        return second ? void()
                      : complain(words().format("open.failed", display_text(other), display_text(second.error().message)));
    }
    const Recording& there = second->loaded.recording;
    if (const auto parts = compare_recordings(run_.recording(), there).parts_at) {
        travel(std::min(parts->first, run_.recording().last_moment()));
        const std::size_t moment = std::min(parts->second, there.last_moment());
        const World world = there.world_at(moment);
        view_.message = {words().format("explore.parted", explain({there, world, moment, words()})), true};
    }
}

void Controller::look_from_the_start() {
    leave_beside();
    view_.choice = {.launcher_open = view_.choice.launcher_open, .helpers_open = view_.choice.helpers_open};
    view_.columns.clear();
    view_.columns_chosen = false;
    view_.moment.reset();
    view_.compare = Compare::event;
    view_.selected = 0;
    view_.pinned = false;
    view_.region = {};
    view_.where.reset();
    view_.bytes_of.reset();
    view_.message = {};
}

// What is there already may be somebody's, unless we have put it there.
Result<void> Controller::save(const std::string& file, const std::string& who) {
    const std::filesystem::path from = recording_file();
    if (from.empty()) {
        return fail(std::string(words().text("save.nothing")));
    }
    std::error_code error;
    const bool there = std::filesystem::symlink_status(file, error).type() != std::filesystem::file_type::not_found;
    if (there && file != saved_file_) {
        return fail(words().format("save.exists", display_text(file)));
    }
    if (view_.answers > 0) {  // then it is a closed file of ours
        const std::string before = signed_.first == from ? signed_.second : std::string();
        if (auto named = sign_answers(from, display_text(who), before); !named) {
            return named;
        }
        signed_ = {from, display_text(who)};
    }
    auto copied = copy_recording(from, file);
    if (copied) {
        saved_file_ = file;
    }
    return copied;
}

// The file of the shown recording.
std::filesystem::path Controller::recording_file() const {
    const std::filesystem::path of_lesson = lesson_ ? lesson_->file() : lesson_file_;
    return !of_lesson.empty() ? of_lesson : run_.opened() ? opened_file_ : run_.file();
}

void Controller::list_recent() {
    const auto folder = RecordingsFolder::of_user();
    recent_ = folder ? folder->recent() : std::vector<RecentRecording>{};
}

void Controller::remember() {
    if (const Result<void> written = write_settings(settings_file(), view_.settings); !written) {
        complain(words().format("message.settings_not_saved", written.error().message));
    }
}

void Controller::complain(std::string message) {
    view_.message = {std::move(message), false};
}

void Controller::told(const Result<void>& sent) {
    if (!sent) {
        complain(words().format("message.send_failed", sent.error().message));
    }
}

void Controller::report(const Result<void>& done, const char* good, const std::string& what) {
    if (!done) {
        return complain(display_text(done.error().message));
    }
    view_.message = {words().format(good, display_text(what)), true};
}

}  // namespace procatlas
