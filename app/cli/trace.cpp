#include "app/cli/trace.h"

#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <string>
#include <utility>
#include <vector>

#include "core/base/text.h"
#include "core/export/data/json_export.h"
#include "core/export/data/text_export.h"
#include "core/live/inspecting_observer.h"
#include "core/live/live_run.h"
#include "core/model/recording.h"
#include "core/narrate/explain.h"

namespace procatlas {
namespace {

// The only thing that signal handlers write.
volatile sig_atomic_t interrupts = 0;  // NOLINT(cppcoreguidelines-avoid-non-const-global-variables)

void count_interrupt(int) {
    interrupts = interrupts + 1;
}

class Trace {
public:
    Trace(const TraceOptions& options, const Messages& words)
        : options_(options),
          words_(words),
          run_([only = options.only](LaunchCommand launch) { return start_inspecting_observer(std::move(launch), only); },
               WhenFileLags::leave_events) {}

    int run() {
        if (const auto started = run_.start(options_.launch, options_.title, options_.recording_file); !started) {
            complain(started.error().message);
            return 1;
        }
        forward_input_ = !options_.launch.inherit_stdin;
        while (run_.watching()) {
            wait();
            run_.pump();
            look_at_news();
        }
        run_.finish_images();
        finish_recording_file();
        const Recording& recording = run_.recording();
        const std::string text = options_.json ? recording_json(recording, options_.launch.pages)
                                               : recording_text(recording, words_, options_.launch.pages);
        const bool written = std::fwrite(text.data(), 1, text.size(), stdout) == text.size() && std::fflush(stdout) == 0;
        if (!written) {
            complain(words_.text("cli.cannot_write"));
        }
        return failed_ || !written ? 1 : 0;
    }

private:
    void complain(std::string_view message) const { fmt::print(stderr, "procatlas: {}\n", display_text(message, true)); }

    void finish_recording_file() {
        run_.pump();
        look_at_news();
        if (const auto finished = run_.close_file(); !finished) {
            failed_ = true;
            complain(words_.format("cli.recording_not_whole", finished.error().message));
        }
    }

    void wait() {
        std::vector<pollfd> ready{{forward_input_ ? STDIN_FILENO : -1, POLLIN, 0}};
        for (const int descriptor : run_.descriptors()) {
            ready.push_back({descriptor, POLLIN, 0});
        }
        sigset_t unblocked;
        ::sigprocmask(SIG_SETMASK, nullptr, &unblocked);
        sigdelset(&unblocked, SIGINT);
        timespec most{};
        const auto due = run_.due();
        if (due) {
            const auto left = std::max<std::chrono::nanoseconds>(*due - LiveRun::Clock::now(), std::chrono::nanoseconds(0));
            most = {left.count() / 1'000'000'000, left.count() % 1'000'000'000};
        }
        ::ppoll(ready.data(), ready.size(), due ? &most : nullptr, &unblocked);
        if (ready[0].revents != 0) {
            forward_input();
        }
        const int seen = interrupts;
        if (seen != answered_) {
            const bool first = std::exchange(answered_, seen) == 0;
            send(first ? Command(InputCommand{"\x03"}) : Command(StopAllCommand{}));
        }
    }

    void forward_input() {
        std::array<char, 4096> buffer;
        const ssize_t got = ::read(STDIN_FILENO, buffer.data(), buffer.size());
        if (got > 0) {
            send(InputCommand{{buffer.data(), static_cast<std::size_t>(got)}});
        } else if (got == 0 || (errno != EINTR && errno != EAGAIN)) {
            send(InputCommand{"\x04"});  // Ctrl-D: a terminal's end of input
            forward_input_ = false;
        }
    }

    void send(const Command& command) { told(run_.send(command)); }

    void told(const Result<void>& sent) {
        if (!sent && run_.watching()) {
            complain(sent.error().message);
        }
    }

    // Reports the new events that a user at a terminal should know at once.
    void look_at_news() {
        const auto events = run_.recording().events();
        for (; seen_ < events.size(); ++seen_) {
            look_at(events[seen_]);
        }
        if (const auto cap = run_.cap_question()) {
            answer_cap(*cap);
        }
    }

    void look_at(const Event& event) {
        if (const auto* note = std::get_if<NoteEvent>(&event.detail)) {
            if (note->code == NoteCode::launch_failed) {
                failed_ = true;
                complain(note->text);
            }
        } else if (const auto* gap = std::get_if<GapEvent>(&event.detail)) {
            failed_ |= gap->code == GapCode::observer_lost;
            complain(explain_event(event, nullptr, run_.world(), {}, words_));
        }
    }

    // All processes are held now. A user at a terminal decides. Without one, the answer is stop.
    void answer_cap(std::uint32_t cap) {
        bool more = false;
        if (forward_input_ && ::isatty(STDIN_FILENO) == 1 && ::isatty(STDERR_FILENO) == 1) {
            fmt::print(stderr, "{} ", words_.format("cli.cap_question", cap));
            std::array<char, 256> answer{};
            more = ::read(STDIN_FILENO, answer.data(), answer.size()) > 0 && (answer[0] == 'y' || answer[0] == 'Y');
        }
        if (!more) {
            failed_ = true;
            complain(words_.format("cli.cap_stopped", cap));
        }
        told(run_.answer_cap(more ? CapAnswer::go_on : CapAnswer::stop));
    }

    const TraceOptions& options_;
    const Messages& words_;
    LiveRun run_;
    std::size_t seen_ = 0;  // events
    bool forward_input_ = false;
    bool failed_ = false;
    int answered_ = 0;
};

}  // namespace

int trace(const TraceOptions& options, const Messages& words) {
    TraceOptions complete = options;
    complete.launch.inherit_stdin = ::isatty(STDIN_FILENO) != 1;
    winsize size{};
    if (::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col != 0) {
        complete.launch.rows = size.ws_row;
        complete.launch.columns = size.ws_col;
    }
    struct sigaction action{};
    action.sa_handler = count_interrupt;
    ::sigaction(SIGINT, &action, nullptr);
    // A handler instead of SIG_IGN, because programs that we start would inherit an ignored signal.
    action.sa_handler = [](int) {};
    ::sigaction(SIGPIPE, &action, nullptr);
    sigset_t interrupt;
    sigemptyset(&interrupt);
    sigaddset(&interrupt, SIGINT);
    ::sigprocmask(SIG_BLOCK, &interrupt, nullptr);  // unblocked only while waiting, so that none is missed
    return Trace(complete, words).run();
}

}  // namespace procatlas
