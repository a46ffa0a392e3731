// The sockets of a small web server: takes connections, reads whole requests, writes answers, and feeds event streams. Never
// blocks, and bounds everything: how many connections, how long a request may take to arrive and an answer to be read, how many
// bytes wait.
//
// Written here rather than with a library that gives each connection a thread: a class is hundreds of connections that mostly
// wait, and a run (LiveRun) belongs to one thread. One thread only.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <variant>
#include <vector>

#include "core/base/result.h"
#include "core/base/unique_fd.h"
#include "core/serve/http_request.h"

namespace procatlas {

using ConnectionId = std::uint64_t;
using Body = std::shared_ptr<const std::string>;

struct HttpAnswer {
    int status = 200;
    std::string_view type = "text/plain; charset=utf-8";
    Body body = nullptr;  // null: empty
    bool gzip = false;    // `body` is compressed
};
struct AnswerLater {};   // HttpServer::answer will be called
struct AnswerStream {};  // of server-sent events: HttpHandler::more gives them, until the connection ends
using HttpReply = std::variant<HttpAnswer, AnswerLater, AnswerStream>;

class HttpHandler {
public:
    virtual ~HttpHandler() = default;
    // `address`: of who asks, an IPv4 address, or the first half of one of IPv6 (a household has all that begin alike).
    virtual HttpReply reply(ConnectionId connection, const HttpRequest& request, const std::string& address) = 0;
    // What the stream has to send now; empty: nothing. Asked for when all before has been sent, so nobody is ever sent more
    // than they read.
    virtual std::string more(ConnectionId stream) = 0;
    virtual void closed(ConnectionId connection) = 0;
};

struct HttpLimits {
    std::size_t connections = 800;                   // below the 1024 descriptors that a process usually has
    std::size_t reserved = 64;                       // of them never for those who look: whoever drives always comes in
    std::size_t streams = 640;                       // of those who look, so that there is room for their requests
    std::size_t streams_of_one = 480;                // address: a class behind one router has one
    std::chrono::milliseconds to_arrive{10'000};     // for a whole request, from the connection or its first byte on
    std::chrono::milliseconds to_be_idle{75'000};    // between two requests
    std::chrono::milliseconds to_take_some{15'000};  // for anything to be read of an answer or a stream
    std::chrono::milliseconds to_take_all{120'000};  // of an answer
};

// Whose a connection is, as far as it has shown.
enum class Guest : std::uint8_t { stranger, looks, drives };

class HttpServer {
public:
    using Clock = std::chrono::steady_clock;

    // Listens on `address`: "127.0.0.1:0", "[::]:8000"; port 0 takes a free one. Error: not an address, or it is taken.
    [[nodiscard]] static Result<HttpServer> listen(std::string_view address, HttpLimits limits = {});

    [[nodiscard]] std::uint16_t port() const { return port_; }
    // Of the machine, as in a link: "127.0.0.1", "[::1]". Empty: all addresses of the machine.
    [[nodiscard]] const std::string& host() const { return host_; }
    // To be watched with poll(2).
    [[nodiscard]] int descriptor() const { return poll_.get(); }
    // When to call `pump` even if the descriptor is not readable.
    [[nodiscard]] std::optional<Clock::time_point> due() const;
    // Does what can be done without waiting, for some milliseconds at most.
    void pump(HttpHandler& handler);
    // Of a connection that was told AnswerLater. Nothing happens where it has gone.
    void answer(ConnectionId connection, const HttpAnswer& answer, HttpHandler& handler);
    // There is something new for all streams: `pump` gives it to them, one part after the other.
    void feed();
    // This connection belongs to somebody who may be here. One that drives is never closed to make room; of those who look,
    // others may be closed now.
    void welcome(ConnectionId connection, Guest guest, HttpHandler& handler);
    // Whether this connection, which was welcomed, may become a stream; another may be closed for it.
    [[nodiscard]] bool may_stream(ConnectionId connection, HttpHandler& handler);
    void close(ConnectionId connection, HttpHandler& handler);
    [[nodiscard]] std::size_t connections() const { return connections_.size(); }

private:
    enum class Phase : std::uint8_t { reading, waiting, writing, streaming };
    struct Connection {
        UniqueFd socket;
        std::string address;
        Phase phase = Phase::reading;
        Guest guest = Guest::stranger;
        bool keeps_open = true;
        bool watches_output = false;
        bool asked = false;   // there were requests before
        bool queued = false;  // is in `again_`
        std::string in;
        std::string head;  // of the answer, or bytes of a stream, that are still to be sent
        Body body;
        std::size_t sent = 0;        // of both
        Clock::time_point since;     // the phase began, or the first byte of the request came
        Clock::time_point progress;  // bytes were taken
    };
    using Connections = std::unordered_map<ConnectionId, Connection>;

    HttpServer(UniqueFd listener, UniqueFd poll, HttpLimits limits);
    void accept_some(HttpHandler& handler);
    bool make_room(HttpHandler& handler);
    [[nodiscard]] ConnectionId oldest_idle() const;
    [[nodiscard]] ConnectionId one_too_many(ConnectionId but) const;
    void queue(ConnectionId id, Connection& connection);
    void serve(ConnectionId id, std::uint32_t events, HttpHandler& handler);
    [[nodiscard]] bool read_some(Connection& connection);
    [[nodiscard]] bool take_request(ConnectionId id, Connection& connection, HttpHandler& handler);
    void begin_answer(Connection& connection, const HttpAnswer& answer);
    [[nodiscard]] bool write_some(ConnectionId id, Connection& connection);
    [[nodiscard]] bool give_more(ConnectionId id, Connection& connection, HttpHandler& handler);
    void watch(ConnectionId id, Connection& connection, bool output);
    void close_late(HttpHandler& handler);

    UniqueFd listener_;
    UniqueFd poll_;  // epoll: the listener, whose number is 0, and the connections
    HttpLimits limits_;
    std::string host_;
    std::uint16_t port_ = 0;
    ConnectionId next_ = 1;
    Connections connections_;
    std::deque<ConnectionId> again_;  // have another request in their buffer, or are streams that may have more to send
    Clock::time_point next_check_;
};

}  // namespace procatlas
