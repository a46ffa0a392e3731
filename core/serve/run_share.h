// Shares a run with a class: answers its browsers, lays out what they ask to see, and passes on what those who drive want.
// Whoever owns the run (`procatlas serve`, the window) sleeps on `descriptor` and `due` too, and calls `pump` with the run as
// it is then.
//
//     GET /                                            the page
//     POST /enter     {"secret": ...} or {"code": ...} -> {"token", "rights"}; all below need the token
//     GET /events?generation=G&from=N                  events: `state`, `lesson`, `over`, `rows` from N on
//     GET /scene?generation=G&moment=N&language=L      the pictures and the sentence of a moment
//     GET /timeline?generation=G&language=L            the timeline up to now
//     GET /examples?language=L                         drive: the sample programs
//     POST /do        {"do": ...}                      drive: share_command.h
//     GET /figure?language=L                           the picture that the step of the lesson shows
//     POST /vote      {"question": ..., "answer": ...} an answer to the question that is asked
//     POST /name      {"name": ...}                    how a person calls themselves, where the class is asked for names
//
// One thread only.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "core/base/result.h"
#include "core/export/page/page_output.h"
#include "core/serve/access.h"
#include "core/serve/http_server.h"
#include "core/serve/live_scenes.h"
#include "core/serve/share_command.h"
#include "core/serve/shared_run.h"

namespace procatlas {

struct SharedExample {
    std::string name;
    std::string description;  // one line, in the language that was asked for
};

// What becomes of the wishes of those who drive.
class ShareControl {
public:
    virtual ~ShareControl() = default;
    // Error: why it is not done.
    virtual Result<void> act(const ShareCommand& command) = 0;
    [[nodiscard]] virtual std::vector<SharedExample> examples(std::string_view language) const = 0;
};

class RunShare final : private HttpHandler {
public:
    using Clock = std::chrono::steady_clock;

    RunShare(HttpServer server, std::vector<PageLanguage> languages, ShareControl& control);

    [[nodiscard]] const HttpServer& server() const { return server_; }
    [[nodiscard]] const Access& access() const { return access_; }
    // The people who follow now.
    [[nodiscard]] std::size_t present() const { return access_.present(); }

    // How many of those who follow gave each answer to the question that is asked; when it is closed, as it was then. At most
    // a hundred answers.
    [[nodiscard]] const std::map<std::string, std::size_t>& votes() const { return counts_; }

    // Who answered what to the question of that key, of those who follow and of those who gave a name.
    struct GivenVote {
        Access::Number visitor = 0;
        std::string name;
        std::string answer;
        std::uint64_t unix_ms = 0;  // when, since 1970
    };
    [[nodiscard]] std::vector<GivenVote> given_votes(const std::string& question) const;

    [[nodiscard]] int descriptor() const { return server_.descriptor(); }
    [[nodiscard]] std::optional<Clock::time_point> due() const;
    // All pages are told that the sharing is over; whoever reads is waited for, for a moment. Nothing follows.
    void say_goodbye();
    // For some ten milliseconds at most, unless one picture takes longer. Ends with what those who drive asked for, after which
    // `run` may be another.
    void pump(const SharedRun& run);

private:
    struct Stream {
        Access::Number visitor = 0;
        std::size_t generation = 0;
        std::size_t next = 0;   // the first moment that was not sent
        std::size_t state = 0;  // the number of the state that was sent …
        std::size_t step = 0;   // … and that of the lesson's step
        bool begun = false;
        bool drives = false;
        bool parted = false;       // was told that it is over
        Clock::time_point last{};  // something was sent
    };
    struct Rows {  // made for one, wanted by most
        std::size_t from = 0;
        std::size_t to = 0;
        std::string message;
    };
    struct Wanted {
        ConnectionId connection = 0;
        std::size_t language = 0;
        std::size_t moment = 0;
        bool gzip = false;
    };

    HttpReply reply(ConnectionId connection, const HttpRequest& request, const std::string& address) override;
    std::string more(ConnectionId stream) override;
    void closed(ConnectionId connection) override;

    HttpReply enter(const HttpRequest& request, const std::string& address);
    HttpReply begin_stream(ConnectionId connection, Access::Number visitor, const HttpRequest& request);
    HttpReply give_scene(ConnectionId connection, const HttpRequest& request);
    HttpReply give_timeline(const HttpRequest& request);
    HttpReply give_examples(const HttpRequest& request);
    HttpReply take_command(ConnectionId connection, const HttpRequest& request);
    void carry_out();
    HttpReply vote(Access::Number visitor, const HttpRequest& request);
    HttpReply give_figure(const HttpRequest& request);
    HttpReply take_name(Access::Number visitor, const HttpRequest& request);
    void notice_parts();
    void notice_step();
    void count_votes();
    void notice_question();

    void notice_changes();
    void make_wanted();
    [[nodiscard]] std::optional<std::size_t> language_of(const HttpRequest& request) const;
    [[nodiscard]] bool veiled() const { return run_->question && run_->question->open; }

    HttpServer server_;
    Access access_;
    LiveScenes scenes_;
    ShareControl& control_;
    std::vector<std::string> names_;  // of this machine
    const SharedRun* run_ = nullptr;  // while `pump` runs
    std::unordered_map<ConnectionId, Stream> streams_;
    std::deque<Wanted> wanted_;
    Clock::time_point makes_at_;                                   // the next of them
    std::vector<std::pair<ConnectionId, ShareCommand>> commands_;  // to be carried out
    std::string question_;                                         // the key of the one that is asked
    std::map<Access::Number, GivenVote> answers_;                  // to it
    std::map<std::string, std::size_t> counts_;                    // of them
    std::size_t counted_ = 0;                                      // answers
    struct Counted {
        std::map<std::string, std::size_t> counts;
        std::size_t answers = 0;
    };
    std::map<std::string, Counted> before_;  // of questions that were closed, by key
    bool recount_ = false;
    std::shared_ptr<const SharedStep> step_;  // of the lesson
    std::string step_message_ = "null";       // what is told of it, …
    std::size_t step_number_ = 0;             // … and how many there were
    std::map<std::size_t, Body> figures_;     // what it shows, by language
    PageOutputCollector output_;
    Rows rows_;
    SharedParts parts_;
    std::size_t parts_changes_ = 0;
    bool over_ = false;
    std::string state_;             // as JSON, as it is …
    std::string state_of_drivers_;  // … for those who drive …
    std::size_t state_number_ = 0;  // … and how many there were
    std::size_t generation_ = 0;
    std::size_t images_ = 0;
    std::size_t events_ = 0;       // that the streams were told of
    Clock::time_point next_sign_;  // of life, to all streams
};

}  // namespace procatlas
