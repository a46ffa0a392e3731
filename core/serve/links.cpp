#include "core/serve/links.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>

#include <array>
#include <memory>

namespace procatlas {

namespace {

constexpr std::size_t most_hosts = 4;

// The IPv4 addresses of this machine's networks, or loopback's where it is in none.
std::vector<std::string> hosts_of_this_machine() {
    std::vector<std::string> hosts;
    ifaddrs* first = nullptr;
    if (::getifaddrs(&first) == 0) {
        const std::unique_ptr<ifaddrs, decltype(&::freeifaddrs)> all(first, ::freeifaddrs);
        for (const ifaddrs* one = first; one != nullptr && hosts.size() < most_hosts; one = one->ifa_next) {
            std::array<char, INET_ADDRSTRLEN> text{};
            if (one->ifa_addr != nullptr && one->ifa_addr->sa_family == AF_INET && (one->ifa_flags & IFF_LOOPBACK) == 0 &&
                (one->ifa_flags & IFF_UP) != 0) {
                hosts.emplace_back(
                    ::inet_ntop(AF_INET, &reinterpret_cast<sockaddr_in*>(one->ifa_addr)->sin_addr, text.data(), text.size()));
            }
        }
    }
    if (hosts.empty()) {
        hosts.emplace_back("127.0.0.1");
    }
    return hosts;
}

}  // namespace

ShareLinks share_links(const RunShare& share) {
    const HttpServer& server = share.server();
    const std::vector<std::string> hosts =
        server.host().empty() ? hosts_of_this_machine() : std::vector<std::string>{server.host()};
    ShareLinks links;
    for (const std::string& host : hosts) {
        const std::string page = fmt::format("http://{}:{}/", host, server.port());
        const std::string look = page + "#look=" + share.access().look_secret();
        const std::string drive = page + "#drive=" + share.access().drive_secret();
        if (links.page.empty()) {
            links.page = page;
            links.look = look;
            links.drive = drive;
        }
        links.all.push_back(look);
        links.all.push_back(drive);
    }
    return links;
}

}  // namespace procatlas
