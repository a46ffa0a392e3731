// How the controller shares its run with a class, and what those who drive from a browser may do to it.
#include <string>
#include <utility>
#include <variant>

#include "app/control/controller.h"
#include "app/control/window_share.h"
#include "core/base/text.h"
#include "core/lesson/judge.h"

namespace procatlas {

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

private:
    template <typename Act>
    Result<void> where_live(Act act) {
        return c_.run_.live() ? act() : fail(std::string(c_.words().text("live.not_running")));
    }

    Controller& c_;
};

void Controller::share(ShareWith with) {
    auto begun = WindowShare::begin(with, english_, korean_, [this](const ShareCommand& command) -> Result<void> {
        if (lesson_ || run_.cap_question()) {
            return fail(std::string(words().text("live.in_lesson")));
        }
        return std::visit(Driver(*this), command);
    });
    if (!begun) {
        return complain(words().format("share.failed", display_text(begun.error().message)));
    }
    share_ = std::move(*begun);
    view_.sharing = share_->shown();
}

void Controller::end_sharing() {
    share_.reset();
    view_.sharing.reset();
}

// The question of the lesson's step, as a class is asked it.
std::optional<SharedQuestion> Controller::asked() const {
    const Question* question = lesson_ ? lesson_->walk().question() : nullptr;
    if (question == nullptr) {
        return std::nullopt;
    }
    const LessonWalk& walk = lesson_->walk();
    SharedQuestion shared{.key = lesson_->entry().name + " " + std::to_string(walk.step()),
                          .ask = question->ask.empty() ? walk.now().heading : question->ask};
    if (question->kind == QuestionKind::choice) {
        for (const QuestionItem& item : question->items) {
            shared.choices.push_back({item.key, item.text});
        }
    }
    if (const GivenAnswer* given = walk.answered(walk.step())) {
        shared.open = false;
        if (question->kind == QuestionKind::choice) {
            shared.right = given->expected;
        } else {
            shared.right = {answer_text(*question, given->expected)};
        }
    }
    return shared;
}

// True: there is something new to show.
bool Controller::pump_share(bool images) {
    shared_images_ += images ? 1 : 0;
    if (!share_) {
        return false;
    }
    const std::optional<std::size_t> moment = view_.moment;
    const bool holding = run_.holding();
    const bool news = share_->pump(run_, moment, shared_images_, asked());
    view_.sharing = share_->shown();
    return news || view_.moment != moment || run_.holding() != holding;
}

}  // namespace procatlas
