#include "core/serve/socket_address.h"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <system_error>

namespace procatlas {

Result<SocketAddress> parse_listen_address(std::string_view text) {
    const std::size_t colon = text.rfind(':');
    std::uint16_t port = 0;
    const std::string_view digits = colon == std::string_view::npos ? "" : text.substr(colon + 1);
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
    std::string host(text.substr(0, std::min(colon, text.size())));
    SocketAddress address;
    if (!digits.empty() && error == std::errc() && end == digits.data() + digits.size()) {
        if (host == "localhost") {
            host = "127.0.0.1";
        }
        if (::inet_pton(AF_INET, host.c_str(), &address.v4().sin_addr) == 1) {
            address.v4().sin_family = AF_INET;
            address.v4().sin_port = htons(port);
            address.size = sizeof(sockaddr_in);
            return address;
        }
        if (host.starts_with('[') && host.ends_with(']') &&
            ::inet_pton(AF_INET6, host.substr(1, host.size() - 2).c_str(), &address.v6().sin6_addr) == 1) {
            address.v6().sin6_family = AF_INET6;
            address.v6().sin6_port = htons(port);
            address.size = sizeof(sockaddr_in6);
            return address;
        }
    }
    return fail(fmt::format("\"{}\" is not an address to listen on, as 127.0.0.1:0 or [::1]:8000 is", text));
}

std::string host_text(SocketAddress& address) {
    std::array<char, INET6_ADDRSTRLEN> text{};
    if (address.storage.ss_family == AF_INET) {
        return address.v4().sin_addr.s_addr == htonl(INADDR_ANY)
                   ? std::string()
                   : ::inet_ntop(AF_INET, &address.v4().sin_addr, text.data(), text.size());
    }
    return IN6_IS_ADDR_UNSPECIFIED(&address.v6().sin6_addr)
               ? std::string()
               : fmt::format("[{}]", ::inet_ntop(AF_INET6, &address.v6().sin6_addr, text.data(), text.size()));
}

std::uint16_t port_of(SocketAddress& address) {
    return ntohs(address.storage.ss_family == AF_INET ? address.v4().sin_port : address.v6().sin6_port);
}

std::string who_is_at(SocketAddress& address) {
    std::array<char, INET6_ADDRSTRLEN> text{};
    if (address.storage.ss_family == AF_INET) {
        return ::inet_ntop(AF_INET, &address.v4().sin_addr, text.data(), text.size());
    }
    in6_addr& v6 = address.v6().sin6_addr;
    if (IN6_IS_ADDR_V4MAPPED(&v6)) {
        return ::inet_ntop(AF_INET, &v6.s6_addr[12], text.data(), text.size());
    }
    std::fill(v6.s6_addr + 8, v6.s6_addr + 16, std::uint8_t{0});
    return ::inet_ntop(AF_INET6, &v6, text.data(), text.size());
}

}  // namespace procatlas
