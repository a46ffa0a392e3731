#include "core/far/mux.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <string_view>
#include <utility>

namespace procatlas {
namespace {

constexpr std::size_t unsent_limit = 1u << 20;  // beyond it no channel is read
constexpr const char* damaged = "what came over the connection is damaged";

void never_wait(int descriptor) {
    ::fcntl(descriptor, F_SETFL, ::fcntl(descriptor, F_GETFL) | O_NONBLOCK);
}

bool is_passing(int error) {
    return error == EAGAIN || error == EINTR;
}

// A socket that nobody reads would raise SIGPIPE; a pipe or a terminal is not sent to.
ssize_t put(int descriptor, std::string_view bytes) {
    const ssize_t sent = ::send(descriptor, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    return sent < 0 && errno == ENOTSOCK ? ::write(descriptor, bytes.data(), bytes.size()) : sent;
}

}  // namespace

Mux::Mux(int in, int out) : in_(in), out_(out) {
    never_wait(in);
    never_wait(out);
}

void Mux::add(std::uint32_t channel, UniqueFd socket, Ways ways) {
    if (ways != Ways::from_here) {  // what is only read may be shared with others, who wait; it is read when there is something
        never_wait(socket.get());
    }
    Channel added;
    added.socket = std::move(socket);
    added.ways = ways;
    channels_.insert_or_assign(channel, std::move(added));
}

void Mux::close_when_written(std::uint32_t channel) {
    const auto found = channels_.find(channel);
    if (found == channels_.end()) {
        return;
    }
    found->second.closing = true;
    if (found->second.unwritten.empty()) {
        channels_.erase(found);
    }
}

void Mux::cut() {
    in_ = out_ = -1;
    over_ = waiting_ = false;
    for (auto& [number, channel] : channels_) {
        channel.closing = true;
    }
    std::erase_if(channels_, [](const auto& entry) { return entry.second.unwritten.empty(); });
}

bool Mux::wants_to_read(const Channel& channel) const {
    return channel.ways != Ways::to_here && !channel.ended && !channel.closing && channel.credit > 0 &&
           unsent_.size() - sent_ < unsent_limit;
}

Mux::News Mux::turn(std::chrono::milliseconds most, std::span<pollfd> others) {
    std::vector<pollfd> ready{{over_ ? -1 : in_, POLLIN, 0}, {sent_ < unsent_.size() ? out_ : -1, POLLOUT, 0}};
    std::vector<std::uint32_t> numbers;
    for (const auto& [number, channel] : channels_) {
        const int wanted = (wants_to_read(channel) ? POLLIN : 0) | (channel.unwritten.empty() ? 0 : POLLOUT);
        ready.push_back({wanted != 0 ? channel.socket.get() : -1, static_cast<short>(wanted), 0});
        numbers.push_back(number);
    }
    const std::size_t first_other = ready.size();
    ready.insert(ready.end(), others.begin(), others.end());
    News news;
    if (::poll(ready.data(), ready.size(), waiting_ ? 0 : static_cast<int>(most.count())) < 0) {
        return news;
    }
    std::ranges::copy(std::span(ready).subspan(first_other), others.begin());
    if (waiting_) {
        take_frames(news);
    } else if (ready[0].revents != 0) {
        read_connection(news);
    }
    for (std::size_t i = 0; i < numbers.size(); ++i) {
        const auto found = channels_.find(numbers[i]);
        const short told = ready[2 + i].revents;
        if (found == channels_.end() || told == 0) {
            continue;
        }
        if ((told & (POLLIN | POLLHUP | POLLERR)) != 0 && wants_to_read(found->second)) {
            read_channel(numbers[i], found->second, news);
        }
        if ((told & (POLLOUT | POLLHUP | POLLERR)) != 0) {
            write_channel(numbers[i], found->second);
        }
        if (found->second.closing && found->second.unwritten.empty()) {
            channels_.erase(found);
        }
    }
    write_connection(news);
    if (over_ && !waiting_) {  // all that came was taken
        lose(news, {});
    }
    return news;
}

void Mux::lose(News& news, std::string why) {
    if (!std::exchange(news.lost, true)) {
        news.why = std::move(why);
    }
}

void Mux::read_connection(News& news) {
    std::array<char, 65536> buffer;
    for (int round = 0; round < 16; ++round) {
        const ssize_t got = ::read(in_, buffer.data(), buffer.size());
        if (got < 0 && is_passing(errno)) {
            break;
        }
        if (got <= 0) {
            over_ = true;
            break;
        }
        news.heard = true;
        frames_.append({buffer.data(), static_cast<std::size_t>(got)});
    }
    take_frames(news);
}

void Mux::take_frames(News& news) {
    waiting_ = false;
    for (;;) {
        const auto frame = frames_.next();
        if (!frame) {
            return lose(news, damaged);
        }
        if (!*frame) {
            return;
        }
        auto message = read_message(**frame);
        if (!message) {
            return lose(news, damaged);
        }
        take_message(std::move(*message), news);
        if (news.told) {
            waiting_ = true;  // what comes next may be of a channel that the owner has yet to add
            return;
        }
    }
}

void Mux::take_message(RelayMessage message, News& news) {
    if (auto* data = std::get_if<ChannelData>(&message)) {
        const auto found = channels_.find(data->channel);
        if (found == channels_.end() || found->second.broken) {
            return;  // it was closed meanwhile
        }
        Channel& channel = found->second;
        if (channel.unwritten.size() - channel.written + data->bytes.size() > channel_window ||
            channel.ways == Ways::from_here) {
            return lose(news, damaged);
        }
        channel.unwritten += data->bytes;
        write_channel(data->channel, channel);
    } else if (const auto* credit = std::get_if<ChannelCredit>(&message)) {
        const auto found = channels_.find(credit->channel);
        if (found != channels_.end()) {
            found->second.credit = std::min<std::uint64_t>(found->second.credit + credit->bytes, channel_window);
        }
    } else if (!std::holds_alternative<Beat>(message)) {
        news.told = std::move(message);
    }
}

void Mux::write_connection(News& news) {
    if (out_ < 0) {
        unsent_.clear();
        sent_ = 0;
    }
    while (sent_ < unsent_.size()) {
        const ssize_t done = put(out_, std::string_view(unsent_).substr(sent_));
        if (done < 0 && is_passing(errno)) {
            break;
        }
        if (done <= 0) {
            lose(news, {});
            break;
        }
        sent_ += static_cast<std::size_t>(done);
    }
    if (sent_ == unsent_.size() || sent_ > unsent_limit) {
        unsent_.erase(0, sent_);
        sent_ = 0;
    }
}

void Mux::read_channel(std::uint32_t number, Channel& channel, News& news) {
    std::array<char, 65536> buffer;
    const ssize_t got = ::read(channel.socket.get(), buffer.data(), std::min(buffer.size(), channel.credit));
    if (got < 0 && is_passing(errno)) {
        return;
    }
    if (got <= 0) {
        channel.ended = true;
        news.ended.push_back(number);
        return;
    }
    channel.credit -= static_cast<std::size_t>(got);
    send(ChannelData{number, std::string(buffer.data(), static_cast<std::size_t>(got))});
}

void Mux::write_channel(std::uint32_t number, Channel& channel) {
    std::size_t gone = 0;
    while (channel.written < channel.unwritten.size()) {
        const ssize_t done = put(channel.socket.get(), std::string_view(channel.unwritten).substr(channel.written));
        if (done < 0 && is_passing(errno)) {
            break;
        }
        if (done <= 0) {  // its end will be read
            channel.broken = true;
            gone += channel.unwritten.size() - channel.written;
            channel.written = channel.unwritten.size();
            break;
        }
        channel.written += static_cast<std::size_t>(done);
        gone += static_cast<std::size_t>(done);
    }
    if (channel.written == channel.unwritten.size() || channel.written > unsent_limit) {
        channel.unwritten.erase(0, channel.written);
        channel.written = 0;
    }
    if (gone > 0 && !channel.closing) {
        send(ChannelCredit{number, gone});
    }
}

}  // namespace procatlas
