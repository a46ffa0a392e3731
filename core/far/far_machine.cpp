#include "core/far/far_machine.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
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

#include "core/base/text.h"
#include "core/base/unique_fd.h"
#include "core/far/answer.h"
#include "core/far/mux.h"
#include "core/far/relay_message.h"

namespace procatlas {
namespace {

constexpr int silent_limit = 8;  // beats; counted and not timed, because we may have stood still ourselves

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
    SshMachine(FarOptions options, Answer answer)
        : options_(std::move(options)),
          ssh_(std::move(answer.ssh)),
          surroundings_(std::move(answer.surroundings)),
          words_(std::move(answer.words)),
          mux_(ssh_.connection.get(), ssh_.connection.get()),
          wake_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
        mux_.take(answer.rest);
        sigset_t all;
        sigfillset(&all);
        ::pthread_sigmask(SIG_SETMASK, &all, &signals_);  // signals are for the other threads
        thread_ = std::thread([this] {
            try {
                serve_connections();
            } catch (const std::bad_alloc&) {  // whoever uses the programs there sees the end of their sockets
                mux_ = Mux(-1, -1);
            }
            const std::scoped_lock lock(mutex_);
            over_ = true;
            wanted_.clear();
        });
        ::pthread_sigmask(SIG_SETMASK, &signals_, nullptr);
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
        if (const std::string why = lost(); !why.empty() && start.kind != CompanionKind::observer) {
            return fail(why);  // what it would read has ended
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

    // The thread of the connections, to its end.
    void serve_connections() {
        while (!ends_) {
            pass_on();
            while (!ends_ && !observer_is_wanted()) {  // meanwhile sockets get what had come for them
                std::array<pollfd, 1> others{pollfd{wake_.get(), POLLIN, 0}};
                std::ignore = mux_.turn(mux_.idle() ? std::chrono::hours(1) : beat_time, others);
                refuse_wanted(CompanionKind::reader, lost());
            }
            if (!ends_) {
                connect_anew();
            }
        }
    }

    bool observer_is_wanted() {
        const std::scoped_lock lock(mutex_);
        return std::ranges::find(wanted_, CompanionKind::observer, &Wanted::kind) != wanted_.end();
    }

    void drain_wake() const {
        std::uint64_t count = 0;
        [[maybe_unused]] const ssize_t got = ::read(wake_.get(), &count, sizeof count);
    }

    // Their sockets are closed.
    void refuse_wanted(CompanionKind kind, const std::string& why) {
        drain_wake();
        const std::scoped_lock lock(mutex_);
        for (const Wanted& one : wanted_) {
            if (one.kind == kind) {
                one.end->set(why);
            }
        }
        std::erase_if(wanted_, [kind](const Wanted& one) { return one.kind == kind; });
    }

    // It would inherit the signals that this thread blocks.
    [[nodiscard]] Result<Ssh> start_ssh_from_here() const {
        sigset_t blocked;
        ::pthread_sigmask(SIG_SETMASK, &signals_, &blocked);
        auto ssh = start_ssh(options_);
        ::pthread_sigmask(SIG_SETMASK, &blocked, nullptr);
        return ssh;
    }

    void connect_anew() {
        auto ssh = start_ssh_from_here();
        const auto asked_to_end = [this] {
            drain_wake();
            return ends_.load();
        };
        auto answer = ssh ? wait_for_answer(std::move(*ssh), options_, {wake_.get(), asked_to_end})
                          : Result<Answer>(std::unexpected(ssh.error()));
        if (!answer) {
            return refuse_wanted(CompanionKind::observer, answer.error().message);
        }
        ssh_ = std::move(answer->ssh);
        words_ = std::move(answer->words);
        mux_ = Mux(ssh_.connection.get(), ssh_.connection.get());
        mux_.take(answer->rest);
        cut_ = false;
        lost_.set({});
        wake();  // for who is wanted
    }

    // As long as the connection stands.
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
                const std::string why = display_text(first_characters(close->why, 400));
                open->second.end->set(why.empty() ? why : surroundings_.machine + ": " + why);
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
        drain_wake();
        std::vector<Wanted> wanted;
        {
            const std::scoped_lock lock(mutex_);
            wanted = std::exchange(wanted_, {});
        }
        for (Wanted& one : wanted) {
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

    FarOptions options_;
    Ssh ssh_;
    Surroundings surroundings_;  // as they were at first
    SshWords words_;
    FarEnd lost_;
    Mux mux_;
    UniqueFd wake_;       // eventfd
    sigset_t signals_{};  // that the thread of our owner blocks
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
    auto answer = wait_for_answer(options);
    if (!answer) {
        return std::unexpected(answer.error());
    }
    return std::make_shared<SshMachine>(options, std::move(*answer));
}

}  // namespace procatlas
