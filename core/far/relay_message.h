// What procatlas and procatlas-relay, its helper on another machine, say to each other over one connection: a line of text that
// tells the relay's versions, then frames (core/stream/frame.h) both ways. A channel carries the bytes of one socket.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "core/base/companion.h"
#include "core/stream/codec.h"

namespace procatlas {

inline constexpr std::chrono::seconds beat_time{1};  // how often each side sends a Beat

// Raise it if you change what is here. All versions begin with the line of `relay_greeting`.
inline constexpr std::uint64_t relay_version = 2;
inline constexpr std::size_t relay_frame_limit = 4u << 20;
inline constexpr std::size_t channel_window = 4u << 20;  // bytes that may be under way in one direction of a channel

constexpr CompanionKind last_of(CompanionKind) {
    return CompanionKind::reader;
}

struct OpenChannel {  // start a program, whose socket the channel is
    std::uint32_t channel = 0;
    CompanionKind program = CompanionKind::observer;
    std::uint32_t input = 0;  // the channel that carries its standard input; 0: it has none
};
struct ChannelData {
    std::uint32_t channel = 0;
    std::string bytes;
};
struct ChannelCredit {  // so many bytes have gone on, and as many more may come
    std::uint32_t channel = 0;
    std::uint64_t bytes = 0;
};
struct CloseChannel {  // nothing more will come; `why`: how the program ended
    std::uint32_t channel = 0;
    std::string why;
};
struct Beat {};  // we are still here

using RelayMessage = std::variant<Surroundings, OpenChannel, ChannelData, ChannelCredit, CloseChannel, Beat>;

// Appends one frame.
void write_message(std::string& out, const RelayMessage& message);
// From the contents of a frame. nullopt: it is damaged.
[[nodiscard]] std::optional<RelayMessage> read_message(std::string_view frame);

// The versions of a relay, and of the programs that it starts.
struct RelayVersions {
    std::uint64_t relay = 0;
    std::uint64_t stream = 0;
    std::uint64_t reader = 0;
    std::string program;  // of procatlas: "0.1.0"

    bool operator==(const RelayVersions&) const = default;
};

[[nodiscard]] RelayVersions own_versions();
// "procatlas-relay 1 13 1 0.1.0\n".
[[nodiscard]] std::string relay_greeting(const RelayVersions& versions);
// In one line without its end, or in its end: a shell may have printed something before. nullopt: there is none.
[[nodiscard]] std::optional<RelayVersions> find_greeting(std::string_view line);
// Which side must be updated so that both understand each other, as a sentence; empty: they do. `machine`: safe to show.
[[nodiscard]] std::string version_mismatch(const RelayVersions& there, const std::string& machine);

}  // namespace procatlas
