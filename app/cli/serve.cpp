#include "app/cli/serve.h"

#include <fmt/format.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <optional>
#include <utility>
#include <variant>
#include <vector>

#include "app/cli/end_signals.h"
#include "app/cli/exit_status.h"
#include "app/cli/open_in_browser.h"
#include "app/cli/served_lesson.h"
#include "app/cli/terminal_text.h"
#include "app/control/asset_folder.h"
#include "app/control/examples.h"
#include "app/control/open_recording.h"
#include "app/control/own_code_seeker.h"
#include "app/control/window_share.h"
#include "core/base/text.h"
#include "core/live/inspecting_observer.h"
#include "core/live/live_run.h"
#include "core/narrate/explain.h"
#include "core/serve/links.h"
#include "core/serve/qr_code.h"
#include "core/serve/run_share.h"

namespace procatlas {

namespace {

using Clock = LiveRun::Clock;

void say(std::string_view message) {
    fmt::print(stderr, "procatlas: {}\n", terminal_text(display_text(message, true)));
}

// Carries out what those who drive ask for.
class ServedRun final : public ShareControl {
public:
    ServedRun(const ServeOptions& options, const Messages& words, EndSignals& signals)
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

    Result<void> start(const ServeOptions& options, std::vector<PageLanguage> languages) {
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

    // Whether it is known by now if the program can be executed; `could_not_start` then says so. One that is held where its
    // exec fails goes on, to its end.
    [[nodiscard]] bool began() {
        const auto events = run_.recording().events();
        for (; looked_at_ < events.size(); ++looked_at_) {
            const EventDetail& detail = events[looked_at_].detail;
            if (std::holds_alternative<ExecEvent>(detail)) {
                return true;
            }
            if (const auto* note = std::get_if<NoteEvent>(&detail); note && note->code == NoteCode::launch_failed) {
                say(note->text);
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
    // The exit status; nullopt: it could.
    [[nodiscard]] std::optional<int> could_not_start() const { return could_not_start_; }

    void pump() {
        const LiveRun::Changes changes = run_.pump();
        images_ += changes.images ? 1 : 0;
        if (changes.events) {
            tell(seeker_.follow(run_));
        }
        if (changes.observer_lost && !lost_) {
            lost_ = true;
            say(explain_event(run_.recording().events().back(), nullptr, run_.world(), {}, words_));
        }
        if (run_.cap_question()) {  // nobody here may be asked
            tell(run_.answer_cap(CapAnswer::stop));
        }
        if (lesson_) {
            complain(lesson_->follow(run_));
        }
    }

    [[nodiscard]] SharedRun now() const {
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
                .until = lesson_ ? lesson_->step().until() : std::nullopt};
    }
    // null: there is none.
    [[nodiscard]] ServedLesson* lesson() { return lesson_.get(); }
    // Enter at the terminal, or "b" before it.
    void type(std::string_view line) {
        moment_.reset();
        if (line == "b") {
            lesson_->back(run_);
        } else {
            complain(lesson_->go_on(run_));
        }
    }

    // The observer of a run was lost.
    [[nodiscard]] bool lost() const { return lost_; }
    [[nodiscard]] const LiveRun& run() const { return run_; }
    void end() { tell(run_.close_file()); }

    Result<void> act(const ShareCommand& command) override {
        if (lesson_ && !goes_with_lesson(command)) {
            return fail(std::string(words_.text("live.in_lesson")));
        }
        return std::visit([this](const auto& one) { return carry_out(one); }, command);
    }

    [[nodiscard]] std::vector<SharedExample> examples(std::string_view language) const override {
        return shared_examples(language);
    }

private:
    Result<void> carry_out(const share::Run&) {
        return where_live([this] { return run_.run(); });
    }
    Result<void> carry_out(const share::Hold&) {
        return where_live([this] { return run_.hold(); });
    }
    Result<void> carry_out(const share::Step& step) {
        return where_live([&] { return run_.step(step.pid); });
    }
    Result<void> carry_out(const share::Stop&) {
        return where_live([this] { return run_.stop(); });
    }
    Result<void> carry_out(const share::TypeText& typed) {
        return where_live([&] { return run_.send(InputCommand{typed.bytes}); });
    }
    Result<void> carry_out(const share::Again&) {
        moment_.reset();
        lost_ = false;  // another run, on another connection if that is what was lost
        seeker_.begin(OwnCodeSeeker::Seeks::own_code);
        return run_.restart(AtFirstEvent::holds);
    }
    Result<void> carry_out(const share::Show& show) {
        moment_ = show.moment;
        return {};
    }
    Result<void> carry_out(const share::StartExample& start) {
        if (where_) {
            return fail(words_.format("far.no_example", where_->surroundings().machine));
        }
        const auto example = find_example(start.name);
        return example ? launch(launch_of(example->arguments, AtFirstEvent::holds), example->name, example->teaching.stop_at)
                       : fail(std::string(words_.text("live.no_example")));
    }
    Result<void> carry_out(const share::StartCommand& start) {
        return launch(launch_of(start.words, AtFirstEvent::holds), start.words.front(), std::nullopt);
    }
    Result<void> carry_out(const share::NextStep&) {
        return in_lesson([this] {
            lesson_->next(run_);
            return Result<void>();
        });
    }
    Result<void> carry_out(const share::LastStep&) {
        return in_lesson([this] {
            lesson_->back(run_);
            return Result<void>();
        });
    }
    Result<void> carry_out(const share::Reveal&) {
        return in_lesson([this] { return lesson_->reveal(run_); });
    }

    // A lesson decides itself what runs.
    static bool goes_with_lesson(const ShareCommand& command) {
        return std::holds_alternative<share::NextStep>(command) || std::holds_alternative<share::LastStep>(command) ||
               std::holds_alternative<share::Reveal>(command) || std::holds_alternative<share::Show>(command);
    }

    template <typename Act>
    Result<void> in_lesson(Act act) {
        if (!lesson_) {
            return fail(std::string(words_.text("live.no_lesson")));
        }
        moment_.reset();
        auto done = act();
        complain(done);
        return done;
    }

    // As the window starts programs.
    Result<void> launch(LaunchCommand launch, const std::string& title, std::optional<HoldClasses> stop_at) {
        moment_.reset();
        lost_ = false;
        tell(run_.set_hold_classes(stop_at.value_or(HoldClasses{})));
        seeker_.begin(launch.hold ? OwnCodeSeeker::Seeks::own_code : OwnCodeSeeker::Seeks::no);
        launch = run_.paced(std::move(launch));
        launch.tell_waits = true;
        launch.pages = launch.hold;  // reading pages takes its time, which who steps through a program does not notice
        return run_.start(std::move(launch), title);
    }

    template <typename Act>
    Result<void> where_live(Act act) {
        return run_.live() ? act() : fail(std::string(words_.text("live.not_running")));
    }

    static void complain(const Result<void>& done) {
        if (!done) {
            say(done.error().message);
        }
    }

    void tell(const Result<void>& done) {
        if (!done && run_.watching()) {
            say(done.error().message);
        }
    }

    const Messages& words_;
    EndSignals& signals_;
    bool takes_commands_;
    std::shared_ptr<Companions> where_;
    LiveRun run_;
    std::unique_ptr<ServedLesson> lesson_;
    OwnCodeSeeker seeker_;
    std::optional<std::size_t> moment_;  // that all are shown; nullopt: the last
    std::size_t images_ = 0;
    std::size_t looked_at_ = 0;  // events
    bool lost_ = false;
    std::optional<int> could_not_start_;
};

class Serve {
public:
    Serve(const ServeOptions& options, const Messages& words, HttpServer server, std::vector<PageLanguage> languages)
        : options_(options),
          words_(words),
          languages_(languages),
          served_(options, words, signals_),
          share_(std::move(server), std::move(languages), served_) {}

    int run() {
        signals_.block();
        if (const auto started = served_.start(options_, languages_); !started) {
            say(started.error().message);
            return exit_failed;
        }
        if (ServedLesson* lesson = served_.lesson()) {
            lesson->teach(share_, words_);
            if (::isatty(STDIN_FILENO) == 1) {
                say(words_.text("cli.serve_lesson"));
            }
        }
        // No links to a program that is not there.
        while (options_.launch && asked_to_end() == 0 && !served_.began()) {
            wait({}, served_.run().due());
            served_.pump();
        }
        if (const auto status = served_.could_not_start(); status || asked_to_end() != 0) {
            served_.end();
            return status.value_or(exit_done);
        }
        const ShareLinks links = invite();
        while (asked_to_end() == 0) {
            tell_people(links);
            tell_lesson();
            wait({{share_.descriptor(), POLLIN, 0}}, share_.due());
            read_typed();
            served_.pump();
            share_.pump(served_.now());
        }
        served_.end();
        return served_.lost() ? exit_failed : exit_done;
    }

private:
    [[nodiscard]] int asked_to_end() const { return signals_.interrupts() + signals_.requests(); }

    ShareLinks invite() {
        ShareLinks links = share_links(share_);
        for (const std::string& link : links.all) {
            fmt::print("{}\n", link);
        }
        std::fflush(stdout);
        if (::isatty(STDERR_FILENO) == 1) {
            fmt::print(stderr, "{}", qr_terminal_text(qr_code(links.look)));
        }
        if (options_.opens_browser) {
            signals_.unblock();  // the browser would inherit what is blocked
            auto opened = OpenInBrowser::open(links.drive);
            signals_.block();
            if (opened) {
                browser_.emplace(std::move(*opened));
            } else {
                say(opened.error().message);
            }
        }
        return links;
    }

    void tell_lesson() {
        if (ServedLesson* lesson = served_.lesson()) {
            if (const std::string news = lesson->news(share_.votes(), words_); !news.empty()) {
                say(news);
            }
        }
    }

    // Lines that are typed here while a lesson is on. In the background of a terminal they are for somebody else.
    void read_typed() {
        pollfd ready{STDIN_FILENO, POLLIN, 0};
        if (served_.lesson() == nullptr || !reads_ || ::poll(&ready, 1, 0) <= 0) {
            return;
        }
        const pid_t foreground = ::tcgetpgrp(STDIN_FILENO);
        std::array<char, 4096> bytes;
        const ssize_t got = foreground >= 0 && foreground != ::getpgrp() ? 0 : ::read(STDIN_FILENO, bytes.data(), bytes.size());
        reads_ = got > 0;
        for (ssize_t i = 0; i < got; ++i) {
            const char c = bytes[static_cast<std::size_t>(i)];
            if (c == '\n') {
                served_.type(std::exchange(typed_, {}));
            } else if (typed_.size() < 100) {
                typed_ += c;
            }
        }
    }

    // For the run too.
    void wait(std::vector<pollfd> ready, std::optional<Clock::time_point> due) {
        for (const int descriptor : served_.run().descriptors()) {
            ready.push_back({descriptor, POLLIN, 0});
        }
        std::optional<Clock::time_point> of_lesson;
        if (const ServedLesson* lesson = served_.lesson()) {
            ready.push_back({lesson->session().descriptor(), POLLIN, 0});  // -1: none
            ready.push_back({reads_ ? STDIN_FILENO : -1, POLLIN, 0});
            of_lesson = lesson->session().due();
        }
        for (const auto& other : {served_.run().due(), of_lesson}) {
            if (other && (!due || *other < *due)) {
                due = other;
            }
        }
        timespec most{};
        if (due) {
            const auto left = std::max<std::chrono::nanoseconds>(*due - Clock::now(), std::chrono::nanoseconds(0));
            most = {left.count() / 1'000'000'000, left.count() % 1'000'000'000};
        }
        (void)::ppoll(ready.data(), ready.size(), due ? &most : nullptr, &signals_.while_waiting());
    }

    void tell_people(const ShareLinks& links) {
        if (code_ != share_.access().class_code()) {
            code_ = share_.access().class_code();
            say(words_.format("cli.serve_code", code_, links.page));
        }
        if (std::exchange(people_, share_.present()) != people_) {
            say(words_.format("cli.serve_people", people_));
        }
        if (!told_end_ && options_.launch && served_.run().world().ended) {
            told_end_ = true;
            say(words_.text("cli.serve_ended"));
        }
    }

    const ServeOptions& options_;
    const Messages& words_;
    EndSignals signals_;
    std::vector<PageLanguage> languages_;
    ServedRun served_;
    RunShare share_;
    std::optional<OpenInBrowser> browser_;
    std::string code_;
    std::size_t people_ = 0;
    bool told_end_ = false;
    bool reads_ = true;  // standard input goes on
    std::string typed_;  // a line that has not ended yet
};

}  // namespace

int serve(const ServeOptions& options, const Messages& words) {
    std::vector<Messages> all;
    const std::array<std::string, 2> codes{"en", "ko"};
    for (const std::string& code : codes) {
        auto read = read_messages(asset_folder() / "locale" / (code + ".json"));
        if (!read) {
            say(read.error().message);
            return exit_failed;
        }
        all.push_back(std::move(*read));
    }
    auto server = HttpServer::listen(options.listen);
    if (!server) {
        say(server.error().message);
        return exit_failed;
    }
    return Serve(options, words, std::move(*server), {{codes[0], all[0]}, {codes[1], all[1]}}).run();
}

}  // namespace procatlas
