// How the controller shares its run with a class, and what those who drive from a browser may do to it.
#include <string>
#include <utility>
#include <variant>

#include "app/control/controller.h"
#include "app/control/window_share.h"
#include "core/base/text.h"
#include "core/live/recording_keeper.h"
#include "core/store/recordings_folder.h"

namespace procatlas {

namespace {

bool is_of_lesson(const ShareCommand& command) {
    return std::holds_alternative<share::NextStep>(command) || std::holds_alternative<share::LastStep>(command) ||
           std::holds_alternative<share::Reveal>(command);
}

}  // namespace

// What a person in a browser asks for. A lesson decides itself what runs.
class Controller::Driver {
public:
    explicit Driver(Controller& controller) : c_(controller) {}

    Result<void> operator()(const share::Run&) {
        return where_live([this] { return c_.run_.run(); });
    }
    Result<void> operator()(const share::Hold&) {
        return where_live([this] { return c_.run_.hold(); });
    }
    Result<void> operator()(const share::Step& step) {
        return where_live([&] { return c_.run_.step(step.pid); });
    }
    Result<void> operator()(const share::Stop&) {
        return where_live([this] { return c_.run_.stop(); });
    }
    Result<void> operator()(const share::TypeText& typed) {
        return where_live([&] { return c_.run_.send(InputCommand{typed.bytes}); });
    }
    Result<void> operator()(const share::Again&) {
        if (c_.run_.started() && !c_.run_.opened()) {
            c_.restart(AtFirstEvent::holds);
        }
        return {};
    }
    Result<void> operator()(const share::Show& show) {
        if (show.moment) {
            c_.travel(*show.moment);
        } else {
            c_.view_.moment.reset();
        }
        return {};
    }
    Result<void> operator()(const share::StartExample& start) {
        if (c_.where_) {
            return fail(c_.words().format("far.no_example", c_.where_->surroundings().machine));
        }
        const auto example = find_example(start.name);
        if (!example) {
            return fail(std::string(c_.words().text("live.no_example")));
        }
        c_.act({example_action(*example)}, {});
        return {};
    }
    Result<void> operator()(const share::StartCommand&) { return fail(std::string(c_.words().text("live.no_command"))); }
    Result<void> operator()(const share::NextStep&) { return in_lesson({action::NextStep{}}); }
    Result<void> operator()(const share::LastStep&) { return in_lesson({action::LastStep{}}); }
    Result<void> operator()(const share::Reveal&) {
        return c_.lesson_ && c_.lesson_->phase() == LessonPhase::running ? fail(std::string(c_.words().text("live.not_yet")))
                                                                         : in_lesson({action::GiveAnswer{}});
    }

private:
    Result<void> in_lesson(const Action& action) {
        if (!c_.lesson_) {
            return fail(std::string(c_.words().text("live.no_lesson")));
        }
        c_.act({action}, {});
        return {};
    }
    template <typename Act>
    Result<void> where_live(Act act) {
        return c_.run_.live() ? act() : fail(std::string(c_.words().text("live.not_running")));
    }

    Controller& c_;
};

void Controller::share(ShareWith with, bool asks_names) {
    auto begun = WindowShare::begin(with, asks_names, english_, korean_, [this](const ShareCommand& command) -> Result<void> {
        if ((lesson_ && !is_of_lesson(command)) || run_.cap_question()) {
            return fail(std::string(words().text("live.in_lesson")));
        }
        return std::visit(Driver(*this), command);
    });
    if (!begun) {
        return complain(words().format("share.failed", display_text(begun.error().message)));
    }
    share_ = std::move(*begun);
    teach_lesson();
    view_.sharing = share_->shown();
}

// The lesson keeps what the class answers.
void Controller::teach_lesson() {
    if (lesson_ && share_) {
        lesson_->teach({[this](const std::string& question) { return share_->votes(question); },
                        std::string(words().text("share.student"))});
    }
}

// What a class has answered does not go with the lesson's own files: it stays among the recordings of the user.
Result<void> Controller::keep_class_answers() {
    if (!lesson_) {
        return {};
    }
    lesson_->close_vote();
    if (!lesson_->class_has_answered()) {
        return {};
    }
    const auto folder = RecordingsFolder::of_user();
    const auto file = folder ? folder->new_file(recording_info_now(lesson_->entry().name)) : std::unexpected(folder.error());
    return file ? copy_recording(lesson_->file(), *file) : std::unexpected(file.error());
}

void Controller::end_sharing() {
    if (lesson_) {
        lesson_->dismiss();
    }
    share_.reset();
    view_.sharing.reset();
}

// True: there is something new to show.
bool Controller::pump_share(bool images) {
    shared_images_ += images ? 1 : 0;
    if (!share_) {
        return false;
    }
    const std::optional<std::size_t> moment = view_.moment;
    const bool holding = run_.holding();
    const bool news = share_->pump(run_, moment, shared_images_, lesson_.get());
    view_.sharing = share_->shown();
    return news || view_.moment != moment || run_.holding() != holding;
}

}  // namespace procatlas
