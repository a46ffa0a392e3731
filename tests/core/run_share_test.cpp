#include "core/serve/run_share.h"

#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <cerrno>
#include <chrono>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>

#include "core/base/unique_fd.h"
#include "core/model/recording.h"
#include "core/serve/share_messages.h"

using namespace procatlas;

namespace {

const std::string share_locale = PROCATLAS_SOURCE_DIR "/assets/locale/";

class NoControl final : public ShareControl {
public:
    Result<void> act(const ShareCommand&) override { return {}; }
    std::vector<SharedExample> examples(std::string_view) const override { return {}; }
};

// A class that is asked something, and its requests over real sockets.
class Asked {
public:
    Asked() {
        run.question = SharedQuestion{.key = "q", .ask = "How many?"};
        pump();
    }

    void pump() { share.pump(run); }

    [[nodiscard]] UniqueFd send(const std::string& text) {
        UniqueFd socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        address.sin_port = htons(share.server().port());
        REQUIRE(::connect(socket.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
        REQUIRE(::send(socket.get(), text.data(), text.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(text.size()));
        return socket;
    }
    // Until something has been answered.
    [[nodiscard]] std::string answer(const UniqueFd& socket) {
        const auto deadline = RunShare::Clock::now() + std::chrono::seconds(20);
        char buffer[8192];
        while (RunShare::Clock::now() < deadline) {
            pump();
            const ssize_t count = ::recv(socket.get(), buffer, sizeof buffer, MSG_DONTWAIT);
            if (count > 0) {
                return {buffer, static_cast<std::size_t>(count)};
            }
        }
        FAIL("no answer comes");
        return {};
    }
    [[nodiscard]] std::string post(const std::string& path, const std::string& token, const nlohmann::json& json) {
        const std::string body = json.dump();
        return answer(send("POST " + path + " HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(share.server().port()) +
                           "\r\nContent-Type: application/json\r\nAuthorization: Bearer " + token +
                           "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body));
    }
    [[nodiscard]] std::string enter() {
        const std::string answer = post("/enter", "none", {{"secret", share.access().look_secret()}});
        return nlohmann::json::parse(answer.substr(answer.find("\r\n\r\n")))["token"];
    }
    [[nodiscard]] UniqueFd follow(const std::string& token) {
        UniqueFd socket = send("GET /events HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(share.server().port()) +
                               "\r\nAuthorization: Bearer " + token + "\r\n\r\n");
        CHECK(answer(socket).starts_with("HTTP/1.1 200"));
        return socket;
    }
    void vote(const std::string& token, const std::string& answer) {
        CHECK(post("/vote", token, {{"question", "q"}, {"answer", answer}}).starts_with("HTTP/1.1 204"));
    }
    // Until so many follow.
    void wait_for(std::size_t present) {
        const auto deadline = RunShare::Clock::now() + std::chrono::seconds(20);
        while (share.present() != present && RunShare::Clock::now() < deadline) {
            pump();
        }
        pump();
        REQUIRE(share.present() == present);
    }

    const Messages words = read_messages(share_locale + "en.json").value();
    Recording recording;
    SharedRun run{.recording = recording, .generation = 1, .title = {}, .moment = {}};
    NoControl control;
    RunShare share{HttpServer::listen("127.0.0.1:0").value(), {{"en", words}}, control};
};

using Votes = std::map<std::string, std::size_t>;

}  // namespace

TEST_CASE("one who enters again and again has one vote for each stream, and none when gone") {
    Asked asked;
    const std::string mine = asked.enter();
    const UniqueFd stream = asked.follow(mine);
    asked.vote(mine, "two");
    for (int i = 0; i < 20; ++i) {
        asked.vote(asked.enter(), "three");
    }
    asked.pump();
    CHECK(asked.share.votes() == Votes{{"two", 1}});
    asked.vote(mine, "four");
    asked.pump();
    CHECK(asked.share.votes() == Votes{{"four", 1}});
    const std::string other = asked.enter();
    {
        const UniqueFd passing = asked.follow(other);
        asked.vote(other, "four");
        asked.pump();
        CHECK(asked.share.votes() == Votes{{"four", 2}});
    }
    asked.wait_for(1);
    CHECK(asked.share.votes() == Votes{{"four", 1}});
    const UniqueFd back = asked.follow(other);  // a phone that slept
    asked.pump();
    CHECK(asked.share.votes() == Votes{{"four", 2}});
}

TEST_CASE("what was counted when a question was closed stays, until another is asked") {
    Asked asked;
    const std::string mine = asked.enter();
    UniqueFd stream = asked.follow(mine);
    asked.vote(mine, "two");
    asked.pump();
    asked.run.question->open = false;
    asked.pump();
    stream.reset();
    asked.wait_for(0);
    CHECK(asked.share.votes() == Votes{{"two", 1}});
    asked.run.question = SharedQuestion{.key = "another", .ask = "And now?"};
    asked.pump();
    CHECK(asked.share.votes().empty());
}

TEST_CASE("what is no answer is refused, answers of one meaning are counted together, and one too late is told so") {
    Asked asked;
    asked.run.question->read = [](std::string_view typed) {
        const bool is_two = typed == "2" || typed == "two";
        return is_two ? std::optional(TypedAnswer{"2", "two of them", true}) : std::nullopt;
    };
    const std::string mine = asked.enter();
    const std::string other = asked.enter();
    const UniqueFd stream = asked.follow(mine);
    const UniqueFd others = asked.follow(other);
    const auto vote = [&](const std::string& who, const std::string& answer) {
        return asked.post("/vote", who, {{"question", "q"}, {"answer", answer}});
    };
    CHECK(vote(mine, "abc").starts_with("HTTP/1.1 400"));
    asked.vote(mine, "two");
    asked.vote(other, "2");
    asked.pump();
    CHECK(asked.share.votes() == Votes{{"2", 2}});
    asked.run.question->open = false;
    asked.pump();
    CHECK(vote(mine, "2").starts_with("HTTP/1.1 409"));
    const ShareState state{.run = asked.run, .counts = asked.share.votes(), .to_who_drives = true};
    const auto told = nlohmann::json::parse(state_json(state))["question"]["typed"];
    REQUIRE(told.size() == 1);
    CHECK(told[0]["text"] == "two of them");
    CHECK(told[0]["count"] == 2);
    CHECK(told[0]["right"] == true);
}

TEST_CASE("names are taken where a class is asked for them, and kept with the answers") {
    Asked asked;
    const std::string mine = asked.enter();
    const std::string other = asked.enter();
    CHECK(asked.post("/name", mine, {{"name", "Kim"}}).starts_with("HTTP/1.1 403"));  // nobody asks
    SharedStep step;
    step.asks_names = true;
    asked.run.step = std::make_shared<const SharedStep>(step);
    CHECK(asked.post("/name", mine, {{"name", "  Kim \x1b "}}).starts_with("HTTP/1.1 204"));
    CHECK(asked.post("/name", mine, {{"name", std::string(201, 'x')}}).starts_with("HTTP/1.1 400"));
    asked.vote(mine, "two");
    asked.vote(other, "three");
    asked.vote(asked.enter(), "four");  // nobody that follows, and no name
    UniqueFd stream = asked.follow(other);
    asked.pump();
    const auto votes = asked.share.given_votes("q");
    REQUIRE(votes.size() == 2);
    CHECK(votes[0].name == "Kim \\x1b");
    CHECK(votes[0].answer == "two");
    CHECK(votes[0].unix_ms > 1'600'000'000'000);
    CHECK(votes[1].name.empty());
    CHECK(votes[1].answer == "three");
    CHECK(asked.share.given_votes("another").empty());
    asked.run.question->open = false;
    asked.pump();
    CHECK(asked.share.given_votes("q").size() == 2);
}

TEST_CASE("no more than a hundred different answers are told apart, those of who came first") {
    Asked asked;
    std::vector<UniqueFd> streams;
    for (int i = 0; i < 120; ++i) {
        const std::string token = asked.enter();
        streams.push_back(asked.follow(token));
        asked.vote(token, std::to_string(i));
    }
    asked.pump();
    CHECK(asked.share.votes().size() == 100);
    CHECK(asked.share.votes().contains("0"));
    CHECK_FALSE(asked.share.votes().contains("110"));
}
