// Who has room in the server, and who is put out for another.
#include <algorithm>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/serve/http_server.h"

namespace procatlas {

// A connection of those who look that waits for its next request; a browser makes it anew. The oldest; 0: none.
ConnectionId HttpServer::oldest_idle() const {
    ConnectionId oldest = 0;
    for (const auto& [id, connection] : connections_) {
        const bool idle = connection.phase == Phase::reading && connection.in.empty();
        if (connection.guest == Guest::looks && idle && (oldest == 0 || id < oldest)) {
            oldest = id;
        }
    }
    return oldest;
}

// Of those who look, one of the address that has most connections: where a class and one who floods it have different
// addresses, it is not one of the class. The newest, so that who came first stays, and a stream where most are streams.
// 0: none but `but`.
ConnectionId HttpServer::one_too_many(ConnectionId but) const {
    struct Held {
        std::size_t streams = 0;
        std::size_t others = 0;
        ConnectionId newest_stream = 0;
        ConnectionId newest_other = 0;
    };
    std::unordered_map<std::string_view, Held> all;
    for (const auto& [id, connection] : connections_) {
        if (connection.guest != Guest::looks || id == but) {
            continue;
        }
        Held& held = all[connection.address];
        const bool stream = connection.phase == Phase::streaming;
        ++(stream ? held.streams : held.others);
        ConnectionId& newest = stream ? held.newest_stream : held.newest_other;
        newest = std::max(newest, id);
    }
    const auto count = [](const auto& one) { return one.second.streams + one.second.others; };
    const auto most = std::ranges::max_element(all, {}, count);
    if (most == all.end()) {
        return 0;
    }
    return most->second.streams >= most->second.others ? most->second.newest_stream : most->second.newest_other;
}

// Closes the connection that has been longest with us without showing that it belongs here; where all do, one of those who
// look.
bool HttpServer::make_room(HttpHandler& handler) {
    ConnectionId closed = 0;
    for (const auto& [id, connection] : connections_) {
        if (connection.guest == Guest::stranger && (closed == 0 || id < closed)) {
            closed = id;
        }
    }
    closed = closed != 0 ? closed : oldest_idle();
    closed = closed != 0 ? closed : one_too_many(0);
    if (closed != 0) {
        close(closed, handler);
    }
    return closed != 0;
}

void HttpServer::welcome(ConnectionId id, Guest guest, HttpHandler& handler) {
    const auto found = connections_.find(id);
    if (found == connections_.end() || found->second.guest >= guest) {
        return;
    }
    found->second.guest = guest;
    const auto looks = std::ranges::count_if(connections_, [](const auto& one) { return one.second.guest == Guest::looks; });
    if (guest == Guest::looks && static_cast<std::size_t>(looks) + limits_.reserved > limits_.connections) {
        const ConnectionId idle = oldest_idle();  // not `id`, which waits for its answer
        if (const ConnectionId closed = idle != 0 ? idle : one_too_many(id); closed != 0) {
            close(closed, handler);
        }
    }
}

bool HttpServer::may_stream(ConnectionId id, HttpHandler& handler) {
    const auto asking = connections_.find(id);
    if (asking == connections_.end() || asking->second.guest == Guest::drives) {
        return asking != connections_.end();
    }
    struct Streams {
        std::size_t count = 0;
        ConnectionId newest = 0;
    };
    std::unordered_map<std::string_view, Streams> all;
    std::size_t count = 0;
    for (const auto& [other, connection] : connections_) {
        if (connection.guest == Guest::looks && connection.phase == Phase::streaming) {
            Streams& of_one = all[connection.address];
            ++of_one.count;
            of_one.newest = std::max(of_one.newest, other);
            ++count;
        }
    }
    const std::size_t own = all[asking->second.address].count;
    if (own >= limits_.streams_of_one) {
        return false;
    }
    if (count < limits_.streams) {
        return true;
    }
    // An address gives one up for another that has fewer.
    const auto most = std::ranges::max_element(all, {}, [](const auto& one) { return one.second.count; });
    if (most->second.count <= own + 1) {
        return false;
    }
    close(most->second.newest, handler);
    return true;
}

}  // namespace procatlas
