#include "core/serve/http_server.h"

#include <fmt/format.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

#include "core/serve/socket_address.h"

namespace procatlas {

namespace {

constexpr std::chrono::milliseconds most_of_a_turn(5);  // of one pump: the run that is shown waits meanwhile
constexpr std::chrono::milliseconds between_checks(500);
constexpr int most_accepted_at_once = 32;

// What every answer says, so that no browser can be made to show, frame, read or keep what is ours for somebody else.
constexpr std::string_view safe_headers =
    "Content-Security-Policy: default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'\r\n"
    "X-Frame-Options: DENY\r\nX-Content-Type-Options: nosniff\r\nReferrer-Policy: no-referrer\r\n"
    "Cross-Origin-Resource-Policy: same-origin\r\n"
    "Cache-Control: no-store\r\n";

std::string head_of(const HttpAnswer& answer, bool keeps_open) {
    return fmt::format("HTTP/1.1 {} {}\r\nContent-Type: {}\r\nContent-Length: {}\r\n{}{}Connection: {}\r\n\r\n", answer.status,
                       status_words(answer.status), answer.type, answer.body ? answer.body->size() : 0,
                       answer.gzip ? "Content-Encoding: gzip\r\n" : "", safe_headers, keeps_open ? "keep-alive" : "close");
}

std::string head_of_stream() {
    return fmt::format(
        "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n{}X-Accel-Buffering: no\r\nConnection: close\r\n\r\n",
        safe_headers);
}

}  // namespace

HttpServer::HttpServer(UniqueFd listener, UniqueFd poll, HttpLimits limits)
    : listener_(std::move(listener)), poll_(std::move(poll)), limits_(limits), next_check_(Clock::now() + between_checks) {}

Result<HttpServer> HttpServer::listen(std::string_view text, HttpLimits limits) {
    auto address = parse_listen_address(text);
    if (!address) {
        return std::unexpected(address.error());
    }
    UniqueFd listener(::socket(address->storage.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    const int on = 1;
    if (!listener || ::setsockopt(listener.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) != 0 ||
        ::bind(listener.get(), address->get(), address->size) != 0 || ::listen(listener.get(), 512) != 0 ||
        ::getsockname(listener.get(), address->get(), &address->size) != 0) {
        return std::unexpected(system_error(fmt::format("cannot listen on {}", text), errno));
    }
    UniqueFd poll(::epoll_create1(EPOLL_CLOEXEC));
    epoll_event interest{.events = EPOLLIN, .data = {.u64 = 0}};
    if (!poll || ::epoll_ctl(poll.get(), EPOLL_CTL_ADD, listener.get(), &interest) != 0) {
        return std::unexpected(system_error("cannot watch the connections", errno));
    }
    HttpServer server(std::move(listener), std::move(poll), limits);
    server.host_ = host_text(*address);
    server.port_ = port_of(*address);
    return server;
}

std::optional<HttpServer::Clock::time_point> HttpServer::due() const {
    if (!again_.empty()) {
        return Clock::now();
    }
    return connections_.empty() ? std::nullopt : std::optional(next_check_);
}

void HttpServer::pump(HttpHandler& handler) {
    const auto end = Clock::now() + most_of_a_turn;
    for (std::size_t left = again_.size(); left != 0 && Clock::now() < end; --left) {
        const ConnectionId id = again_.front();
        again_.pop_front();
        if (const auto found = connections_.find(id); found != connections_.end()) {
            found->second.queued = false;
            serve(id, 0, handler);
        }
    }
    std::array<epoll_event, 32> ready{};
    do {
        const int count = ::epoll_wait(poll_.get(), ready.data(), ready.size(), 0);
        for (int i = 0; i < count; ++i) {
            const epoll_event& event = ready[static_cast<std::size_t>(i)];
            event.data.u64 == 0 ? accept_some(handler) : serve(event.data.u64, event.events, handler);
        }
        if (count <= 0) {
            break;
        }
    } while (Clock::now() < end);
    close_late(handler);
}

void HttpServer::answer(ConnectionId id, const HttpAnswer& answer, HttpHandler& handler) {
    const auto found = connections_.find(id);
    if (found == connections_.end() || found->second.phase != Phase::waiting) {
        return;
    }
    begin_answer(found->second, answer);
    if (!write_some(id, found->second)) {
        close(id, handler);
    }
}

void HttpServer::feed() {
    for (auto& [id, connection] : connections_) {
        if (connection.phase == Phase::streaming && connection.head.empty()) {
            queue(id, connection);
        }
    }
}

void HttpServer::close(ConnectionId id, HttpHandler& handler) {
    if (connections_.erase(id) != 0) {
        handler.closed(id);
    }
}

void HttpServer::accept_some(HttpHandler& handler) {
    for (int i = 0; i < most_accepted_at_once; ++i) {
        SocketAddress from;
        UniqueFd socket(::accept4(listener_.get(), from.get(), &from.size, SOCK_NONBLOCK | SOCK_CLOEXEC));
        if (!socket) {
            // Without a free descriptor the listener would stay readable for ever.
            if ((errno == EMFILE || errno == ENFILE) && make_room(handler)) {
                continue;
            }
            return;
        }
        if (connections_.size() >= limits_.connections && !make_room(handler)) {
            continue;  // closed at once
        }
        const int on = 1;
        const int buffer = 65'536;  // bytes that the kernel keeps for one who does not read
        (void)::setsockopt(socket.get(), SOL_SOCKET, SO_SNDBUF, &buffer, sizeof buffer);
        const unsigned int silent = 30'000;  // milliseconds: who is unplugged says no goodbye
        (void)::setsockopt(socket.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        (void)::setsockopt(socket.get(), IPPROTO_TCP, TCP_USER_TIMEOUT, &silent, sizeof silent);
        const ConnectionId id = next_++;
        epoll_event interest{.events = EPOLLIN | EPOLLRDHUP, .data = {.u64 = id}};
        if (::epoll_ctl(poll_.get(), EPOLL_CTL_ADD, socket.get(), &interest) != 0) {
            continue;
        }
        Connection connection;
        connection.socket = std::move(socket);
        connection.address = who_is_at(from);
        connection.since = connection.progress = Clock::now();
        connections_.emplace(id, std::move(connection));
    }
}

void HttpServer::queue(ConnectionId id, Connection& connection) {
    if (!std::exchange(connection.queued, true)) {
        again_.push_back(id);
    }
}

void HttpServer::serve(ConnectionId id, std::uint32_t events, HttpHandler& handler) {
    const auto found = connections_.find(id);
    if (found == connections_.end()) {
        return;
    }
    Connection& connection = found->second;
    bool stays = (events & (EPOLLERR | EPOLLHUP)) == 0;
    if (stays && (events & EPOLLIN) != 0) {
        stays = read_some(connection);
    } else if (stays && (events & EPOLLRDHUP) != 0) {
        stays = false;
    }
    if (stays && (events & EPOLLOUT) != 0) {
        stays = write_some(id, connection);
    }
    if (stays && events == 0 && connection.phase == Phase::streaming && connection.head.empty()) {
        stays = give_more(id, connection, handler);
    } else if (stays && connection.phase == Phase::reading) {
        stays = take_request(id, connection, handler);
    }
    if (!stays) {
        close(id, handler);
    }
}

// False: nobody is there any more, or sends more than a request may have.
bool HttpServer::read_some(Connection& connection) {
    std::array<char, 4096> buffer;
    const ssize_t got = ::recv(connection.socket.get(), buffer.data(), buffer.size(), 0);
    if (got <= 0) {
        return got < 0 && (errno == EAGAIN || errno == EINTR);
    }
    if (connection.phase == Phase::streaming) {
        return false;  // has nothing more to say
    }
    if (connection.in.empty() && connection.phase == Phase::reading) {
        connection.since = Clock::now();
    }
    connection.in.append(buffer.data(), static_cast<std::size_t>(got));
    return connection.in.size() <= most_head_bytes + most_body_bytes;
}

bool HttpServer::take_request(ConnectionId id, Connection& connection, HttpHandler& handler) {
    const auto refuse = [&](int status) {
        connection.keeps_open = false;
        begin_answer(connection, {.status = status});
        return write_some(id, connection);
    };
    const auto length = head_length(connection.in);
    if (!length) {
        return connection.in.size() <= most_head_bytes || refuse(431);
    }
    auto request = parse_request_head(std::string_view(connection.in).substr(0, *length));
    if (!request) {
        return refuse(request.error());
    }
    if (connection.in.size() < *length + request->content_length) {
        return true;
    }
    request->body = connection.in.substr(*length, request->content_length);
    connection.in.erase(0, *length + request->content_length);
    connection.asked = true;
    connection.keeps_open = request->keeps_open;
    connection.phase = Phase::waiting;
    connection.since = Clock::now();
    // `connection` may be gone after this, when the handler closes others to make room; it never closes the one that asks.
    HttpReply reply = handler.reply(id, *request, connection.address);
    if (std::holds_alternative<AnswerLater>(reply)) {
        return true;
    }
    if (std::holds_alternative<AnswerStream>(reply)) {
        connection.phase = Phase::streaming;
        connection.head = head_of_stream();
        connection.progress = Clock::now();
    } else {
        begin_answer(connection, std::get<HttpAnswer>(reply));
    }
    return write_some(id, connection);
}

void HttpServer::begin_answer(Connection& connection, const HttpAnswer& answer) {
    connection.phase = Phase::writing;
    connection.head = head_of(answer, connection.keeps_open);
    connection.body = answer.body;
    connection.sent = 0;
    connection.since = connection.progress = Clock::now();
}

// False: to be closed.
bool HttpServer::write_some(ConnectionId id, Connection& connection) {
    if (connection.phase != Phase::writing && connection.phase != Phase::streaming) {
        return true;
    }
    while (true) {
        const std::string_view head(connection.head);
        const std::string_view body = connection.body ? std::string_view(*connection.body) : std::string_view();
        const std::string_view rest =
            connection.sent < head.size() ? head.substr(connection.sent) : body.substr(connection.sent - head.size());
        if (rest.empty()) {
            break;
        }
        const ssize_t wrote = ::send(connection.socket.get(), rest.data(), rest.size(), MSG_NOSIGNAL);
        if (wrote < 0 && errno == EINTR) {
            continue;
        }
        if (wrote < 0) {
            watch(id, connection, true);
            return errno == EAGAIN;
        }
        connection.sent += static_cast<std::size_t>(wrote);
        connection.progress = Clock::now();
    }
    connection.head.clear();
    connection.body.reset();
    connection.sent = 0;
    watch(id, connection, false);
    if (connection.phase == Phase::streaming) {
        queue(id, connection);  // not at once: one who reads as fast as we write would have us to himself
        return true;
    }
    connection.phase = Phase::reading;
    connection.since = Clock::now();
    if (!connection.in.empty()) {
        queue(id, connection);
    }
    return connection.keeps_open;
}

bool HttpServer::give_more(ConnectionId id, Connection& connection, HttpHandler& handler) {
    connection.head = handler.more(id);
    connection.progress = Clock::now();
    return connection.head.empty() || write_some(id, connection);
}

void HttpServer::watch(ConnectionId id, Connection& connection, bool output) {
    if (connection.watches_output == output) {
        return;
    }
    connection.watches_output = output;
    epoll_event interest{.events = EPOLLIN | EPOLLRDHUP | (output ? EPOLLOUT : 0U), .data = {.u64 = id}};
    (void)::epoll_ctl(poll_.get(), EPOLL_CTL_MOD, connection.socket.get(), &interest);
}

void HttpServer::close_late(HttpHandler& handler) {
    const auto now = Clock::now();
    if (now < next_check_) {
        return;
    }
    next_check_ = now + between_checks;
    std::vector<ConnectionId> late;
    for (const auto& [id, connection] : connections_) {
        const bool idle = connection.asked && connection.in.empty();
        const bool sends = !connection.head.empty();
        const bool is_late =
            (connection.phase == Phase::reading && now - connection.since > (idle ? limits_.to_be_idle : limits_.to_arrive)) ||
            (sends && now - connection.progress > limits_.to_take_some) ||
            (connection.phase == Phase::writing && now - connection.since > limits_.to_take_all);
        if (is_late) {
            late.push_back(id);
        }
    }
    for (const ConnectionId id : late) {
        close(id, handler);
    }
}

}  // namespace procatlas
