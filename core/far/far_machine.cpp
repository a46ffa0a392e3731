#include "core/far/far_machine.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <map>
#include <mutex>
#include <new>
#include <thread>
#include <tuple>
#include <utility>

#include "core/base/child_program.h"
#include "core/base/text.h"
#include "core/base/unique_fd.h"
#include "core/far/ending_signals.h"
#include "core/far/mux.h"
#include "core/far/relay_message.h"

namespace procatlas {
namespace {

constexpr int silent_limit = 8;  // beats; counted and not timed, because we may have stood still ourselves

// Why the relay has not greeted, from how ssh ended and what it said.
std::string why_no_greeting(const FarOptions& options, std::optional<int> status, const SshWords& words) {
    const std::string machine = display_text(options.machine);
    const int code = status && WIFEXITED(*status) ? WEXITSTATUS(*status) : -1;
    const std::string said = words.text().empty() ? "" : " (" + words.text() + ")";
    constexpr int ssh_failed = 255;
    constexpr int not_found = 127;
    constexpr int not_understood = 2;
    if (code == ssh_failed) {
        const bool asks = words.have("Permission denied") || words.have("Host key verification failed");
        return fmt::format("there is no connection to {}{}{}", machine, said,
                           asks ? "; where ssh cannot ask on a terminal, it needs a key and a known host" : "");
    }
    if (code == not_found || code == not_found - 1) {
        return fmt::format(
            "procatlas is not installed on {}, or not in the PATH that ssh has there{}: install it there, or name it "
            "by --host-procatlas PATH",
            machine, said);
    }
    if (code == not_understood) {
        return fmt::format("procatlas on {} is too old for --host{}: update it there", machine, said);
    }
    return fmt::format("procatlas on {} did not answer{}", machine, said);
}

// What the shell there may print before the relay greets is passed over. nullopt: no whole line of the relay yet.
std::optional<RelayVersions> take_greeting(std::string& came) {
    for (auto end = came.find('\n'); end != came.npos; end = came.find('\n')) {
        const auto versions = parse_greeting(std::string_view(came).substr(0, end));
        came.erase(0, end + 1);
        if (versions) {
            return versions;
        }
    }
    return std::nullopt;
}

// How a program there ended, from the thread of the connection to whoever used it.
class FarEnd {
public:
    void set(std::string why) {
        const std::scoped_lock lock(mutex_);
        why_ = std::move(why);
    }
    [[nodiscard]] std::string get() const {
        const std::scoped_lock lock(mutex_);
        return why_;
    }

private:
    mutable std::mutex mutex_;
    std::string why_;
};

class FarCompanion final : public Companion {
public:
    FarCompanion(UniqueFd socket, std::shared_ptr<FarEnd> end) : socket_(std::move(socket)), end_(std::move(end)) {}

    [[nodiscard]] int socket() const override { return socket_.get(); }
    [[nodiscard]] std::optional<pid_t> pid() const override { return std::nullopt; }
    bool kill() override {  // the relay there does it when it hears of it
        ::shutdown(socket_.get(), SHUT_WR);
        return true;
    }
    bool gone() override { return true; }
    [[nodiscard]] std::string how_it_ended() override { return end_->get(); }

private:
    UniqueFd socket_;
    std::shared_ptr<FarEnd> end_;
};

class SshMachine final : public FarMachine {
public:
    SshMachine(Ssh ssh, Surroundings surroundings, std::string_view rest, SshWords words)
        : ssh_(std::move(ssh)),
          surroundings_(std::move(surroundings)),
          words_(std::move(words)),
          mux_(ssh_.connection.get(), ssh_.connection.get()),
          wake_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
        mux_.take(rest);
        sigset_t all;
        sigset_t before;
        sigfillset(&all);
        ::pthread_sigmask(SIG_SETMASK, &all, &before);  // signals are for the other threads
        thread_ = std::thread([this] {
            try {
                pass_on();
            } catch (const std::bad_alloc&) {  // whoever uses the programs there sees the end of their sockets
                mux_ = Mux(-1, -1);
            }
            const std::scoped_lock lock(mutex_);
            over_ = true;
            wanted_.clear();
        });
        ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
    }
    SshMachine(const SshMachine&) = delete;
    SshMachine& operator=(const SshMachine&) = delete;
    ~SshMachine() override {
        ends_ = true;
        wake();
        thread_.join();
        ssh_.connection.reset();  // the relay there sees its end, ends all that it has started, and with it ssh ends
        constexpr std::chrono::seconds patience{2};
        if (!ssh_.program.wait_for_end(patience)) {
            end_ssh(ssh_.program);
        }
    }

    [[nodiscard]] const Surroundings& surroundings() const override { return surroundings_; }
    [[nodiscard]] std::string lost() const override { return lost_.get(); }

    [[nodiscard]] Result<std::unique_ptr<Companion>> start(const CompanionStart& start) override {
        if (const std::string why = lost(); !why.empty()) {
            return fail(why + "; start procatlas again to connect anew");
        }
        std::array<int, 2> ends{};
        if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) {
            return std::unexpected(system_error("no program can be started on " + surroundings_.machine, errno));
        }
        auto end = std::make_shared<FarEnd>();
        auto companion = std::make_unique<FarCompanion>(UniqueFd(ends[0]), end);
        {
            const std::scoped_lock lock(mutex_);
            if (over_) {  // nobody would open it any more
                return fail(lost());
            }
            wanted_.push_back({start.kind, UniqueFd(ends[1]),
                               UniqueFd(start.input >= 0 ? ::fcntl(start.input, F_DUPFD_CLOEXEC, 0) : -1), std::move(end)});
        }
        wake();
        return companion;
    }

private:
    struct Wanted {
        CompanionKind kind;
        UniqueFd socket;
        UniqueFd input;
        std::shared_ptr<FarEnd> end;
    };
    struct Open {
        std::shared_ptr<FarEnd> end;
        std::uint32_t input = 0;  // its channel; 0: none
    };

    void wake() const {
        const std::uint64_t one = 1;
        [[maybe_unused]] const ssize_t put = ::write(wake_.get(), &one, sizeof one);
    }

    // The thread of the connection, to its end.
    void pass_on() {
        using Clock = std::chrono::steady_clock;
        Clock::time_point next_beat = Clock::now();
        int silent = 0;
        while (!ends_ && !cut_) {
            if (Clock::now() >= next_beat) {
                next_beat = Clock::now() + beat_time;
                mux_.send(Beat{});
                ++silent;
            }
            std::array<pollfd, 2> others{pollfd{wake_.get(), POLLIN, 0}, pollfd{ssh_.complaints.get(), POLLIN, 0}};
            const auto left = std::chrono::ceil<std::chrono::milliseconds>(next_beat - Clock::now());
            Mux::News news = mux_.turn(std::max(left, std::chrono::milliseconds(0)), others);
            silent = news.heard ? 0 : silent;
            if (others[1].revents != 0) {
                hear_complaints();
            }
            take(news);
            open_wanted();
            if (news.lost) {
                cut(news.why);
            } else if (silent > silent_limit) {
                cut(fmt::format("it has not answered for {} seconds", silent_limit));
            }
        }
        while (!ends_ && !mux_.idle()) {
            std::array<pollfd, 1> others{pollfd{wake_.get(), POLLIN, 0}};
            std::ignore = mux_.turn(beat_time, others);
            open_wanted();
        }
    }

    void hear_complaints() {
        std::string said;
        if (!read_some(ssh_.complaints.get(), said)) {
            ssh_.complaints.reset();
        }
        words_.add(said);
    }

    void take(Mux::News& news) {
        if (const auto* close = news.told ? std::get_if<CloseChannel>(&*news.told) : nullptr) {
            if (const auto open = open_.find(close->channel); open != open_.end()) {
                open->second.end->set(display_text(first_characters(close->why, 400)));
                forget_input(open->second.input);
                open_.erase(open);
            }
            mux_.close_when_written(close->channel);
        }
        for (const std::uint32_t channel : news.ended) {
            mux_.send(CloseChannel{channel, {}});
            mux_.remove(channel);
            if (const auto open = open_.find(channel); open != open_.end()) {
                forget_input(open->second.input);
                open_.erase(open);
            }
        }
    }

    void forget_input(std::uint32_t input) {
        if (input != 0) {
            mux_.remove(input);
        }
    }

    void open_wanted() {
        std::uint64_t count = 0;
        [[maybe_unused]] const ssize_t got = ::read(wake_.get(), &count, sizeof count);
        std::vector<Wanted> wanted;
        {
            const std::scoped_lock lock(mutex_);
            wanted = std::exchange(wanted_, {});
        }
        for (Wanted& one : wanted) {
            if (cut_) {
                one.end->set(lost());
                continue;  // its socket is closed
            }
            const std::uint32_t channel = ++last_channel_;
            const std::uint32_t input = one.input ? ++last_channel_ : 0;
            mux_.send(OpenChannel{channel, one.kind, input});
            mux_.add(channel, std::move(one.socket));
            if (input != 0) {
                mux_.add(input, std::move(one.input), Mux::Ways::from_here);
            }
            open_.insert_or_assign(channel, Open{std::move(one.end), input});
        }
    }

    void cut(const std::string& why) {
        cut_ = true;
        ssh_.connection.reset();
        constexpr std::chrono::milliseconds last_words{500};
        if (!ssh_.program.wait_for_end(last_words)) {
            ssh_.program.kill();
        }
        while (ssh_.complaints) {
            const std::string before = words_.text();
            hear_complaints();
            if (words_.text() == before) {
                break;
            }
        }
        const std::string said = !why.empty() ? why : words_.text();
        lost_.set(fmt::format("the connection to {} was lost{}{}", surroundings_.machine, said.empty() ? "" : ": ", said));
        for (auto& [channel, open] : open_) {
            open.end->set(lost_.get());
            forget_input(open.input);
        }
        open_.clear();
        mux_.cut();
    }

    Ssh ssh_;
    Surroundings surroundings_;
    SshWords words_;
    FarEnd lost_;
    Mux mux_;
    UniqueFd wake_;  // eventfd
    std::atomic<bool> ends_ = false;
    std::mutex mutex_;
    std::vector<Wanted> wanted_;  // under `mutex_`, as the next
    bool over_ = false;           // the thread has ended
    // Of the thread alone, as `mux_` and `words_` are:
    bool cut_ = false;
    std::uint32_t last_channel_ = 0;
    std::map<std::uint32_t, Open> open_;
    std::thread thread_;
};

}  // namespace

Result<std::shared_ptr<FarMachine>> FarMachine::connect(const FarOptions& options) {
    constexpr std::size_t noise_limit = 64u << 10;
    EndingSignals signals;
    auto ssh = start_ssh(options);
    if (!ssh) {
        return std::unexpected(ssh.error());
    }
    const std::string machine = display_text(options.machine);
    SshWords words;
    std::string came;
    std::optional<RelayVersions> versions;
    FrameBuffer frames(relay_frame_limit);
    for (;;) {
        std::array<pollfd, 3> ready{pollfd{ssh->connection.get(), POLLIN, 0}, pollfd{ssh->complaints.get(), POLLIN, 0},
                                    pollfd{signals.descriptor(), POLLIN, 0}};
        ::poll(ready.data(), ready.size(), -1);
        if (signals.came()) {
            end_ssh(ssh->program);
            return fail("interrupted");
        }
        if (std::string said; ready[1].revents != 0) {
            if (!read_some(ssh->complaints.get(), said)) {
                ssh->complaints.reset();
            }
            words.add(said);
        }
        if (ready[0].revents == 0) {
            continue;
        }
        const bool more = read_some(ssh->connection.get(), came);
        if (!versions) {
            versions = take_greeting(came);
            if (const std::string mismatch = versions ? version_mismatch(*versions, machine) : std::string();
                !mismatch.empty()) {
                end_ssh(ssh->program);
                return fail(mismatch);
            }
        }
        if (versions) {
            frames.append(std::exchange(came, {}));
            const auto frame = frames.next();
            auto message = frame && *frame ? read_message(**frame) : std::nullopt;
            if (auto* surroundings = message ? std::get_if<Surroundings>(&*message) : nullptr) {
                surroundings->machine = machine;
                return std::make_shared<SshMachine>(std::move(*ssh), std::move(*surroundings), frames.rest(), std::move(words));
            }
            if (!frame || *frame) {
                end_ssh(ssh->program);
                return fail(fmt::format("what procatlas on {} says is damaged", machine));
            }
        }
        if (!more || came.size() > noise_limit) {
            constexpr std::chrono::seconds ending{2};
            const auto status = more ? std::nullopt : ssh->program.wait_for_end(ending);
            std::string said;
            while (ssh->complaints && read_some(ssh->complaints.get(), said) && said.size() < noise_limit) {
                pollfd wait{ssh->complaints.get(), POLLIN, 0};
                if (::poll(&wait, 1, 100) <= 0) {
                    break;
                }
            }
            words.add(said);
            end_ssh(ssh->program);
            return fail(why_no_greeting(options, status, words));
        }
    }
}

}  // namespace procatlas
