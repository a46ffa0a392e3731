#include "app/controller.h"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <tuple>
#include <utility>

#include "app/open_recording.h"
#include "app/view_actions.h"
#include "app/view_moves.h"
#include "app/write_figure.h"
#include "core/base/text.h"
#include "core/narrate/explain.h"

namespace procatlas {

Controller::Controller(ObserverStarter starter, Settings settings, const Messages& english, const Messages& korean)
    : run_(std::move(starter)), english_(english), korean_(korean) {
    view_.settings = std::move(settings);
    list_recent();
}

bool Controller::pump() {
    const LiveRun::Changes changes = run_.pump();
    if (changes.file_lost) {
        complain(explain({run_.recording(), run_.world(), run_.recording().last_moment(), words()}));
    }
    return changes.any();
}

void Controller::start(LaunchCommand launch, std::string title) {
    launch.pages = true;               // what takes long is read at fewer events
    launch.frames = ::geteuid() == 0;  // the kernel tells them to root alone
    begin([&] { return run_.start(run_.paced(std::move(launch)), std::move(title)); });
}

void Controller::finish() {
    std::ignore = run_.close_file();
    remember();
}

void Controller::act(std::span<const Action> actions, std::span<const std::size_t> tree_order) {
    if (const auto moment = std::exchange(view_.go_to, std::nullopt)) {
        look_at(*moment);
    }
    for (const Action action : actions) {
        act(action, tree_order);
    }
    if (applied_delay_ != view_.settings.delay_ms) {
        applied_delay_ = view_.settings.delay_ms;
        told(run_.set_delay(std::chrono::milliseconds(applied_delay_)));
    }
    if (const std::string file = std::exchange(view_.open_file, {}); !file.empty()) {
        open(file);
    }
    if (const std::string file = std::exchange(view_.save_as, {}); !file.empty()) {
        report(save(file), "save.done", file);
    }
    if (const auto figure = std::exchange(view_.figure, std::nullopt)) {
        report(write_figure(*figure, run_, view_, shown(), recording_file(), words()),
               figure->file.empty() ? "export.copied" : "export.done", figure->file);
    }
}

void Controller::act(Action action, std::span<const std::size_t> tree_order) {
    // While it is asked what to do about the cap, nothing may go on but by an answer.
    const bool lets_run =
        action == Action::run_hold || action == Action::step || action == Action::step_all || action == Action::travel_forward;
    if (run_.cap_question() && lets_run) {
        return;
    }
    if (action == Action::select_previous || action == Action::select_next) {
        return select_neighbour(view_, tree_order, action == Action::select_next ? 1 : -1);
    }
    std::ignore = change_view(view_, action) || act_on_program(action) || act_on_hold(action) || act_on_moment(action) ||
                  act_on_dialogs(action) || act_on_settings(action);
}

bool Controller::act_on_program(Action action) {
    switch (action) {
        case Action::run_hold:
            if (view_.moment) {
                travel(run_.recording().last_moment());
            } else {
                told(run_.holding() ? run_.run() : run_.hold());
            }
            return true;
        case Action::step:  // in the past, a step of the recording; from the end, the same program again, held at its first
                            // event
            if (view_.moment) {
                travel(*view_.moment + 1);
            } else if (run_.started() && !run_.live() && !run_.opened()) {
                begin([&] { return run_.restart(true); });
            } else {
                told(step());
            }
            return true;
        case Action::step_all:
            told(run_.step(0));
            return true;
        case Action::stop:
            told(run_.stop());
            return true;
        case Action::restart:
            if (run_.started() && !run_.opened()) {
                begin([&] { return run_.restart(view_.hold_at_start); });
            }
            return true;
        default:
            return false;
    }
}

bool Controller::act_on_hold(Action action) {
    HoldClasses classes = run_.hold_classes();
    switch (action) {
        case Action::hold_lifecycle:
            classes.lifecycle = !classes.lifecycle;
            break;
        case Action::hold_memory:
            classes.memory = !classes.memory;
            break;
        case Action::hold_output:
            classes.output = !classes.output;
            break;
        case Action::hold_calls:
            classes.calls = !classes.calls;
            hold_finer(classes);
            return true;
        case Action::hold_lines:
            classes.lines = !classes.lines;
            hold_finer(classes);
            return true;
        case Action::hold_instructions:
            classes.instructions = !classes.instructions;
            hold_finer(classes);
            return true;
        default:
            return false;
    }
    told(run_.set_hold_classes(classes));
    return true;
}

// What is finer than system calls is seen by breakpoints, which a program gets when it starts.
void Controller::hold_finer(HoldClasses classes) {
    const bool any = classes.calls || classes.lines || classes.instructions;
    told(run_.set_hold_classes(classes));
    view_.middle = any ? Middle::inside : view_.middle == Middle::inside ? Middle::memory : view_.middle;
    if (any && run_.live() && !run_.looks_inside()) {
        view_.message = words().text("message.finer_from_start");
        view_.message_is_good = true;
    }
}

bool Controller::act_on_moment(Action action) {
    const std::size_t moment = view_.moment.value_or(run_.recording().last_moment());
    switch (action) {
        case Action::travel_back:
            travel(moment - std::min<std::size_t>(moment, 1));
            return true;
        case Action::travel_forward:  // from the present on, the program itself goes on
            if (view_.moment) {
                travel(moment + 1);
            } else if (run_.live()) {
                told(step());
            }
            return true;
        case Action::travel_first:
            travel(0);
            return true;
        case Action::travel_now:
            view_.moment.reset();
            return true;
        case Action::compare_since:
            view_.compare = Compare::since;
            view_.compare_since = moment;
            return true;
        case Action::toggle_column:
            toggle_column(view_, run_.world());
            return true;
        default:
            return false;
    }
}

bool Controller::act_on_dialogs(Action action) {
    switch (action) {
        case Action::examples:
            view_.open_examples = view_.dialog == Dialog::none;
            return true;
        case Action::command:
            view_.dialog = Dialog::command;
            return true;
        case Action::open:
            list_recent();
            view_.dialog = Dialog::open;
            return true;
        case Action::save:
            view_.dialog = run_.started() ? Dialog::save : view_.dialog;
            return true;
        case Action::figure:
            view_.dialog = run_.started() && !run_.recording().empty() ? Dialog::figure : view_.dialog;
            return true;
        default:
            return false;
    }
}

bool Controller::act_on_settings(Action action) {
    switch (action) {
        case Action::language:
            view_.settings.language = view_.settings.language == "ko" ? "en" : "ko";
            break;
        case Action::theme:
            view_.settings.dark = !view_.settings.dark;
            break;
        case Action::zoom_in:
            view_.settings.zoom = next_zoom(view_.settings.zoom, 1);
            break;
        case Action::zoom_out:
            view_.settings.zoom = next_zoom(view_.settings.zoom, -1);
            break;
        case Action::zoom_reset:
            view_.settings.zoom = next_zoom(view_.settings.zoom, 0);
            break;
        default:
            return false;
    }
    remember();
    return true;
}

// The live program does not notice.
void Controller::look_at(std::size_t moment) {
    view_.moment = moment >= run_.recording().last_moment() ? std::nullopt : std::optional(moment);
}

// And selects the process whose event it was.
void Controller::travel(std::size_t moment) {
    look_at(moment);
    if (const auto acting = run_.recording().process_of(moment)) {
        view_.selected = *acting;
        view_.show_selected = true;
    }
}

Result<void> Controller::step() {
    const auto process = process_to_step(view_, run_.world());
    if (!process) {
        return {};
    }
    select_process(view_, *process);
    return run_.step(run_.world().processes[*process].key.pid);
}

template <typename Start>
void Controller::begin(Start start) {
    const Result<void> started = start();
    look_from_the_start();
    if (!started) {
        return complain(words().format("message.start_failed", started.error().message));
    }
    if (const auto kept = run_.keep_in_users_folder(); !kept) {
        complain(words().format("message.not_kept", display_text(kept.error().message)));
    }
}

void Controller::open(const std::string& file) {
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
    view_.resident_of.reset();
    view_.columns.clear();
    view_.columns_chosen = false;
    view_.moment.reset();
    view_.compare = Compare::event;
    view_.selected = 0;
    view_.region = {};
    view_.pointed.reset();
    view_.where.reset();
    view_.bytes_of.reset();
    view_.message.clear();
}

Result<void> Controller::save(const std::string& file) const {
    const std::filesystem::path from = recording_file();
    return from.empty() ? fail(std::string(words().text("save.nothing"))) : copy_recording(from, file);
}

// Where the recording on show is.
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
    view_.message = std::move(message);
    view_.message_is_good = false;
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
    view_.message = words().format(good, display_text(what));
    view_.message_is_good = true;
}

}  // namespace procatlas
