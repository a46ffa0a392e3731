// Passes the bytes of several sockets over one connection, as both ends of it do. Whoever does not take the bytes of one
// channel holds back that channel alone. One thread only.
#pragma once

#include <poll.h>

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/unique_fd.h"
#include "core/far/relay_message.h"
#include "core/stream/frame.h"

namespace procatlas {

class Mux {
public:
    enum class Ways : std::uint8_t { both, from_here, to_here };

    // The connection: `in` is read and `out` is written, without waiting; both stay their owner's.
    Mux(int in, int out);
    // Bytes of the connection that were read before.
    void take(std::string_view bytes) {
        frames_.append(bytes);
        waiting_ = true;
    }

    // From now on the channel carries the bytes of `socket`.
    void add(std::uint32_t channel, UniqueFd socket, Ways ways = Ways::both);
    // Closes the socket, at once.
    void remove(std::uint32_t channel) { channels_.erase(channel); }
    // Closes the socket when it has been given all that came for it.
    void close_when_written(std::uint32_t channel);
    void send(const RelayMessage& message) { write_message(unsent_, message); }
    // The connection is no more: each socket is closed when it has been given what came for it.
    void cut();
    // No channel is left.
    [[nodiscard]] bool idle() const { return channels_.empty(); }

    struct News {
        std::optional<RelayMessage> told;  // what does not concern the bytes of channels; act on it before the next turn
        std::vector<std::uint32_t> ended;  // channels whose socket has nothing more to send
        bool heard = false;                // something came over the connection
        bool lost = false;                 // nothing more will come over it
        std::string why;                   // it is lost; empty: the other side has ended it
    };
    // Waits until something can be done, one of `others` is ready or `most` has passed, and does it. `others` are polled too.
    [[nodiscard]] News turn(std::chrono::milliseconds most, std::span<pollfd> others = {});

private:
    struct Channel {
        UniqueFd socket;
        Ways ways = Ways::both;
        std::size_t credit = channel_window;  // what may still be sent to the other side
        std::string unwritten;                // what came from there, from `written` on
        std::size_t written = 0;
        bool ended = false;    // `socket` has nothing more to send
        bool closing = false;  // nothing more will come from there
        bool broken = false;   // nobody reads what is written
    };

    [[nodiscard]] bool wants_to_read(const Channel& channel) const;
    void read_connection(News& news);
    void take_frames(News& news);
    void take_message(RelayMessage message, News& news);
    void write_connection(News& news);
    void read_channel(std::uint32_t number, Channel& channel, News& news);
    void write_channel(std::uint32_t number, Channel& channel);
    static void lose(News& news, std::string why);

    int in_;
    int out_;
    FrameBuffer frames_{relay_frame_limit};
    bool over_ = false;     // nothing more will come
    bool waiting_ = false;  // there may be whole frames in it
    std::string unsent_;
    std::size_t sent_ = 0;  // of it
    std::map<std::uint32_t, Channel> channels_;
};

}  // namespace procatlas
