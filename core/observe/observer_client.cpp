// The window's end of the pipe to procatlas-observer.
#include <fmt/format.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <set>
#include <tuple>
#include <utility>

#include "core/base/companion.h"
#include "core/base/signal_sets.h"
#include "core/base/start_descriptors.h"
#include "core/base/unique_fd.h"
#include "core/observe/observer.h"
#include "core/observe/watchdog.h"
#include "core/stream/command_stream.h"
#include "core/stream/event_stream.h"

namespace procatlas {
namespace {

class ObserverClient final : public Observer {
public:
    // Error: there are no more descriptors.
    static Result<std::unique_ptr<ObserverClient>> make(std::unique_ptr<Companion> program, Approach approach) {
        std::unique_ptr<ObserverClient> client(new ObserverClient(std::move(program), approach));
        if (!client->watch(client->program_->socket(), EPOLL_CTL_ADD, EPOLLIN) ||
            !client->watch(client->tick_.get(), EPOLL_CTL_ADD, EPOLLIN)) {
            return std::unexpected(system_error("the observer cannot be watched", errno));
        }
        const timespec time{0, std::chrono::nanoseconds(Watchdog::tick_time).count()};
        const itimerspec every{time, time};
        ::timerfd_settime(client->tick_.get(), 0, &every, nullptr);
        return client;
    }

    ObserverClient(const ObserverClient&) = delete;
    ObserverClient& operator=(const ObserverClient&) = delete;
    ~ObserverClient() override {
        if (!program_->kill()) {
            kill_tracees();
        }
    }

    int descriptor() const override { return ended_ ? -1 : wake_.get(); }
    bool ended() const override { return ended_; }

    std::vector<ObservedEvent> receive() override {
        std::vector<ObservedEvent> events;
        const bool more = take(events);
        std::uint64_t ticks = 0;
        if (!ended_ && ::read(tick_.get(), &ticks, sizeof ticks) > 0 && !more) {
            tick(events);
        }
        if (!ended_ && killed_ && !more) {  // also where the kernel does not let the observer go
            finish(events, {});
        }
        if (!ended_) {
            flush();
        }
        return events;
    }

    Result<void> send(const Command& command) override {
        constexpr std::size_t most = 16u << 20;
        if (unsent_.size() > most) {
            return fail("the observer does not answer");
        }
        write_command(unsent_, command);
        return flush();
    }

    void end(const std::string& why) override {
        if (ended_ || std::exchange(killed_, true)) {
            return;
        }
        why_ = why;
        if (!program_->kill()) {
            kill_tracees();  // the kernel does it only when the observer is gone (PTRACE_O_EXITKILL)
        }
    }

private:
    ObserverClient(std::unique_ptr<Companion> program, Approach approach)
        : approach_(approach),
          program_(std::move(program)),
          watchdog_(program_->pid() ? Watchdog::Place::here : Watchdog::Place::far),
          tick_(::timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK)),
          wake_(::epoll_create1(EPOLL_CLOEXEC)) {}

    bool watch(int descriptor, int how, std::uint32_t what) {
        epoll_event wanted{};
        wanted.events = what;
        return ::epoll_ctl(wake_.get(), how, descriptor, &wanted) == 0;
    }

    // True: more may be waiting.
    bool take(std::vector<ObservedEvent>& events) {
        std::array<char, 65536> buffer;
        constexpr std::size_t at_once = 4u << 20;  // so that a flood does not keep the caller here
        std::size_t total = 0;
        while (!ended_ && total < at_once) {
            const ssize_t got = ::recv(program_->socket(), buffer.data(), buffer.size(), MSG_DONTWAIT);
            if (got < 0 && (errno == EAGAIN || errno == EINTR)) {
                return false;
            }
            if (got <= 0) {
                finish(events, {});
                return false;
            }
            total += static_cast<std::size_t>(got);
            watchdog_.heard();
            reader_.append({buffer.data(), static_cast<std::size_t>(got)});
            decode(events);
        }
        return !ended_;
    }

    void tick(std::vector<ObservedEvent>& events) {
        const auto pid = program_->pid();
        switch (watchdog_.tick(pid ? read_kernels_word(*pid) : std::nullopt)) {
            case Watchdog::Verdict::works:
                break;
            case Watchdog::Verdict::ask:
                std::ignore = send(PingCommand{});
                break;
            case Watchdog::Verdict::tell:
                tell(events, NoteEvent{NoteCode::text, "procatlas-observer has not answered for a second", 0});
                break;
            case Watchdog::Verdict::end:
                end(watchdog_.why());
                while (take(events)) {
                }
                break;
        }
    }

    Result<void> flush() {
        while (!unsent_.empty()) {
            const ssize_t put = ::send(program_->socket(), unsent_.data(), unsent_.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
            if (put > 0) {
                unsent_.erase(0, static_cast<std::size_t>(put));
            } else if (errno == EAGAIN) {
                break;
            } else if (errno != EINTR) {
                return std::unexpected(system_error("the observer does not answer", errno));
            }
        }
        watch(program_->socket(), EPOLL_CTL_MOD, EPOLLIN | (unsent_.empty() ? 0u : std::uint32_t{EPOLLOUT}));
        return {};
    }

    void decode(std::vector<ObservedEvent>& events) {
        while (true) {
            auto event = reader_.next();
            if (!event) {
                finish(events, event.error().message);
                return;
            }
            if (!*event) {
                return;
            }
            last_time_ns_ = (*event)->time_ns;
            know(**event);
            events.push_back(std::move(**event));
        }
    }

    void know(const ObservedEvent& event) {
        if (std::holds_alternative<StartEvent>(event.detail)) {
            tracees_.insert(event.process);
        } else if (const auto* fork = std::get_if<ForkEvent>(&event.detail)) {
            tracees_.insert(fork->child);
        } else if (std::holds_alternative<ExitEvent>(event.detail)) {
            tracees_.erase(event.process);
        } else if (const auto* note = std::get_if<NoteEvent>(&event.detail)) {
            all_ended_ |=
                note->code == NoteCode::all_ended || note->code == NoteCode::left || note->code == NoteCode::attach_refused;
        }
    }

    // Only those that procatlas has started here: others were there before, and go on.
    void kill_tracees() const {
        if (approach_ != Approach::start) {
            return;
        }
        for (const ProcessKey& tracee : tracees_) {
            const auto word = read_kernels_word(tracee.pid);
            if (word && word->start_ticks == tracee.start_ticks) {
                ::kill(tracee.pid, SIGKILL);
            }
        }
    }

    void tell(std::vector<ObservedEvent>& events, EventDetail detail) const {
        ObservedEvent event;
        event.time_ns = last_time_ns_;
        event.detail = std::move(detail);
        events.push_back(std::move(event));
    }

    // Reaps the observer: nobody else would while this process lives.
    void finish(std::vector<ObservedEvent>& events, std::string why) {
        ended_ = true;
        const std::string how = why.empty() && !killed_ ? program_->how_it_ended() : std::string();
        if (!program_->kill()) {
            kill_tracees();
        }
        if (!all_ended_) {
            if (!why_.empty() || why.empty()) {
                why = !why_.empty() ? why_ : how;
            }
            tell(events, GapEvent{GapCode::observer_lost, std::move(why), 0});
        }
    }

    Approach approach_;
    std::unique_ptr<Companion> program_;  // its end takes every tracee with it (PTRACE_O_EXITKILL), even where it hangs
    Watchdog watchdog_;
    UniqueFd tick_;
    UniqueFd wake_;  // epoll: the other two descriptors
    std::string unsent_;
    EventReader reader_;
    std::set<ProcessKey> tracees_;  // those that have not ended, as far as was told
    bool killed_ = false;
    std::string why_;  // it was killed
    bool ended_ = false;
    bool all_ended_ = false;
    std::uint64_t last_time_ns_ = 0;
};

}  // namespace

Result<std::unique_ptr<Observer>> start_observer(LaunchCommand launch, Companions* where) {
    CompanionStart start{.kind = CompanionKind::observer, .input = launch.inherit_stdin ? STDIN_FILENO : -1};
    if (launch.inherit_descriptors && !where) {
        start.descriptors = descriptors_at_start();
    }
    auto started = where ? where->start(start) : start_companion_here(start);
    if (!started) {
        return std::unexpected(started.error());
    }
    auto client = ObserverClient::make(std::move(*started), launch.approach);
    if (!client) {
        return std::unexpected(client.error());
    }
    if (!where) {
        launch.signals = signals_at_start();
    }
    if (auto sent = (*client)->send(launch); !sent) {
        return std::unexpected(sent.error());
    }
    return std::move(*client);
}

}  // namespace procatlas
