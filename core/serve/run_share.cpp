#include "core/serve/run_share.h"

#include <fmt/format.h>
#include <poll.h>

#include <algorithm>
#include <utility>

#include "core/export/data/json_writer.h"
#include "core/serve/allowed_host.h"
#include "core/serve/http_answers.h"
#include "core/serve/served_page.h"
#include "core/serve/share_messages.h"

namespace procatlas {

namespace {

constexpr std::chrono::milliseconds most_of_making(20);
constexpr std::chrono::seconds between_signs(10);
constexpr std::chrono::milliseconds most_of_parting(500);
constexpr std::size_t most_output = 4'000'000;  // bytes of what programs printed, for a page
constexpr std::size_t most_wanted = 2000;       // pictures that wait to be made

}  // namespace

RunShare::RunShare(HttpServer server, std::vector<PageLanguage> languages, ShareControl& control)
    : server_(std::move(server)), scenes_(std::move(languages)), control_(control), names_(names_of_this_machine()) {}

std::optional<RunShare::Clock::time_point> RunShare::due() const {
    const auto due = server_.due();
    return wanted_.empty() || (due && *due < makes_at_) ? due : makes_at_;
}

void RunShare::pump(const SharedRun& run) {
    run_ = &run;
    notice_changes();
    server_.pump(*this);
    make_wanted();
    notice_changes();  // people came and went
    run_ = nullptr;
    carry_out();
}

void RunShare::carry_out() {
    for (const auto& [connection, command] : std::exchange(commands_, {})) {
        const auto done = control_.act(command);
        server_.answer(
            connection,
            done ? just(204) : HttpAnswer{.status = 409, .body = std::make_shared<const std::string>(done.error().message)},
            *this);
    }
}

void RunShare::notice_changes() {
    bool news = false;
    if (generation_ != run_->generation) {
        generation_ = run_->generation;
        images_ = run_->images;
        events_ = 0;
        scenes_.forget();
        figures_.clear();
        output_ = {};
        rows_ = {};
        state_.clear();
        for (const Wanted& wanted : std::exchange(wanted_, {})) {
            server_.answer(wanted.connection, just(204), *this);
        }
    }
    if (images_ != run_->images) {
        images_ = run_->images;
        scenes_.forget();
        figures_.clear();
    }
    notice_parts();
    notice_step();
    notice_question();
    count_votes();
    if (veiled()) {
        for (const Wanted& wanted : std::exchange(wanted_, {})) {
            server_.answer(wanted.connection, just(204), *this);
        }
    }
    output_.follow(run_->recording, most_output);
    if (!veiled() && events_ != run_->given()) {
        events_ = run_->given();
        news = true;
    }
    ShareState now_is{.run = *run_,
                      .people = access_.present(),
                      .output_left_out = output_.output().left_out,
                      .answers = counted_,
                      .counts = counts_,
                      .steps = step_number_,
                      .parts_changes = parts_changes_};
    std::string state = state_json(now_is);
    now_is.to_who_drives = true;
    std::string of_drivers = state_json(now_is);
    if (state != state_ || of_drivers != state_of_drivers_) {
        state_ = std::move(state);
        state_of_drivers_ = std::move(of_drivers);
        ++state_number_;
        news = true;
    }
    if (const auto now = Clock::now(); news || now >= next_sign_) {
        next_sign_ = now + between_signs;
        server_.feed();
    }
}

// Pictures that were made of other parts are forgotten.
void RunShare::notice_parts() {
    if (parts_ == run_->parts) {
        return;
    }
    parts_ = run_->parts;
    ++parts_changes_;
    scenes_.forget();
    for (const Wanted& wanted : std::exchange(wanted_, {})) {
        server_.answer(wanted.connection, just(204), *this);
    }
}

void RunShare::say_goodbye() {
    over_ = true;
    server_.feed();
    for (const auto until = Clock::now() + most_of_parting; Clock::now() < until;) {
        server_.pump(*this);
        const bool all = std::ranges::all_of(streams_, [](const auto& one) { return one.second.parted; });
        if (all) {
            server_.pump(*this);  // writes what was given last
            return;
        }
        pollfd ready{server_.descriptor(), POLLIN, 0};
        (void)::poll(&ready, 1, 20);
    }
}

void RunShare::notice_step() {
    if (step_ == run_->step) {
        return;
    }
    step_ = run_->step;
    figures_.clear();
    if (std::string told = step_json(step_.get()); told != step_message_) {
        step_message_ = std::move(told);
        ++step_number_;
    }
}

void RunShare::make_wanted() {
    const auto begin = Clock::now();
    if (wanted_.empty() || begin < makes_at_) {
        return;
    }
    while (!wanted_.empty() && Clock::now() < begin + most_of_making) {
        // What all are shown comes first: nobody who looks back alone makes a class wait.
        auto next = std::ranges::find(wanted_, run_->shown(), &Wanted::moment);
        if (next == wanted_.end()) {
            next = wanted_.begin();
        }
        const Wanted made = *next;
        Body body = scenes_.known(made.language, made.moment);
        if (!body) {
            body = scenes_.make(run_->recording, made.language, made.moment, parts_);
        }
        std::vector<Wanted> answered;
        std::erase_if(wanted_, [&](const Wanted& one) {
            const bool same = one.moment == made.moment && one.language == made.language;
            if (same) {
                answered.push_back(one);
            }
            return same;
        });
        for (const Wanted& one : answered) {
            server_.answer(one.connection, compressed_answer(body, one.gzip), *this);
        }
    }
    makes_at_ = Clock::now() + (Clock::now() - begin);  // the run, and a window, have at least half of the time
}

HttpReply RunShare::reply(ConnectionId connection, const HttpRequest& request, const std::string& address) {
    using Method = HttpRequest::Method;
    if (over_) {
        return just(503);
    }
    if (!is_host_of_ours(request.host, names_)) {
        return just(421);
    }
    const bool is_post = request.method == Method::post;
    // A link from elsewhere may open the page, but nothing else.
    if (!is_asked_by_us(request) && (is_post || request.path != "/")) {
        return just(403);
    }
    if (const ServedFile* file = served_file(request.path, scenes_.all_languages()); file != nullptr) {
        return is_post ? just(405) : HttpAnswer{.type = file->type, .body = file->body};
    }
    if (is_post && request.content_type != "application/json") {
        return just(415);
    }
    if (request.path == "/enter") {
        return is_post ? enter(request, address) : just(405);
    }
    const Access::Number visitor = access_.number_of(request.token);
    if (visitor == 0) {
        return just(401);
    }
    const bool drives = access_.find(visitor)->rights == Rights::drive;
    server_.welcome(connection, drives ? Guest::drives : Guest::looks, *this);
    if (request.path == "/events" && !is_post) {
        return begin_stream(connection, visitor, request);
    }
    if (request.path == "/scene" && !is_post) {
        return give_scene(connection, request);
    }
    if (request.path == "/timeline" && !is_post) {
        return give_timeline(request);
    }
    if (request.path == "/examples" && !is_post) {
        return drives ? give_examples(request) : just(403);
    }
    if (request.path == "/figure" && !is_post) {
        return give_figure(request);
    }
    if (request.path == "/vote" && is_post) {
        return vote(visitor, request);
    }
    if (request.path == "/name" && is_post) {
        return take_name(visitor, request);
    }
    if (request.path == "/do" && is_post) {
        return drives ? take_command(connection, request) : just(403);
    }
    return just(404);
}

HttpReply RunShare::enter(const HttpRequest& request, const std::string& address) {
    const auto entry = parse_entry(request.body);
    if (!entry) {
        return just(400);
    }
    recount_ = true;  // somebody may be forgotten for who enters
    const auto token = entry->secret.empty() ? access_.enter_by_code(entry->code, address, Clock::now())
                                             : access_.enter_by_secret(entry->secret);
    if (!token) {
        return just(token.error());
    }
    const Visitor* visitor = access_.find(access_.number_of(*token));
    std::string json;
    {
        JsonObject out(json);
        out.text("token", *token);
        out.text("rights", visitor->rights == Rights::drive ? "drive" : "look");
    }
    return json_answer(std::move(json));
}

HttpReply RunShare::begin_stream(ConnectionId connection, Access::Number number, const HttpRequest& request) {
    Visitor& visitor = *access_.find(number);
    if (visitor.stream != 0) {  // the page was loaded anew, or its network has gone: one is enough
        server_.close(visitor.stream, *this);
    }
    if (!server_.may_stream(connection, *this)) {
        return just(503);  // the page asks again
    }
    visitor.stream = connection;
    visitor.came = true;
    recount_ = true;
    Stream stream{.visitor = number, .generation = generation_, .drives = visitor.rights == Rights::drive};
    if (request.number("generation") == generation_) {
        stream.next = std::min(request.number("from").value_or(0), run_->given());
    }
    streams_[connection] = stream;
    return AnswerStream{};
}

std::string RunShare::more(ConnectionId connection) {
    const auto found = streams_.find(connection);
    if (found == streams_.end() || (run_ == nullptr && !over_)) {
        return {};
    }
    Stream& stream = found->second;
    if (over_) {
        return std::exchange(stream.parted, true) ? std::string() : stream_message("over", "true");
    }
    std::string out;
    const auto now = Clock::now();
    if (stream.generation != generation_) {
        stream.generation = generation_;
        stream.next = 0;
        stream.state = 0;
    }
    if (stream.state != state_number_) {
        stream.state = state_number_;
        out += stream_message("state", stream.drives ? state_of_drivers_ : state_);
    }
    if (stream.step != step_number_) {
        stream.step = step_number_;
        out += stream_message("lesson", step_message_);
    }
    if (stream.next < events_) {
        const std::size_t to = end_of_rows(output_.output(), stream.next, events_);
        if (rows_.from != stream.next || rows_.to != to) {
            rows_ = {stream.next, to, rows_message(run_->recording, output_.output(), stream.next, to)};
        }
        out += rows_.message;
        stream.next = to;
    }
    if (out.empty() && now - stream.last >= between_signs) {
        out = ":\n\n";
    }
    if (!out.empty()) {
        stream.last = now;
    }
    return out;
}

void RunShare::closed(ConnectionId connection) {
    std::erase_if(wanted_, [&](const Wanted& one) { return one.connection == connection; });
    const auto found = streams_.find(connection);
    if (found == streams_.end()) {
        return;
    }
    if (Visitor* visitor = access_.find(found->second.visitor); visitor != nullptr && visitor->stream == connection) {
        visitor->stream = 0;
        recount_ = true;
    }
    streams_.erase(found);
}

HttpReply RunShare::give_scene(ConnectionId connection, const HttpRequest& request) {
    const auto language = language_of(request);
    const auto moment = request.number("moment");
    if (!language || !moment) {
        return just(400);
    }
    if (request.number("generation") != generation_ || *moment > run_->last() || veiled()) {
        return just(204);  // of another run, or veiled, which the page will be told of
    }
    if (const Body body = scenes_.known(*language, *moment)) {
        return compressed_answer(body, request.takes_gzip);
    }
    if (wanted_.size() >= most_wanted) {
        return just(503);
    }
    wanted_.push_back({connection, *language, *moment, request.takes_gzip});
    return AnswerLater{};
}

HttpReply RunShare::give_timeline(const HttpRequest& request) {
    const auto language = language_of(request);
    if (!language) {
        return just(400);
    }
    if (request.number("generation") != generation_ || veiled()) {
        return just(204);
    }
    return compressed_answer(scenes_.timeline(run_->recording, *language, run_->given(), parts_), request.takes_gzip);
}

HttpReply RunShare::give_examples(const HttpRequest& request) {
    const auto language = language_of(request);
    if (!language) {
        return just(400);
    }
    std::string json;
    {
        JsonArray out(json);
        for (const SharedExample& example : control_.examples(scenes_.language(*language).code)) {
            JsonObject one(out.element());
            one.text("name", example.name);
            one.text("description", example.description);
        }
    }
    return json_answer(std::move(json));
}

HttpReply RunShare::take_command(ConnectionId connection, const HttpRequest& request) {
    auto command = parse_share_command(request.body);
    if (!command) {
        return just(400);
    }
    if (std::holds_alternative<share::StartCommand>(*command) && !run_->takes_commands) {
        return just(403);
    }
    commands_.emplace_back(connection, std::move(*command));
    return AnswerLater{};
}

// What is shown beside an open question: its veils are on it.
HttpReply RunShare::give_figure(const HttpRequest& request) {
    const auto language = language_of(request);
    if (!language) {
        return just(400);
    }
    if (!step_ || !step_->figure) {
        return just(204);
    }
    const auto [made, is_new] = figures_.try_emplace(*language);
    if (is_new) {
        made->second = scenes_.figure(run_->recording, *language, *step_->figure);
    }
    return made->second ? HttpReply(compressed_answer(made->second, request.takes_gzip)) : just(204);
}

std::optional<std::size_t> RunShare::language_of(const HttpRequest& request) const {
    const std::string* code = request.parameter("language");
    const auto found = code == nullptr ? scenes_.all_languages().end()
                                       : std::ranges::find(scenes_.all_languages(), *code, &PageLanguage::code);
    return found == scenes_.all_languages().end()
               ? std::nullopt
               : std::optional(static_cast<std::size_t>(found - scenes_.all_languages().begin()));
}

}  // namespace procatlas
