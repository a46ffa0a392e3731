#include "app/cli/trace.h"

#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <string>

#include "app/image_collector.h"
#include "app/inspecting_observer.h"
#include "app/recording_keeper.h"
#include "core/base/text.h"
#include "core/export/data/json_export.h"
#include "core/export/data/text_export.h"
#include "core/model/recording.h"
#include "core/narrate/explain.h"
#include "core/observe/observer.h"

namespace procatlas {
namespace {

// Signal handlers may only set this.
volatile sig_atomic_t interrupts = 0;  // NOLINT(cppcoreguidelines-avoid-non-const-global-variables)

void count_interrupt(int) {
    interrupts = interrupts + 1;
}

class Trace {
public:
    Trace(const TraceOptions& options, const Messages& words) : options_(options), words_(words) {}

    int run() {
        if (!open_recording_file()) {
            return 1;
        }
        auto observer = start_inspecting_observer(options_.launch, options_.only);
        if (!observer) {
            complain(observer.error().message);
            return 1;
        }
        observer_ = std::move(*observer);
        forward_input_ = !options_.launch.inherit_stdin;
        while (!observer_->ended()) {
            wait();
            if (keeper_.is_behind()) {  // the observer holds the program back until we take in more
                keep();
                continue;
            }
            for (Event& event : observer_->receive()) {
                look_at(event);
                recording_.append(std::move(event));
            }
            images_.follow(recording_);  // while the program runs: afterwards its files may be gone
            keep();
        }
        images_.finish(recording_);
        finish_recording_file();
        const std::string text = options_.json ? recording_json(recording_, options_.launch.pages)
                                               : recording_text(recording_, words_, options_.launch.pages);
        const bool written = std::fwrite(text.data(), 1, text.size(), stdout) == text.size() && std::fflush(stdout) == 0;
        if (!written) {
            complain(words_.text("cli.cannot_write"));
        }
        return failed_ || !written ? 1 : 0;
    }

private:
    void complain(std::string_view message) const { fmt::print(stderr, "procatlas: {}\n", display_text(message, true)); }

    bool open_recording_file() {
        if (options_.recording_file.empty()) {
            return true;
        }
        const auto begun = keeper_.begin(options_.recording_file, options_.title);
        if (!begun) {
            complain(begun.error().message);
        }
        return begun.has_value();
    }

    void finish_recording_file() {
        keep();
        if (const auto finished = keeper_.finish(recording_); !finished) {
            failed_ = true;
            complain(words_.format("cli.recording_not_whole", finished.error().message));
        }
    }

    // A file that cannot be written on is news, told once each time; the run goes on.
    void keep() {
        if (keeper_.follow(recording_)) {
            look_at(recording_.events().back());
        }
    }

    void wait() {
        const bool pause = keeper_.is_behind();
        std::array<pollfd, 4> ready{
            pollfd{pause ? -1 : observer_->descriptor(), POLLIN, 0}, pollfd{images_.descriptor(), POLLIN, 0},
            pollfd{forward_input_ ? STDIN_FILENO : -1, POLLIN, 0}, pollfd{keeper_.descriptor(), POLLIN, 0}};
        sigset_t unblocked;
        ::sigprocmask(SIG_SETMASK, nullptr, &unblocked);
        sigdelset(&unblocked, SIGINT);
        constexpr timespec moment{0, 10'000'000};
        ::ppoll(ready.data(), ready.size(), pause ? &moment : nullptr, &unblocked);
        if (ready[2].revents != 0) {
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
            send(InputCommand{"\x04"});  // the end of the input, as a terminal says it
            forward_input_ = false;
        }
    }

    void send(const Command& command) {
        if (auto sent = observer_->send(command); !sent && !observer_->ended()) {
            complain(sent.error().message);
        }
    }

    void look_at(const Event& event) {
        if (const auto* note = std::get_if<NoteEvent>(&event.detail)) {
            if (note->code == NoteCode::cap_reached) {
                answer_cap(note->number);
            } else if (note->code == NoteCode::launch_failed) {
                failed_ = true;
                complain(note->text);
            }
        } else if (const auto* gap = std::get_if<GapEvent>(&event.detail)) {
            failed_ |= gap->code == GapCode::observer_lost;
            complain(explain(event, recording_.last_world(), {}, words_));
        }
    }

    // Everything is held now. Whoever sits at a terminal decides; nobody there means stop.
    void answer_cap(std::uint64_t cap) {
        bool more = false;
        if (forward_input_ && ::isatty(STDIN_FILENO) == 1 && ::isatty(STDERR_FILENO) == 1) {
            fmt::print(stderr, "{} ", words_.format("cli.cap_question", cap));
            std::array<char, 256> answer{};
            more = ::read(STDIN_FILENO, answer.data(), answer.size()) > 0 && (answer[0] == 'y' || answer[0] == 'Y');
        }
        if (more) {
            send(CapCommand{static_cast<std::uint32_t>(cap * 2)});
        } else {
            failed_ = true;
            complain(words_.format("cli.cap_stopped", cap));
            send(StopAllCommand{});
        }
    }

    const TraceOptions& options_;
    const Messages& words_;
    std::unique_ptr<Observer> observer_;
    Recording recording_;
    ImageCollector images_;
    RecordingKeeper keeper_;
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
    // A handler, not SIG_IGN: what is ignored would stay so in the programs that we start.
    action.sa_handler = [](int) {};
    ::sigaction(SIGPIPE, &action, nullptr);
    sigset_t interrupt;
    sigemptyset(&interrupt);
    sigaddset(&interrupt, SIGINT);
    ::sigprocmask(SIG_BLOCK, &interrupt, nullptr);  // but while waiting, so that none is missed
    return Trace(complete, words).run();
}

}  // namespace procatlas
