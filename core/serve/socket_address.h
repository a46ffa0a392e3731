// The address of a socket, of IPv4 or IPv6.
#pragma once

#include <netinet/in.h>
#include <sys/socket.h>

#include <cstdint>
#include <string>
#include <string_view>

#include "core/base/result.h"

namespace procatlas {

struct SocketAddress {
    sockaddr_storage storage{};
    socklen_t size = sizeof(sockaddr_storage);

    [[nodiscard]] sockaddr* get() { return reinterpret_cast<sockaddr*>(&storage); }
    [[nodiscard]] sockaddr_in& v4() { return reinterpret_cast<sockaddr_in&>(storage); }
    [[nodiscard]] sockaddr_in6& v6() { return reinterpret_cast<sockaddr_in6&>(storage); }
};

// "127.0.0.1:0", "localhost:8000", "[::]:8000". Error: it is none of these.
[[nodiscard]] Result<SocketAddress> parse_listen_address(std::string_view text);

// As in a link: "127.0.0.1", "[::1]"; empty: all addresses of the machine.
[[nodiscard]] std::string host_text(SocketAddress& address);
[[nodiscard]] std::uint16_t port_of(SocketAddress& address);

// Who is there: an address of IPv4, or the first half of one of IPv6, which a household has in common.
[[nodiscard]] std::string who_is_at(SocketAddress& address);

}  // namespace procatlas
