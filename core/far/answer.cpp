#include "core/far/answer.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/wait.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <utility>
#include <variant>

#include "core/base/text.h"
#include "core/base/unique_fd.h"
#include "core/far/ending_signals.h"
#include "core/stream/frame.h"

namespace procatlas {
namespace {

// Whether ssh can ask a person: on the terminal, or in a window of ssh-askpass.
bool ssh_may_ask() {
    const UniqueFd terminal(::open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC));
    const auto has = [](const char* name) {
        const char* value = std::getenv(name);
        return value != nullptr && *value != '\0';
    };
    return terminal || has("DISPLAY") || has("WAYLAND_DISPLAY");
}

// The shell there, and a program that a signal ends there, also give 255: it is the connection only where ssh says so.
bool tell_of_connection(const SshWords& words) {
    return std::ranges::any_of(std::array{"connect", "Connect", "ssh: ", "Permission denied", "verification failed", "kex_",
                                          "negotiate", "authentication", "configuration", "imeout", "timed out", "closed by"},
                               [&](const char* word) { return words.have(word); });
}

// Why the relay has not greeted, from how ssh ended (nullopt: it has not) and what it said.
std::string why_no_greeting(const std::string& machine, std::optional<int> status, const SshWords& words) {
    const int code = status && WIFEXITED(*status) ? WEXITSTATUS(*status) : -1;
    const std::string said = words.text().empty() ? "" : " (" + words.text() + ")";
    constexpr int ssh_failed = 255;
    constexpr int not_found = 127;
    constexpr int not_understood = 2;
    if (code == ssh_failed && tell_of_connection(words)) {
        const bool asks = words.have("Permission denied") || words.have("Host key verification failed");
        return fmt::format("there is no connection to {}{}{}", machine, said,
                           asks ? "; where ssh cannot ask on a terminal, it needs a key and a known host" : "");
    }
    if (code == ssh_failed) {
        return fmt::format(
            "procatlas on {} did not answer: ssh ended with status 255{}; a signal may have ended procatlas there, or ssh "
            "failed",
            machine, said);
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
    const std::string ended = code >= 0                        ? fmt::format(": ssh ended with status {}", code)
                              : status && WIFSIGNALED(*status) ? fmt::format(": signal {} ended ssh", WTERMSIG(*status))
                                                               : "";
    return fmt::format("procatlas on {} did not answer{}{}", machine, ended, said);
}

// One attempt, from the start of ssh on.
class Attempt {
public:
    Attempt(Ssh ssh, std::string machine)
        : ssh_(std::move(ssh)), machine_(std::move(machine)), limit_(AnswerLimit::Clock::now(), ssh_may_ask()) {}

    Result<Answer> run(const Interruption& interruption) {
        for (;;) {
            std::array<pollfd, 3> ready{pollfd{ssh_.connection.get(), POLLIN, 0}, pollfd{ssh_.complaints.get(), POLLIN, 0},
                                        pollfd{interruption.descriptor, POLLIN, 0}};
            const auto left = std::chrono::ceil<std::chrono::milliseconds>(limit_.end() - AnswerLimit::Clock::now());
            ::poll(ready.data(), ready.size(), std::max(static_cast<int>(left.count()), 0));
            if (ready[2].revents != 0 && interruption.came()) {
                return refuse("interrupted");
            }
            if (ready[1].revents != 0) {
                hear_complaints();
            }
            if (ready[0].revents != 0) {
                if (auto answered = hear_machine()) {
                    return std::move(*answered);
                }
            }
            if (AnswerLimit::Clock::now() >= limit_.end()) {
                const std::string said = words_.text().empty() ? "" : " (" + words_.text() + ")";
                return refuse(fmt::format("nothing on {} answered as procatlas does in {} seconds{}", machine_,
                                          limit_.limit().count(), said));
            }
        }
    }

private:
    std::unexpected<Error> refuse(std::string why) {
        end_ssh(ssh_.program);
        return fail(std::move(why));
    }

    void hear_complaints() {
        std::string said;
        if (!read_some(ssh_.complaints.get(), said)) {
            ssh_.complaints.reset();
        }
        words_.add(said);
    }

    // nullopt: more must come.
    std::optional<Result<Answer>> hear_machine() {
        std::string came;
        const bool more = read_some(ssh_.connection.get(), came);
        if (!came.empty()) {
            limit_.heard(AnswerLimit::Clock::now());
        }
        if (!greeted_) {
            if (const auto versions = search_.take(came)) {
                greeted_ = true;
                if (std::string mismatch = version_mismatch(*versions, machine_); !mismatch.empty()) {
                    return refuse(std::move(mismatch));
                }
                came = std::exchange(search_.rest(), {});
            }
        }
        if (greeted_) {
            frames_.append(came);
            const auto frame = frames_.next();
            auto message = frame && *frame ? read_message(**frame) : std::nullopt;
            if (auto* surroundings = message ? std::get_if<Surroundings>(&*message) : nullptr) {
                surroundings->machine = machine_;
                return Answer{std::move(ssh_), std::move(*surroundings), std::string(frames_.rest()), std::move(words_)};
            }
            if (!frame || *frame) {
                return refuse(fmt::format("what procatlas on {} says is damaged", machine_));
            }
        }
        if (!more) {
            return refuse(why_it_ended());
        }
        if (!greeted_ && search_.flooded()) {
            return refuse(
                fmt::format("procatlas on {} did not answer: {} KiB of other text came first; see what the shell there "
                            "prints when it starts",
                            machine_, GreetingSearch::noise_limit >> 10));
        }
        return std::nullopt;
    }

    std::string why_it_ended() {
        constexpr std::chrono::seconds ending{2};
        const auto status = ssh_.program.wait_for_end(ending);
        const auto enough = AnswerLimit::Clock::now() + ending;
        while (ssh_.complaints && AnswerLimit::Clock::now() < enough) {
            pollfd wait{ssh_.complaints.get(), POLLIN, 0};
            if (::poll(&wait, 1, 100) <= 0) {
                break;
            }
            hear_complaints();
        }
        return why_no_greeting(machine_, status, words_);
    }

    Ssh ssh_;
    std::string machine_;
    AnswerLimit limit_;
    SshWords words_;
    GreetingSearch search_;
    bool greeted_ = false;
    FrameBuffer frames_{relay_frame_limit};
};

}  // namespace

std::optional<RelayVersions> GreetingSearch::take(std::string_view bytes) {
    text_ += bytes;
    for (auto end = text_.find('\n'); end != text_.npos; end = text_.find('\n')) {
        const auto versions = find_greeting(std::string_view(text_).substr(0, end));
        text_.erase(0, end + 1);
        if (versions) {
            return versions;
        }
        passed_over_ += end + 1;
    }
    return std::nullopt;
}

void AnswerLimit::heard(Clock::time_point now) {
    if (!heard_) {
        heard_ = true;
        if (now + patience < end_) {
            limit_ = patience;
            end_ = now + patience;
        }
    }
}

Result<Answer> wait_for_answer(const FarOptions& options) {
    EndingSignals signals;
    auto ssh = start_ssh(options);
    if (!ssh) {
        return std::unexpected(ssh.error());
    }
    return wait_for_answer(std::move(*ssh), options, {signals.descriptor(), [&signals] { return signals.came(); }});
}

Result<Answer> wait_for_answer(Ssh ssh, const FarOptions& options, const Interruption& interruption) {
    return Attempt(std::move(ssh), display_text(options.machine)).run(interruption);
}

}  // namespace procatlas
