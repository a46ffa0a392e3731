#include "app/cli/served_run.h"

#include <fmt/format.h>

#include <cerrno>
#include <cstdio>

#include "app/cli/exit_status.h"
#include "app/cli/terminal_text.h"
#include "app/control/examples.h"
#include "app/control/open_recording.h"
#include "core/base/text.h"
#include "core/live/start_inspecting_observer.h"
#include "core/narrate/explain.h"

namespace procatlas {

void say_at_terminal(std::string_view message) {
    fmt::print(stderr, "procatlas: {}\n", terminal_text(display_text(message, true)));
}

ServedRun::ServedRun(const ServeOptions& options, const Messages& words, EndSignals& signals)
    : words_(words),
      signals_(signals),
      takes_commands_(options.takes_commands),
      where_(options.where),
      run_(
          [&signals, where = options.where](LaunchCommand launch) {
              signals.unblock();
              auto started = start_inspecting_observer(std::move(launch), {}, where);
              signals.block();
              return started;
          },
          WhenFileLags::take_events, options.where) {}

Result<void> ServedRun::start(const ServeOptions& options, std::vector<PageLanguage> languages) {
    if (options.lesson) {
        auto opened = ServedLesson::open(*options.lesson, options.answers, options.asks_names, options.language,
                                         std::move(languages), signals_);
        if (!opened) {
            return std::unexpected(opened.error());
        }
        lesson_ = std::move(*opened);
        lesson_->begin(run_);
        return {};
    }
    if (options.launch) {
        return launch(*options.launch, options.title, options.stop_at);
    }
    auto opened = open_recording(options.file);
    if (!opened) {
        return std::unexpected(opened.error());
    }
    run_.open(std::move(opened->loaded.recording), opened->loaded.info.title);
    moment_ = opened->moment;
    return {};
}

bool ServedRun::began() {
    const auto events = run_.recording().events();
    for (; looked_at_ < events.size(); ++looked_at_) {
        const EventDetail& detail = events[looked_at_].detail;
        if (std::holds_alternative<ExecEvent>(detail)) {
            return true;
        }
        if (const auto* note = std::get_if<NoteEvent>(&detail); note && note->code == NoteCode::launch_failed) {
            say_at_terminal(note->text);
            could_not_start_ = note->number == ENOENT                            ? exit_not_found
                               : run_.recording().last_world().processes.empty() ? exit_failed
                                                                                 : exit_cannot_execute;
            return true;
        }
        if (const auto* gap = std::get_if<GapEvent>(&detail); gap && gap->code == GapCode::observer_lost) {
            could_not_start_ = exit_failed;  // `pump` has said why
            return true;
        }
        if (std::holds_alternative<ExecFailedEvent>(detail) && run_.holding()) {
            tell(run_.run());
        }
    }
    return !run_.watching();
}

void ServedRun::pump() {
    const LiveRun::Changes changes = run_.pump();
    images_ += changes.images ? 1 : 0;
    if (changes.events) {
        tell(seeker_.follow(run_));
    }
    if (changes.observer_lost && !lost_) {
        lost_ = true;
        say_at_terminal(explain_event(run_.recording().events().back(), nullptr, run_.world(), {}, words_));
    }
    if (run_.cap_question()) {  // nobody here may be asked
        tell(run_.answer_cap(CapAnswer::stop));
    }
    if (lesson_) {
        complain(lesson_->follow(run_));
    }
}

SharedRun ServedRun::now() const {
    return {.recording = run_.recording(),
            .generation = run_.generation(),
            .images = images_,
            .title = run_.title(),
            .moment = moment_ || !lesson_ ? moment_ : lesson_->session().moment(),
            .live = run_.live(),
            .holding = run_.holding(),
            .takes_commands = takes_commands_,
            .question = lesson_ ? lesson_->step().question() : std::nullopt,
            .step = lesson_ ? lesson_->step().step() : nullptr,
            .until = lesson_ ? lesson_->step().until() : std::nullopt,
            .parts = lesson_ ? lesson_->step().parts() : SharedParts()};
}

void ServedRun::type(std::string_view line) {
    std::string_view typed = line;
    while (!typed.empty() && std::string_view(" \t\r").contains(typed.back())) {
        typed.remove_suffix(1);
    }
    if (typed == "b" || typed == "B") {
        moment_.reset();
        complain(lesson_->back(run_));
    } else if (typed.empty()) {
        moment_.reset();
        complain(lesson_->go_on(run_));
    } else {
        say_at_terminal(words_.text("cli.serve_lesson"));
    }
}

bool ServedRun::end() {
    bool kept = true;
    if (lesson_) {
        const auto done = lesson_->end();
        complain(done);
        kept = done.has_value();
        if (kept && lesson_->kept_nothing()) {
            say_at_terminal(words_.text("cli.serve_kept_nothing"));
        }
    }
    tell(run_.close_file());
    return kept;
}

Result<void> ServedRun::act(const ShareCommand& command) {
    if (lesson_ && !goes_with_lesson(command)) {
        return fail(std::string(words_.text("live.in_lesson")));
    }
    return std::visit([this](const auto& one) { return carry_out(one); }, command);
}

std::vector<SharedExample> ServedRun::examples(std::string_view language) const {
    return shared_examples(language);
}

Result<void> ServedRun::carry_out(const share::Run&) {
    return where_live([this] { return run_.run(); });
}

Result<void> ServedRun::carry_out(const share::Hold&) {
    return where_live([this] { return run_.hold(); });
}

Result<void> ServedRun::carry_out(const share::Step& step) {
    return where_live([&] { return run_.step(step.pid); });
}

Result<void> ServedRun::carry_out(const share::Stop&) {
    return where_live([this] { return run_.stop(); });
}

Result<void> ServedRun::carry_out(const share::TypeText& typed) {
    return where_live([&] { return run_.send(InputCommand{typed.bytes}); });
}

Result<void> ServedRun::carry_out(const share::Again&) {
    moment_.reset();
    lost_ = false;  // another run, on another connection if that is what was lost
    seeker_.begin(OwnCodeSeeker::Seeks::own_code);
    return run_.restart(AtFirstEvent::holds);
}

Result<void> ServedRun::carry_out(const share::Show& show) {
    moment_ = show.moment;
    return {};
}

Result<void> ServedRun::carry_out(const share::StartExample& start) {
    if (where_) {
        return fail(words_.format("far.no_example", where_->surroundings().machine));
    }
    const auto example = find_example(start.name);
    return example ? launch(launch_of(example->arguments, AtFirstEvent::holds), example->name, example->teaching.stop_at)
                   : fail(std::string(words_.text("live.no_example")));
}

Result<void> ServedRun::carry_out(const share::StartCommand& start) {
    return launch(launch_of(start.words, AtFirstEvent::holds), start.words.front(), std::nullopt);
}

Result<void> ServedRun::carry_out(const share::NextStep&) {
    return in_lesson([this] { return lesson_->next(run_); });
}

Result<void> ServedRun::carry_out(const share::LastStep&) {
    return in_lesson([this] { return lesson_->back(run_); });
}

Result<void> ServedRun::carry_out(const share::Reveal&) {
    return in_lesson([this] { return lesson_->reveal(run_); });
}

bool ServedRun::goes_with_lesson(const ShareCommand& command) {
    return std::holds_alternative<share::NextStep>(command) || std::holds_alternative<share::LastStep>(command) ||
           std::holds_alternative<share::Reveal>(command) || std::holds_alternative<share::Show>(command);
}

Result<void> ServedRun::launch(LaunchCommand launch, const std::string& title, std::optional<HoldClasses> stop_at) {
    moment_.reset();
    lost_ = false;
    tell(run_.set_hold_classes(stop_at.value_or(HoldClasses{})));
    seeker_.begin(launch.hold ? OwnCodeSeeker::Seeks::own_code : OwnCodeSeeker::Seeks::no);
    launch = run_.paced(std::move(launch));
    launch.tell_waits = true;
    launch.pages = launch.hold;  // reading pages takes its time, which who steps through a program does not notice
    return run_.start(std::move(launch), title);
}

void ServedRun::complain(const Result<void>& done) {
    if (!done) {
        say_at_terminal(done.error().message);
    }
}

void ServedRun::tell(const Result<void>& done) {
    if (!done && run_.watching()) {
        say_at_terminal(done.error().message);
    }
}

}  // namespace procatlas
