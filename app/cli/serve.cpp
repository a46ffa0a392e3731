#include "app/cli/serve.h"

#include <fmt/format.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <optional>
#include <utility>
#include <vector>

#include "app/cli/end_signals.h"
#include "app/cli/exit_status.h"
#include "app/cli/open_in_browser.h"
#include "app/cli/served_lesson.h"
#include "app/cli/served_run.h"
#include "app/control/asset_folder.h"
#include "core/live/live_run.h"
#include "core/serve/links.h"
#include "core/serve/qr_code.h"
#include "core/serve/run_share.h"

namespace procatlas {

namespace {

using Clock = LiveRun::Clock;

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
            say_at_terminal(started.error().message);
            return exit_failed;
        }
        if (ServedLesson* lesson = served_.lesson()) {
            lesson->teach(share_, words_);
            if (::isatty(STDIN_FILENO) == 1) {
                say_at_terminal(words_.text("cli.serve_lesson"));
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
        const bool kept = served_.end();
        share_.say_goodbye();
        return served_.lost() || !kept ? exit_failed : exit_done;
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
                say_at_terminal(opened.error().message);
            }
        }
        return links;
    }

    void tell_lesson() {
        if (ServedLesson* lesson = served_.lesson()) {
            if (const std::string news = lesson->news(share_.votes(), words_); !news.empty()) {
                say_at_terminal(news);
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
            say_at_terminal(words_.format("cli.serve_code", code_, links.page));
        }
        if (std::exchange(people_, share_.present()) != people_) {
            say_at_terminal(words_.format("cli.serve_people", people_));
        }
        if (!told_end_ && options_.launch && served_.run().world().ended) {
            told_end_ = true;
            say_at_terminal(words_.text("cli.serve_ended"));
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
            say_at_terminal(read.error().message);
            return exit_failed;
        }
        all.push_back(std::move(*read));
    }
    auto server = HttpServer::listen(options.listen);
    if (!server) {
        say_at_terminal(server.error().message);
        return exit_failed;
    }
    return Serve(options, words, std::move(*server), {{codes[0], all[0]}, {codes[1], all[1]}}).run();
}

}  // namespace procatlas
