// How the controller brings programs into the window: sample programs, a person's own, those of lessons.
#include <unistd.h>

#include <algorithm>
#include <utility>

#include "app/control/command_split.h"
#include "app/control/controller.h"
#include "app/control/next_lesson.h"
#include "app/control/own_program_text.h"
#include "app/control/view_actions.h"
#include "core/base/text.h"

namespace procatlas {

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
    teach_lesson();
    const auto known = view_.settings.lessons.find(lesson_->entry().name);
    if (known != view_.settings.lessons.end() && !known->second.done()) {
        lesson_->go_to(static_cast<std::size_t>(std::max(known->second.step - 1, 0)));
    }
    go_on_with_lesson([](LessonSession&) {});
}

// From the welcome screen, and after the last step of a lesson. Answers go with the lesson: who has given some is told first.
void Controller::go_on_with_course() {
    if (view_.dialog != Dialog::none || (!lesson_ && run_.started())) {
        return;
    }
    const std::vector<LessonTitle> lessons = lesson_titles();
    const LessonTitle* const next =
        lesson_ ? lesson_after(lessons, lesson_->entry().name) : lesson_to_go_on_with(lessons, view_.settings);
    if (!next) {
        return;
    }
    if (lesson_ && view_.answers > 0 && std::exchange(warned_lesson_, lesson_->entry().name) != lesson_->entry().name) {
        view_.message = {words().format("message.answers_unsaved", next->entry.number), true};
        return;
    }
    view_.message = {};
    start_lesson(next->entry.number == 0 ? next->entry.folder.string() : std::to_string(next->entry.number));
}

void Controller::leave_lesson() {
    if (lesson_) {
        const auto kept = keep_class_answers();
        if (!kept || lesson_->class_has_answered()) {
            report(kept, "share.answers_kept", "");
        }
        lesson_files_ = lesson_->files();
        lesson_file_ = lesson_->file();
        lesson_.reset();
        run_.start_by(starter_, where_);
        run_.bound_file(0);
        view_.middle = Middle::textbook;
        keep_moment();
    }
}

// `change`: what a person did. Shows where the step stands then; what was looked at in another run is forgotten.
void Controller::go_on_with_lesson(const std::function<void(LessonSession&)>& change) {
    if (!lesson_) {
        return;
    }
    const std::size_t generation = run_.generation();
    change(*lesson_);
    lesson_->enter(run_);
    if (run_.generation() != generation) {
        look_from_the_start();
    }
    keep_progress();
    view_.answers = lesson_->walk().answer_count();
    show_lesson_moment();
}

void Controller::keep_progress() {
    const LessonWalk& walk = lesson_->walk();
    const std::string& name = lesson_->entry().name;
    if (view_.settings.lessons.size() >= lessons_max && !view_.settings.lessons.contains(name)) {
        return;
    }
    view_.settings.lessons[name] = {static_cast<int>(walk.step() + 1), static_cast<int>(walk.lesson().steps.size())};
    view_.settings.last_lesson = name;
    remember();
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

// A person's own program is compiled again: they may have changed it.
void Controller::restart(AtFirstEvent at_first) {
    if (const auto& own = own_.running()) {
        OwnRun again = *own;
        again.at_first = at_first;
        run_program(std::move(again));
    } else {
        begin([&] { return run_.restart(at_first); });
        seeker_.begin(at_first == AtFirstEvent::holds ? OwnCodeSeeker::Seeks::own_code : OwnCodeSeeker::Seeks::no);
    }
}

bool Controller::refuses_far(const char* word) {
    if (where_) {
        complain(words().format(word, where_->surroundings().machine));
    }
    return where_ != nullptr;
}

void Controller::launch(LaunchCommand launch, const std::string& title) {
    launch = run_.paced(std::move(launch));
    launch.tell_waits = true;
    launch.pages = true;  // slow readings are made at fewer events
    launch.frames = where_ ? where_->surroundings().root
                           : ::geteuid() == 0;  // the kernel shows page frame numbers only to root (pagemap, CAP_SYS_ADMIN)
    begin([&] { return run_.start(std::move(launch), where_ ? title_there(title, *where_) : title); });
}

// The dialog shows while it is compiled, and why it cannot be run.
void Controller::run_program(OwnRun run) {
    if (refuses_far("far.no_own_source")) {
        return;
    }
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
    seeker_.begin(held ? OwnCodeSeeker::Seeks::own_code : OwnCodeSeeker::Seeks::no);
    if (!ready.warnings.empty() && view_.message.text.empty()) {
        view_.message = {warnings_text(ready.warnings, words()), true};
    }
}

}  // namespace procatlas
