#include "app/control/controller.h"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <tuple>
#include <utility>

#include "app/control/command_split.h"
#include "app/control/open_recording.h"
#include "app/control/own_program_text.h"
#include "app/control/view_actions.h"
#include "app/control/view_moves.h"
#include "app/control/write_figure.h"
#include "core/base/text.h"
#include "core/narrate/explain.h"

namespace procatlas {

// One function per action: a missing one does not compile. view_actions.h handles those that only change the view.
class Controller::Doer {
public:
    Doer(Controller& controller, std::span<const std::size_t> tree_order) : c_(controller), tree_order_(tree_order) {}

    void operator()(const action::RunOrHold&) { c_.run_or_hold(); }
    void operator()(const action::Step&) { c_.step(); }
    void operator()(const action::StepAll&) { c_.told(c_.run_.step(0)); }
    void operator()(const action::StopAll&) { c_.told(c_.run_.stop()); }
    void operator()(const action::Restart&) {
        if (c_.run_.started() && !c_.run_.opened()) {
            c_.restart(c_.view_.hold_at_start || c_.run_.holding() ? AtFirstEvent::holds : AtFirstEvent::runs);
        }
    }
    void operator()(const action::Escape& a) {
        if (c_.lesson_ && c_.view_.dialog == Dialog::none && !c_.view_.presents) {
            c_.leave_lesson();
        }
        change(c_.view_, a);
    }
    void operator()(const action::StartLesson& a) { c_.start_lesson(a.name); }
    void operator()(const action::LeaveLesson&) { c_.leave_lesson(); }
    void operator()(const action::NextStep&) {
        if (c_.lesson_) {
            c_.lesson_->next(c_.run_);
            c_.show_lesson_moment();
        }
    }
    void operator()(const action::LastStep&) {
        if (c_.lesson_) {
            c_.lesson_->back(c_.run_);
            c_.show_lesson_moment();
        }
    }
    void operator()(const action::GiveAnswer& a) {
        if (c_.lesson_) {
            c_.lesson_->answer(a.words);
            c_.show_lesson_moment();
        }
    }
    void operator()(const action::Launch& a) {
        c_.leave_lesson();
        if (a.teaching) {
            c_.told(c_.run_.set_hold_classes(a.teaching->stop_at));
            c_.view_.middle = a.teaching->face;
        }
        LaunchCommand launch = a.launch;
        launch.hold = launch.hold || a.teaching.has_value();
        c_.own_.forget();
        c_.launch(std::move(launch), a.title);
        c_.seeks_own_code_ = a.teaching.has_value();
    }
    void operator()(const action::RunProgram& a) { c_.run_program(a.run); }
    void operator()(const action::CancelProgram&) { c_.own_.cancel(c_.view_.own); }
    void operator()(const action::ListFolder& a) { c_.own_.list(without_tilde(a.path)); }
    void operator()(const action::RememberCommand& a) {
        remember_command(c_.view_.settings, a.command);
        c_.remember();
    }
    void operator()(const action::TypeInput& a) { c_.told(c_.run_.send(InputCommand{a.bytes})); }
    void operator()(const action::GiveCapAnswer& a) { c_.told(c_.run_.answer_cap(a.answer)); }
    void operator()(const action::SetDelay& a) { c_.set_delay(a.milliseconds); }
    void operator()(const action::ChangeDelay& a) { c_.set_delay(c_.view_.settings.delay_ms + a.by_milliseconds); }
    void operator()(const action::ToggleHold& a) { c_.toggle_hold(a.at); }
    void operator()(const action::ToggleLibraries&) { c_.toggle_libraries(); }

    void operator()(const action::OpenFile& a) { c_.open(a.path); }
    void operator()(const action::TakeDropped& a) {
        if (source_language_of(a.path)) {
            c_.run_program({{a.path, {}}, "", c_.view_.hold_at_start ? AtFirstEvent::holds : AtFirstEvent::runs});
        } else {
            c_.open(a.path);
        }
    }
    void operator()(const action::SaveRecording& a) { c_.report(c_.save(a.path), "save.done", a.path); }
    void operator()(const action::ExportFigure& a) {
        c_.report(write_figure(a.request, c_.run_, c_.view_, c_.shown(), c_.recording_file(), c_.words()),
                  a.request.file.empty() ? "export.copied" : "export.done", a.request.file);
    }

    void operator()(const action::GoTo& a) { c_.look_at(a.moment); }
    void operator()(const action::Travel& a) { c_.travel(a.to); }
    void operator()(const action::CompareWith& a) {
        c_.view_.compare = a.what;
        if (a.what == Compare::since) {
            c_.view_.compare_since = c_.view_.moment.value_or(c_.run_.recording().last_moment());
        }
    }

    void operator()(const action::SelectNeighbour& a) { select_neighbour(c_.view_, tree_order_, a.which); }
    void operator()(const action::ClickProcess& a) {
        c_.view_.selected = a.process;
        c_.view_.region = {};
        add_column(c_.view_, c_.run_.world());
    }
    void operator()(const action::ToggleColumn&) { toggle_column(c_.view_, c_.run_.world()); }
    void operator()(const action::ShowRegion& a) {
        c_.view_.selected = a.process;
        add_column(c_.view_, c_.run_.world());
        if (a.region.kind == HitKind::region) {
            c_.view_.region = a.region;
        }
    }
    void operator()(const action::MoveSplit& a) {
        float& share = c_.view_.settings.shares.*a.share;
        share = std::clamp(share + a.by, share_min, share_max);
    }
    void operator()(const action::AskAddress& a) { c_.ask_address(a.address); }

    void operator()(const action::OpenExamples&) { c_.view_.cues.examples += c_.view_.dialog == Dialog::none ? 1 : 0; }
    void operator()(const action::OpenDialog& a) { c_.open_dialog(a.dialog); }
    void operator()(const action::ToggleLanguage&) {
        c_.view_.settings.language = c_.view_.settings.language == "ko" ? "en" : "ko";
        c_.remember();
    }
    void operator()(const action::ToggleTheme&) {
        c_.view_.settings.dark = !c_.view_.settings.dark;
        c_.remember();
    }
    void operator()(const action::Zoom& a) {
        c_.view_.settings.zoom = next_zoom(c_.view_.settings.zoom, a.to);
        c_.remember();
    }

    template <typename ViewAction>
        requires requires(View& view, const ViewAction& a) { change(view, a); }
    void operator()(const ViewAction& a) {
        change(c_.view_, a);
    }

private:
    Controller& c_;
    std::span<const std::size_t> tree_order_;
};

namespace {

// Whether an action lets processes run. While the window asks about the process cap, only an answer may.
bool lets_run(const Action& action) {
    const auto* travel = std::get_if<action::Travel>(&action);
    return std::holds_alternative<action::RunOrHold>(action) || std::holds_alternative<action::Step>(action) ||
           std::holds_alternative<action::StepAll>(action) || (travel && travel->to == TravelTo::forward);
}

}  // namespace

Controller::Controller(ObserverStarter starter, Settings settings, const Messages& english, const Messages& korean)
    : run_(starter), starter_(std::move(starter)), english_(english), korean_(korean) {
    view_.settings = std::move(settings);
    told(run_.set_delay(std::chrono::milliseconds(view_.settings.delay_ms)));
    list_recent();
}

bool Controller::pump() {
    const LiveRun::Changes changes = run_.pump();
    if (lesson_ && lesson_->follow(run_)) {
        show_lesson_moment();
        return true;
    }
    if (lesson_ && lesson_->reload(view_.settings.language)) {
        return true;
    }
    if (seeks_own_code_ && changes.events) {
        seek_own_code();
    }
    if (changes.file_lost || changes.observer_lost) {
        complain(explain({run_.recording(), run_.world(), run_.recording().last_moment(), words()}));
    }
    const bool own_news = own_.pump(view_.own);
    if (auto ready = own_.take_ready()) {
        launch_ready(std::move(*ready));
    }
    return changes.any() || own_news;
}

void Controller::act(const std::vector<Action>& actions, std::span<const std::size_t> tree_order) {
    for (const Action& action : actions) {
        if (!run_.cap_question() || !lets_run(action)) {
            std::visit(Doer(*this, tree_order), action);
        }
    }
    if (view_.own.preparing && view_.dialog != Dialog::program) {  // the person has closed the dialog
        own_.cancel(view_.own);
    }
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
    std::ignore = run_.close_file();
    remember();
}

void Controller::window_has_size(std::pair<int, int> size) {
    std::tie(view_.settings.width, view_.settings.height) = size;
}

void Controller::run_or_hold() {
    if (view_.moment) {
        travel(run_.recording().last_moment());
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
    if (const auto process = process_to_step(view_, run_.world())) {
        select_process(view_, *process);
        told(run_.step(run_.world().processes[*process].key.pid));
    }
}

void Controller::start_lesson(const std::string& name) {
    const auto entry = find_lesson(name);
    auto opened = entry ? LessonSession::open(*entry, view_.settings.language)
                        : Result<std::unique_ptr<LessonSession>>(std::unexpected(entry.error()));
    if (!opened) {
        return complain(display_text(opened.error().message));
    }
    leave_lesson();
    own_.forget();
    look_from_the_start();
    lesson_ = std::move(*opened);
    lesson_->enter(run_);
    show_lesson_moment();
}

void Controller::leave_lesson() {
    if (lesson_) {
        lesson_.reset();
        run_.start_by(starter_);
        run_.bound_file(0);
        view_.middle = Middle::textbook;
    }
}

// The moment where the step stands, and the face of the stage that it asks for.
void Controller::show_lesson_moment() {
    if (lesson_->phase() != LessonPhase::ready) {
        return;
    }
    const LessonShow* show = lesson_->walk().show();
    const auto asks_for = [&](std::string_view view) {
        return show && std::ranges::find(show->views, view) != show->views.end();
    };
    view_.middle = asks_for("pages") ? Middle::pages : Middle::textbook;
    view_.columns_chosen = false;
    if (const auto moment = lesson_->moment()) {
        travel(*moment);
    }
}

std::optional<LiveRun::Clock::time_point> Controller::due() const {
    std::optional<LiveRun::Clock::time_point> due = run_.due();
    if (lesson_) {
        // A teacher who writes the lesson sees it as soon as it is saved.
        const auto soon = LiveRun::Clock::now() + std::chrono::seconds(1);
        due = due ? std::min(*due, soon) : soon;
    }
    return due;
}

// The first events of a program are the loader's. A held program goes on until it is at its own code: at the first call or line
// that is told, or, where none can be told, when the program has been started.
void Controller::seek_own_code() {
    const auto events = run_.recording().events();
    const World& world = run_.world();
    if (world.processes.empty() || !run_.live() || !run_.holding()) {
        seeks_own_code_ = run_.live();
        return;
    }
    const Process& first = world.processes.front();
    const bool no_finer = grain_of(run_.hold_classes()) == Grain::none || !first.why_not_inside.empty();
    for (; sought_ < events.size(); ++sought_) {
        const EventDetail& detail = events[sought_].detail;
        const bool own = std::holds_alternative<CallEvent>(detail) || std::holds_alternative<LineEvent>(detail) ||
                         std::holds_alternative<InstructionEvent>(detail) || std::holds_alternative<ForkEvent>(detail) ||
                         std::holds_alternative<ExitEvent>(detail) ||
                         (no_finer && std::holds_alternative<ExecEvent>(detail) && sought_ >= world.program_moment);
        if (own) {
            seeks_own_code_ = false;
            return;
        }
    }
    if (first.state == ProcessState::held && stepped_at_ != first.last_moment) {
        stepped_at_ = first.last_moment;
        told(run_.step(first.key.pid));
    }
}

// A person's own program is compiled again: they may have changed it.
void Controller::restart(AtFirstEvent at_first) {
    if (const auto& own = own_.running()) {
        OwnRun again = *own;
        again.at_first = at_first;
        run_program(std::move(again));
    } else {
        begin([&] { return run_.restart(at_first); });
        seeks_own_code_ = at_first == AtFirstEvent::holds;
    }
}

void Controller::launch(LaunchCommand launch, const std::string& title) {
    launch = run_.paced(std::move(launch));
    launch.tell_waits = true;
    launch.pages = true;               // slow readings are made at fewer events
    launch.frames = ::geteuid() == 0;  // the kernel shows page frame numbers only to root (pagemap, CAP_SYS_ADMIN)
    begin([&] { return run_.start(std::move(launch), title); });
}

// The dialog shows while it is compiled, and why it cannot be run.
void Controller::run_program(OwnRun run) {
    remember_command(view_.settings, {run.program.file.string(), join_command(run.program.arguments), false});
    remember();
    own_.prepare(std::move(run), view_.own);
    open_dialog(Dialog::program);
}

void Controller::launch_ready(OwnPrograms::Ready ready) {
    view_.dialog = view_.dialog == Dialog::program ? Dialog::none : view_.dialog;
    const bool held = ready.launch.hold;
    leave_lesson();
    launch(std::move(ready.launch), ready.title);
    seeks_own_code_ = held;
    if (!ready.warnings.empty() && view_.message.text.empty()) {
        view_.message = {warnings_text(ready.warnings, words()), true};
    }
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

// Also selects the process of the event.
void Controller::travel(std::size_t moment) {
    look_at(moment);
    if (const auto acting = run_.recording().process_of(moment)) {
        change(view_, action::SelectProcess{*acting});
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
    const bool possible = dialog == Dialog::save     ? run_.started()
                          : dialog == Dialog::figure ? run_.started() && !run_.recording().empty()
                                                     : true;
    if (dialog == Dialog::open) {
        list_recent();
    } else if (dialog == Dialog::program) {
        own_.list(first_folder(view_));
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
template <typename Start>
void Controller::begin(Start start) {
    const Result<void> started = start();
    seeks_own_code_ = false;
    sought_ = 0;
    stepped_at_.reset();
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
    opened_file_ = std::move(opened->file);
    opened_folder_ = std::move(opened->folder);
    look_from_the_start();
    if (opened->moment) {
        travel(*opened->moment);
    }
    list_recent();
}

void Controller::look_from_the_start() {
    view_.choice = {.launcher_open = view_.choice.launcher_open, .helpers_open = view_.choice.helpers_open};
    view_.columns.clear();
    view_.columns_chosen = false;
    view_.moment.reset();
    view_.compare = Compare::event;
    view_.selected = 0;
    view_.region = {};
    view_.where.reset();
    view_.bytes_of.reset();
    view_.message = {};
}

Result<void> Controller::save(const std::string& file) const {
    const std::filesystem::path from = recording_file();
    return from.empty() ? fail(std::string(words().text("save.nothing"))) : copy_recording(from, file);
}

// The file of the shown recording.
std::filesystem::path Controller::recording_file() const {
    return run_.opened() ? opened_file_ : run_.file();
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
