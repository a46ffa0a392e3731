#include "core/observe/linux/observer_loop.h"

#include <linux/sockios.h>
#include <poll.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

#include "core/observe/linux/launch/launch.h"
#include "core/observe/linux/proc/clock.h"
#include "core/observe/linux/proc/proc_status.h"
#include "core/stream/command_stream.h"
#include "core/stream/event_stream.h"

namespace procatlas {
namespace {

constexpr std::size_t pending_limit = 64u << 20;  // beyond it the tracees wait until the other side has read
constexpr int statuses_at_once = 128;
constexpr long busy_interval_us = 2000;

// The SIGCHLD of statuses that were taken without it stays pending, and would wake us for nothing. Before the statuses are
// asked for once more: that of any later one is pending anew.
void forget_signal_of_taken_statuses() {
    sigset_t child;
    sigemptyset(&child);
    sigaddset(&child, SIGCHLD);
    const timespec at_once{};
    ::sigtimedwait(&child, nullptr, &at_once);
}

}  // namespace

int ObserverLoop::run() {
    write_greeting(pending_);
    while (true) {
        auto progress = Tracer::Progress::idle;
        bool taken = false;
        if (tracer_ && pending_.size() - sent_ < pending_limit) {
            taken = true;
            const bool blocks = can_block();
            if (!blocks) {
                forget_signal_of_taken_statuses();
            }
            const auto handled =
                tracer_->handle_statuses(statuses_at_once, blocks ? Tracer::Waiting::until_a_signal : Tracer::Waiting::never);
            progress = handled.progress;
            // A thread that awaits inspection goes on in a moment, and what it tells then is waited for as if it had never
            // stood.
            set_busy(handled.any || tracer_->step_control().somebody_awaits_inspection() || tracer_->turns().on());
        }
        if (!read_commands()) {
            return 0;  // whoever watched is gone: our end takes every tracee with it
        }
        if (leaving_) {
            return leave();
        }
        if (watch_ && watch_->tick(monotonic_ns()) == ProcessWatch::Left::none) {
            watch_->sink().note(NoteCode::all_ended, {});
            flush_all();
            return 0;
        }
        if (tracer_) {
            look_at_terminal();
        }
        if (launched_.failure) {
            bool closed = false;
            if (const auto error = read_launch_failure(launched_, closed)) {
                tracer_->sink().note(NoteCode::launch_failed, error->message, static_cast<std::uint64_t>(error->code));
            }
            if (closed) {
                launched_.failure.reset();
            }
        }
        if (progress == Tracer::Progress::none_left) {
            return finish();
        }
        if (flush_is_due()) {
            let_reader_catch_up();
            if (!flush()) {
                return 0;
            }
        }
        if (std::exchange(just_launched_, false)) {
            continue;  // where the launch failed there will be no child to wake us
        }
        if (progress == Tracer::Progress::idle && !(taken && can_block()) && !wait()) {
            return 1;
        }
        if (tracer_) {
            const bool all_taken = taken && progress == Tracer::Progress::idle;
            tracer_->tick(all_taken ? Tracer::Statuses::all_taken : Tracer::Statuses::perhaps_more);
        }
    }
}

// Whether the next wait status may be waited for alone. Not while a thread waits for an answer.
bool ObserverLoop::can_block() {
    return busy_ && !tracer_->step_control().somebody_awaits_inspection() && !tracer_->turns().asks();
}

bool ObserverLoop::read_commands() {
    std::array<char, 65536> buffer;
    while (true) {
        pollfd ready{in_, POLLIN, 0};
        if (::poll(&ready, 1, 0) <= 0) {
            break;
        }
        const ssize_t got = ::read(in_, buffer.data(), buffer.size());
        if (got == 0 || (got < 0 && errno != EINTR && errno != EAGAIN)) {
            return false;
        }
        if (got > 0) {
            commands_.append({buffer.data(), static_cast<std::size_t>(got)});
        }
        if (got > 0 && static_cast<std::size_t>(got) < buffer.size()) {
            break;  // that was all
        }
    }
    while (true) {
        const auto command = read_command(commands_);
        if (!command) {
            return false;
        }
        if (!*command) {
            return true;
        }
        obey(**command);
    }
}

void ObserverLoop::obey(const Command& command) {
    if (const auto* first = std::get_if<LaunchCommand>(&command)) {
        begin(*first);
        return;
    }
    if (std::holds_alternative<PingCommand>(command)) {
        write_sign_of_life(pending_);
        return;
    }
    if ((attached_ || watch_) && std::holds_alternative<StopAllCommand>(command)) {
        leaving_ = true;  // whoever was there before us goes on
        return;
    }
    const bool needs_breakpoints = std::holds_alternative<GrainCommand>(command) ||
                                   std::holds_alternative<BreakpointsCommand>(command) ||
                                   std::holds_alternative<WatchCommand>(command);
    if (!tracer_ || (attached_ && needs_breakpoints)) {  // attach.h says why there are none
        return;
    }
    struct Obey {
        Tracer& tracer;
        Terminal& terminal;
        void operator()(const LaunchCommand&) {}
        void operator()(const PingCommand&) {}
        void operator()(const RunCommand&) { tracer.run_control().run(); }
        void operator()(const HoldCommand&) { tracer.run_control().hold(); }
        void operator()(const StepCommand& c) { tracer.run_control().step(c.pid); }
        void operator()(const DelayCommand& c) { tracer.run_control().set_delay(c.delay); }
        void operator()(const HoldClassesCommand& c) { tracer.run_control().set_hold_classes(c.classes); }
        void operator()(const MeasureCommand& c) { tracer.pages().measure(c.pid); }
        void operator()(const GrainCommand& c) {
            tracer.step_control().set_grain(c.grain);
            tracer.step_control().set_stop_points(c.stop_points);
        }
        void operator()(const WatchCommand& c) { tracer.step_control().watch(c.pid, c.places); }
        void operator()(const BreakpointsCommand& c) { tracer.step_control().set_breakpoints(c.pid, c.plan); }
        void operator()(const TurnCommand& c) { tracer.choose(c.thread); }
        void operator()(const ReleaseCommand& c) {
            if (c.hold) {
                tracer.run_control().hold();
            }
            tracer.step_control().inspected(c.thread, c.hold ? Whereabouts::Found::stop_point : Whereabouts::Found::nothing);
        }
        void operator()(const StopAllCommand&) { tracer.run_control().stop_all(); }
        void operator()(const CapCommand& c) { tracer.run_control().set_cap(c.cap); }
        void operator()(const InputCommand& c) {
            if (terminal.echoes()) {
                tracer.output().typed(c.bytes);
            }
            terminal.type(c.bytes);
        }
    };
    std::visit(Obey{*tracer_, *terminal_}, command);
}

void ObserverLoop::begin(const LaunchCommand& command) {
    if (tracer_ || watch_) {
        return;  // one observer, one run
    }
    switch (command.approach) {
        case Approach::start:
            return launch(command);
        case Approach::attach:
            return attach(command);
        case Approach::watch:
            return watch(command);
    }
}

void ObserverLoop::watch(const LaunchCommand& command) {
    watch_ = std::make_unique<ProcessWatch>(pending_, command);
    const pid_t process = command.pid == 0 ? 0 : owner_of_thread(command.pid).process;
    if (process == 0 && command.pid != 0) {
        refuse(watch_->sink(), command.pid, {AttachRefusal::no_process, {}});
    } else if (process != command.pid) {
        refuse(watch_->sink(), command.pid, {AttachRefusal::thread, std::to_string(process)});
    }
}

void ObserverLoop::refuse(EventSink& sink, pid_t pid, const Refused& refused) {
    sink.tell(sink.event_of({pid, 0}, pid,
                            NoteEvent{NoteCode::attach_refused, refused.detail, static_cast<std::uint64_t>(refused.why)}));
    leaving_ = true;
    refused_ = true;  // that is the last word
}

void ObserverLoop::attach(const LaunchCommand& command) {
    just_launched_ = true;
    terminal_ = std::make_unique<Terminal>();
    tracer_ = std::make_unique<Tracer>(pending_, terminal_->slave_path());
    const auto seized = seize_process(command);
    if (seized) {
        attached_ = command.pid;
        tracer_->attach(*seized, command);
        return;
    }
    refuse(tracer_->sink(), command.pid, seized.error());
}

// The kernel lets the threads go when we end (attach.h).
int ObserverLoop::leave() {
    EventSink& sink = watch_ ? watch_->sink() : tracer_->sink();
    if (!refused_) {
        sink.note(NoteCode::left, {}, static_cast<std::uint64_t>(attached_.value_or(0)));
    }
    flush_all();
    return 0;
}

void ObserverLoop::launch(const LaunchCommand& command) {
    just_launched_ = true;
    auto terminal = Terminal::open(command.rows, command.columns);
    if (terminal) {
        terminal_ = std::make_unique<Terminal>(std::move(*terminal));
        tracer_ = std::make_unique<Tracer>(pending_, terminal_->slave_path());
        auto launched = launch_traced(command, *terminal_);
        if (launched) {
            watch_output_ = command.watch_output;
            if (watch_output_) {
                tracer_->output().compare_with({.read = [this](std::string& out) { terminal_->drain(out); },
                                                .newline_is_two_bytes = [this] { return terminal_->expands_newlines(); }});
            }
            launched_ = std::move(*launched);
            tracer_->start(launched_.pid, command);
            return;
        }
        tracer_->sink().note(NoteCode::launch_failed, launched.error().message,
                             static_cast<std::uint64_t>(launched.error().code));
        return;
    }
    terminal_ = std::make_unique<Terminal>();
    tracer_ = std::make_unique<Tracer>(pending_, terminal_->slave_path());
    tracer_->sink().note(NoteCode::launch_failed, terminal.error().message);  // its errno is not of the program
}

// The programs would wait for room in it.
void ObserverLoop::look_at_terminal() {
    if (watch_output_) {
        tracer_->output().look_at_terminal();
    } else {
        unread_.clear();
        terminal_->drain(unread_);
    }
}

// Events are sent some at a time: whoever reads them would else be woken for each, and take the processor from the tracees.
bool ObserverLoop::flush_is_due() {
    constexpr std::size_t enough = 64 * 1024;
    constexpr std::uint64_t patience_ns = 2'000'000;
    if (pending_.size() == sent_) {
        return false;
    }
    const std::uint64_t time = monotonic_ns();
    flush_at_ns_ = flush_at_ns_ == 0 ? time + patience_ns : flush_at_ns_;
    if (tracer_ && tracer_->sink().take_urgent()) {
        return true;  // a thread waits for the answer
    }
    return pending_.size() - sent_ >= enough || time >= flush_at_ns_;
}

// Tracees and we hand a processor to each other without end; where the others are busy too, whoever reads us may get none of it
// for a second. When it is behind for long, all of us pause for a moment, again and again, until it has read.
void ObserverLoop::let_reader_catch_up() {
    constexpr std::uint64_t long_ns = 4'000'000;
    constexpr int pauses = 250;  // of a millisecond; a reader that stands still must not hold the tracees for ever
    int unread = 0;
    const auto is_behind = [&] { return ::ioctl(out_, SIOCOUTQ, &unread) == 0 && unread > 0; };
    if (!is_behind()) {
        behind_since_ns_ = 0;
        return;
    }
    const std::uint64_t time = monotonic_ns();
    behind_since_ns_ = behind_since_ns_ == 0 ? time : behind_since_ns_;
    if (time - behind_since_ns_ < long_ns) {
        return;
    }
    pollfd command{in_, POLLIN, 0};
    for (int i = 0; i < pauses && is_behind(); ++i) {
        if (::poll(&command, 1, 1) > 0) {
            return;
        }
    }
}

bool ObserverLoop::flush() {
    flush_at_ns_ = 0;
    while (sent_ < pending_.size()) {
        const ssize_t put = ::write(out_, pending_.data() + sent_, pending_.size() - sent_);
        if (put > 0) {
            sent_ += static_cast<std::size_t>(put);
        } else if (errno == EAGAIN) {
            break;
        } else if (errno != EINTR) {
            return false;
        }
    }
    if (sent_ == pending_.size()) {
        pending_.clear();
        sent_ = 0;
    } else if (sent_ > pending_limit / 4) {
        pending_.erase(0, sent_);
        sent_ = 0;
    }
    return true;
}

// While tracees stop all the time, the observer waits for them alone: the kernel then hands the processor from a tracee that
// stops straight to us, and back, where a signal would wake us on another one, and all else would be asked for at each stop. A
// timer interrupts, so all else waits for some milliseconds at most.
void ObserverLoop::set_busy(bool busy) {
    if (busy == busy_) {
        return;
    }
    busy_ = busy;
    const timeval interval{0, busy ? busy_interval_us : 0};
    const itimerval timer{interval, interval};
    ::setitimer(ITIMER_REAL, &timer, nullptr);
}

bool ObserverLoop::wait() {
    std::array<pollfd, 3> ready{pollfd{in_, POLLIN, 0}, pollfd{out_, 0, 0}, pollfd{-1, 0, 0}};
    const bool blocked = sent_ < pending_.size() && flush_at_ns_ == 0;  // the other side has not taken all of the last flush
    if (blocked) {
        ready[1].events = POLLOUT;
    } else {
        ready[1].fd = -1;
    }
    if (terminal_) {
        ready[2].fd = terminal_->master();
        ready[2].events = static_cast<short>(POLLIN | (terminal_->wants_to_write() ? POLLOUT : 0));
    }
    timespec limit{};
    const timespec* timeout = nullptr;
    auto next = tracer_ ? tracer_->next_tick() : watch_ ? std::optional(watch_->next_tick()) : std::nullopt;
    if (flush_at_ns_ != 0) {
        next = std::min(next.value_or(flush_at_ns_), flush_at_ns_);
    }
    if (next) {
        const std::uint64_t time = monotonic_ns();
        const std::uint64_t left = *next > time ? *next - time : 0;
        limit = {static_cast<time_t>(left / 1'000'000'000), static_cast<long>(left % 1'000'000'000)};
        timeout = &limit;
    }
    static const sigset_t unblocked = [] {
        sigset_t mask;
        ::sigprocmask(SIG_SETMASK, nullptr, &mask);
        sigdelset(&mask, SIGCHLD);
        return mask;
    }();
    if (::ppoll(ready.data(), ready.size(), timeout, &unblocked) < 0 && errno != EINTR) {
        return false;
    }
    if (terminal_ && terminal_->wants_to_write()) {
        terminal_->type({});
    }
    return true;
}

int ObserverLoop::finish() {
    look_at_terminal();
    tracer_->finish();
    tracer_->sink().note(NoteCode::all_ended, {});
    flush_all();
    return 0;
}

void ObserverLoop::flush_all() {
    while (flush() && !pending_.empty()) {
        pollfd ready{out_, POLLOUT, 0};
        ::poll(&ready, 1, -1);
    }
}

}  // namespace procatlas
