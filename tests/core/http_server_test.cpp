#include "core/serve/http_server.h"

#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <chrono>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/base/unique_fd.h"

using namespace procatlas;

namespace {

// Takes the token "drive" or "look" for what it says; /events is a stream, /wait waits for ever.
class Door : public HttpHandler {
public:
    Door() : Door(HttpLimits{}) {}
    explicit Door(HttpLimits limits) : server(HttpServer::listen("127.0.0.1:0", limits).value()) {}

    HttpReply reply(ConnectionId connection, const HttpRequest& request, const std::string&) override {
        if (!request.token.empty()) {
            server.welcome(connection, request.token == "drive" ? Guest::drives : Guest::looks, *this);
        }
        if (request.path == "/events") {
            return server.may_stream(connection, *this) ? HttpReply(AnswerStream{}) : HttpAnswer{.status = 503};
        }
        if (request.path == "/wait") {
            return AnswerLater{};
        }
        return HttpAnswer{.body = std::make_shared<const std::string>("here")};
    }
    std::string more(ConnectionId) override { return std::string(part, 'x'); }
    void closed(ConnectionId) override {}

    HttpServer server;
    std::size_t part = 0;  // bytes that each stream has whenever it is asked
};

class Person {
public:
    // `from`: the last number of an address of this machine.
    explicit Person(Door& door, int from = 1) : door_(&door), socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(0x7f000000U + static_cast<std::uint32_t>(from));
        REQUIRE(::bind(socket_.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        address.sin_port = htons(door.server.port());
        REQUIRE(::connect(socket_.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
        door.server.pump(door);
    }

    void ask(const std::string& path, const std::string& token = {}) {
        const std::string head = "GET " + path + " HTTP/1.1\r\nHost: a\r\n" +
                                 (token.empty() ? std::string() : "Authorization: Bearer " + token + "\r\n") + "\r\n";
        (void)::send(socket_.get(), head.data(), head.size(), MSG_NOSIGNAL);
        door_->server.pump(*door_);
    }
    // What has arrived by now; "closed" where the server has closed the connection.
    [[nodiscard]] std::string got() {
        std::string all;
        char buffer[4096];
        ssize_t count = 0;
        while ((count = ::recv(socket_.get(), buffer, sizeof buffer, MSG_DONTWAIT)) > 0) {
            all.append(buffer, static_cast<std::size_t>(count));
        }
        return count == 0 || (count < 0 && errno != EAGAIN) ? "closed" : all;
    }
    [[nodiscard]] bool is_here() { return got() != "closed"; }
    // The status of the answer; "" if there is none.
    [[nodiscard]] std::string status() {
        const std::string head = got();
        return head.starts_with("HTTP/1.1 ") ? head.substr(9, 3) : head;
    }

private:
    Door* door_;
    UniqueFd socket_;
};

constexpr HttpLimits small{.connections = 20, .reserved = 4, .streams = 12, .streams_of_one = 10};

std::size_t here(std::vector<Person>& people) {
    std::size_t count = 0;
    for (Person& one : people) {
        count += one.is_here() ? 1 : 0;
    }
    return count;
}

}  // namespace

TEST_CASE("whoever fills the server with streams shuts nobody out who drives") {
    Door door(small);
    Person teacher(door);
    teacher.ask("/events", "drive");
    std::vector<Person> many;
    std::size_t refused = 0;
    for (int i = 0; i < 60; ++i) {
        many.emplace_back(door).ask("/events", "look");
        refused += many.back().status() == "503" ? 1 : 0;
    }
    CHECK(refused == 50);  // streams_of_one
    CHECK(door.server.connections() <= small.connections);
    Person again(door);
    again.ask("/");  // the page, which needs no token
    CHECK(again.status() == "200");
    again.ask("/do", "drive");
    CHECK(again.status() == "200");
    for (int i = 0; i < 10; ++i) {
        Person driver(door);
        driver.ask("/events", "drive");
        CHECK(driver.status() == "200");
    }
    CHECK(teacher.status() == "200");
}

TEST_CASE("requests that never end leave room for those who drive, and for other addresses") {
    Door door(small);
    Person student(door, 2);
    student.ask("/events", "look");
    std::vector<Person> many;
    for (int i = 0; i < 60; ++i) {
        many.emplace_back(door).ask("/wait", "look");
    }
    CHECK(here(many) <= small.connections - small.reserved);
    CHECK(many.front().is_here());
    CHECK(student.status() == "200");
    Person teacher(door, 3);
    teacher.ask("/do", "drive");
    CHECK(teacher.status() == "200");
    std::vector<Person> strangers;
    for (int i = 0; i < 60; ++i) {
        strangers.emplace_back(door);
    }
    CHECK(teacher.is_here());
    CHECK(student.is_here());
}

TEST_CASE("an address with many streams gives them up for another") {
    Door door(small);
    std::vector<Person> many;
    for (int i = 0; i < 10; ++i) {
        many.emplace_back(door).ask("/events", "look");
    }
    std::vector<Person> others;
    for (int i = 0; i < 8; ++i) {
        others.emplace_back(door, 2).ask("/events", "look");
    }
    CHECK(here(many) == 6);
    CHECK(many.front().is_here());
    std::size_t streams = 0;
    for (Person& one : others) {
        streams += one.status() == "200" ? 1 : 0;
    }
    CHECK(streams == 6);
}

TEST_CASE("a stream that always has more, and a reader as fast as it, do not keep the server to themselves") {
    Door door;
    Person reader(door);
    Person other(door);
    reader.ask("/events", "look");
    door.part = 100;
    std::size_t most = 0;
    for (int i = 0; i < 50; ++i) {
        door.server.feed();
        door.server.pump(door);
        most = std::max(most, reader.got().size());
    }
    CHECK(most >= 100);
    CHECK(most <= 1000);  // some parts in a turn, not as many as the kernel takes
    other.ask("/");
    CHECK(other.status() == "200");
    CHECK(door.server.due().has_value());
}
