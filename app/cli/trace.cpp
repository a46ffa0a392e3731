#include "app/cli/trace.h"

#include <fmt/format.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <memory>
#include <new>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "app/cli/end_signals.h"
#include "app/cli/exit_status.h"
#include "app/cli/result_output.h"
#include "app/cli/terminal_text.h"
#include "core/base/start_descriptors.h"
#include "core/base/text.h"
#include "core/export/data/json_export.h"
#include "core/export/data/text_export.h"
#include "core/live/live_run.h"
#include "core/live/start_inspecting_observer.h"
#include "core/model/recording.h"
#include "core/narrate/explain.h"
#include "core/narrate/program_name.h"

namespace procatlas {
namespace {

using Clock = LiveRun::Clock;

constexpr std::chrono::milliseconds end_patience(1500);  // from the wish to end to the end; the observer kills after a second

// Memory that is given back when there is no other, so that what was seen can be told.
class Reserve {
public:
    void give_back() { bytes_.reset(); }

private:
    static constexpr std::size_t size = 32u << 20;
    std::unique_ptr<char[]> bytes_{new (std::nothrow) char[size]};  // none where memory is short from the start
};

class Trace {
public:
    Trace(const TraceOptions& options, const Messages& words)
        : options_(options),
          words_(words),
          out_(signals_),
          run_([only = options.only, where = options.where](
                   LaunchCommand launch) { return start_inspecting_observer(std::move(launch), only, where); },
               WhenFileLags::leave_events, options.where),
          lines_(run_.recording(), options.launch.pages) {}

    int run() {
        run_.bound_file(options_.most_mebibytes);
        if (const auto started = run_.start(options_.launch, options_.title, options_.recording_file); !started) {
            complain(started.error().message);
            return exit_trace_failed;
        }
        if (starts()) {
            close_descriptors_at_start();  // the program has them
        }
        signals_.block();
        answer_signals();
        forward_input_ = starts() && !options_.launch.inherit_stdin;
        without_memory([&] { follow(); });
        without_memory([&] { finish_recording_file(); });
        without_memory([&] { tell(); });
        if (out_.failed()) {
            failed_ = true;
            complain(words_.text("cli.cannot_write"));
        }
        return status();
    }

private:
    // Does as much as can be done without memory: ends the program, and goes on with what comes next.
    template <typename Do>
    void without_memory(Do act) {
        try {
            act();
        } catch (const std::bad_alloc&) {
            reserve_.give_back();
            failed_ = true;
            run_.end("there is no memory left");
            complain(words_.text("cli.no_memory"));
        }
    }

    // Not of a process that was there before: that one has its own input, and goes on when procatlas ends.
    [[nodiscard]] bool starts() const { return options_.launch.approach == Approach::start; }

    void follow() {
        while (run_.watching() || (run_.waits_for_images() && !ending_at_)) {
            wait();
            if (takes_events()) {
                run_.pump();
                look_at_news();
            }
            end_where_late();
        }
    }

    void finish_recording_file() {
        run_.pump();
        look_at_news();
        if (const auto finished = run_.close_file(); !finished) {
            failed_ = true;
            complain(words_.format("cli.recording_not_whole", finished.error().message));
        }
    }

    void tell() {
        if (refused_) {
            return;  // nothing was seen
        }
        const Recording& recording = run_.recording();
        switch (options_.format) {
            case TraceFormat::text:
                give_recording_text(recording, words_, options_.launch.pages, [&](std::string_view piece) {
                    out_.put(terminal_text(piece));
                    out_.finish();
                    return !out_.failed();
                });
                break;
            case TraceFormat::json:
                give_recording_json(recording, options_.launch.pages, [&](std::string_view piece) {
                    out_.put(piece);
                    out_.finish();
                    return !out_.failed();
                });
                break;
            case TraceFormat::json_lines:
                out_.put(lines_.more());
                break;
            case TraceFormat::tree:
                out_.put(terminal_text(::isatty(STDOUT_FILENO) == 1 ? present_tree_text(recording.last_world(), words_)
                                                                    : watched_text(recording, words_)));
                break;
        }
        out_.finish();
    }

    [[nodiscard]] int status() const {
        if (failed_) {
            return starts() ? exit_trace_failed : exit_failed;
        }
        if (ended_by_ != 0) {
            return exit_signal + ended_by_;
        }
        if (launch_error_) {
            return *launch_error_ == ENOENT ? exit_not_found : exit_cannot_execute;
        }
        if (!starts()) {
            return exit_done;
        }
        const auto program = shell_status(run_.program_exit());
        return !program ? exit_trace_failed : options_.report_exit ? exit_done : *program;
    }

    void complain(std::string_view message) const {
        fmt::print(stderr, "procatlas: {}\n", terminal_text(display_text(message, true)));
    }

    void wait() {
        enum : std::size_t { input, output, others };
        std::vector<pollfd> ready{{forward_input_ ? STDIN_FILENO : -1, POLLIN, 0},
                                  {out_.waiting() ? STDOUT_FILENO : -1, POLLOUT, 0}};
        if (takes_events()) {
            for (const int descriptor : run_.descriptors()) {
                ready.push_back({descriptor, POLLIN, 0});
            }
        }
        timespec most{};
        const auto due = wakes_at();
        if (due) {
            const auto left = std::max<std::chrono::nanoseconds>(*due - Clock::now(), std::chrono::nanoseconds(0));
            most = {left.count() / 1'000'000'000, left.count() % 1'000'000'000};
        }
        if (::ppoll(ready.data(), ready.size(), due ? &most : nullptr, &signals_.while_waiting()) > 0) {
            if (ready[input].revents != 0) {
                take_input();
            }
            if (ready[output].revents != 0) {
                write_some();
            }
        }
        answer_signals();
    }

    // Not while nobody reads what is told already, except to come to an end.
    [[nodiscard]] bool takes_events() const { return !out_.full() || ending_at_; }

    [[nodiscard]] std::optional<Clock::time_point> wakes_at() const {
        const auto due = takes_events() ? run_.due() : std::nullopt;
        return ending_at_ && (!due || *ending_at_ < *due) ? ending_at_ : due;
    }

    void write_some() {
        out_.write_some();
        if (out_.failed()) {  // nobody listens any more
            end_all();
        }
    }

    void answer_signals() {
        signals_.take_pending();
        if (std::exchange(answered_requests_, signals_.requests()) != signals_.requests()) {
            ended_by_ = signals_.request();
            end_all();
        }
        const int seen = signals_.interrupts();
        if (seen == answered_) {
            return;
        }
        if (asking_) {
            answer_cap(CapAnswer::stop);
        } else if (!starts()) {
            end_all();
        } else if (answered_ == 0 && seen == 1) {
            send(InputCommand{"\x03"});
        } else {
            ended_by_ = SIGINT;
            end_all();
        }
        answered_ = seen;
    }

    // Ends the program; where that takes too long, `end_where_late` does it.
    void end_all() {
        if (ending_at_) {  // asked again
            ending_at_ = Clock::now();
            return;
        }
        ending_at_ = Clock::now() + end_patience;
        out_.hurry();
        told(run_.stop());
    }

    void end_where_late() {
        if (ending_at_ && Clock::now() >= *ending_at_) {
            run_.end("it did not end the program in time");
        }
    }

    void take_input() {
        std::array<char, 4096> buffer;
        const ssize_t got = ::read(STDIN_FILENO, buffer.data(), buffer.size());
        const std::string_view bytes(buffer.data(), got > 0 ? static_cast<std::size_t>(got) : 0);
        const bool ended = got == 0 || (got < 0 && errno != EINTR && errno != EAGAIN);
        if (asking_ && (ended || !bytes.empty())) {
            answer_cap(bytes.starts_with('y') || bytes.starts_with('Y') ? CapAnswer::go_on : CapAnswer::stop);
        } else if (!bytes.empty()) {
            send(InputCommand{std::string(bytes)});
        } else if (ended) {
            send(InputCommand{"\x04"});  // Ctrl-D: a terminal's end of input
        }
        forward_input_ = !ended;
    }

    void send(const Command& command) { told(run_.send(command)); }

    void told(const Result<void>& sent) {
        if (!sent && run_.watching()) {
            complain(sent.error().message);
        }
    }

    // Reports the new events that a user at a terminal should know at once.
    void look_at_news() {
        if (options_.format == TraceFormat::json_lines) {
            out_.put(lines_.more());
        }
        const auto events = run_.recording().events();
        if (options_.format == TraceFormat::tree && seen_ < events.size()) {
            show_tree();
        }
        for (; seen_ < events.size(); ++seen_) {
            look_at(events[seen_]);
        }
        if (const auto cap = run_.cap_question(); cap && !asking_) {
            ask_cap(*cap);
        }
    }

    void look_at(const Event& event) {
        const auto* note = std::get_if<NoteEvent>(&event.detail);
        const auto* gap = std::get_if<GapEvent>(&event.detail);
        if (const auto* found = std::get_if<FoundEvent>(&event.detail);
            found && !following_told_ && options_.launch.approach == Approach::attach) {
            following_told_ = true;
            say_following(event.process.pid, *found->process);
        } else if (note && note->code == NoteCode::attach_refused) {
            refused_ = failed_ = true;
            const std::string there = options_.where ? options_.where->surroundings().machine + ": " : "";
            complain(there + explain_event(event, nullptr, run_.world(), {}, words_));
        } else if (note && note->code == NoteCode::launch_failed) {
            // Without a process it is not the program that cannot be executed, but a terminal or a process that cannot be made.
            launch_error_ = static_cast<int>(note->number);
            failed_ |= run_.world().processes.empty() && launch_error_ != ENOENT;
            complain(note->text);
        } else if (note && note->code == NoteCode::text) {
            complain(note->text);
        } else if (gap) {
            failed_ |= gap->code == GapCode::observer_lost && !ending_at_;
            complain(explain_event(event, nullptr, run_.world(), {}, words_));
        }
    }

    void say_following(std::int32_t pid, const FoundProcess& found) const {
        const std::string name = program_name(found.path.empty() ? found.name : found.path, found.arguments);
        fmt::print(stderr, "{}\n", terminal_text(words_.format("attach.following", pid, name, found.threads.size())));
    }

    // Over the last one, where a person looks on; as many lines as there is room for.
    void show_tree() {
        if (::isatty(STDOUT_FILENO) != 1 || out_.waiting()) {
            return;
        }
        const std::string tree = present_tree_text(run_.world(), words_);
        std::size_t end = 0;
        for (int rows = options_.launch.rows; rows > 1 && end < tree.size(); --rows) {
            end = std::min(tree.find('\n', end), tree.size() - 1) + 1;
        }
        out_.put("\x1b[H\x1b[2J" + terminal_text(tree.substr(0, end)));
    }

    // All processes are held now. A user at a terminal decides. Without one, the answer is stop.
    void ask_cap(std::uint32_t cap) {
        asking_ = cap;
        if (forward_input_ && ::isatty(STDIN_FILENO) == 1 && ::isatty(STDERR_FILENO) == 1) {
            fmt::print(stderr, "{} ", terminal_text(words_.format("cli.cap_question", cap)));
        } else {
            answer_cap(CapAnswer::stop);
        }
    }

    void answer_cap(CapAnswer answer) {
        const auto cap = std::exchange(asking_, std::nullopt);
        if (answer == CapAnswer::stop) {
            failed_ = true;
            complain(words_.format("cli.cap_stopped", cap.value_or(0)));
            ending_at_ = Clock::now() + end_patience;
        }
        told(run_.answer_cap(answer));
    }

    const TraceOptions& options_;
    const Messages& words_;
    Reserve reserve_;
    EndSignals signals_;
    ResultOutput out_;
    LiveRun run_;
    JsonLines lines_;
    std::size_t seen_ = 0;  // events
    bool following_told_ = false;
    bool refused_ = false;  // the process cannot be followed
    bool forward_input_ = false;
    std::optional<std::uint32_t> asking_;  // the cap that a person is asked about
    bool failed_ = false;
    std::optional<int> launch_error_;  // errno
    int answered_ = 0;                 // Ctrl-C
    int answered_requests_ = 0;
    int ended_by_ = 0;                            // the signal that asked for the end; 0: none
    std::optional<Clock::time_point> ending_at_;  // when all must have ended
};

}  // namespace

int trace(const TraceOptions& options, const Messages& words) {
    TraceOptions complete = options;
    complete.launch.inherit_stdin = ::isatty(STDIN_FILENO) != 1;
    complete.launch.inherit_descriptors = true;
    // Whoever opens the recording in the window sees there for what each process waited.
    complete.launch.tell_waits = !options.recording_file.empty() && options.launch.watch_memory;
    winsize size{};
    if (::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col != 0) {
        complete.launch.rows = size.ws_row;
        complete.launch.columns = size.ws_col;
    }
    return Trace(complete, words).run();
}

}  // namespace procatlas
