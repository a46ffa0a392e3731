#include "core/serve/allowed_host.h"

#include <arpa/inet.h>
#include <unistd.h>

#include <algorithm>
#include <array>

namespace procatlas {

namespace {

bool is_port(std::string_view text) {
    return text.size() <= 5 && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

bool is_address(int family, const std::string& text) {
    std::array<unsigned char, sizeof(in6_addr)> address{};
    return ::inet_pton(family, text.c_str(), address.data()) == 1;
}

}  // namespace

bool is_host_of_ours(std::string_view host, std::span<const std::string> names) {
    if (host.starts_with('[')) {
        const std::size_t end = host.find(']');
        if (end == std::string_view::npos) {
            return false;
        }
        const std::string_view rest = host.substr(end + 1);
        return (rest.empty() || (rest.starts_with(':') && is_port(rest.substr(1)))) &&
               is_address(AF_INET6, std::string(host.substr(1, end - 1)));
    }
    const std::size_t colon = std::min(host.find(':'), host.size());
    if (colon != host.size() && !is_port(host.substr(colon + 1))) {
        return false;
    }
    const std::string name(host.substr(0, colon));
    return name == "localhost" || is_address(AF_INET, name) || std::ranges::find(names, name) != names.end();
}

bool is_asked_by_us(const HttpRequest& request) {
    if (!request.origin.empty() && request.origin != "http://" + request.host) {
        return false;
    }
    return request.fetch_site.empty() || request.fetch_site == "same-origin" || request.fetch_site == "none";
}

std::vector<std::string> names_of_this_machine() {
    std::array<char, 256> name{};
    if (::gethostname(name.data(), name.size() - 1) != 0 || name[0] == '\0') {
        return {};
    }
    std::string text(name.data());
    std::ranges::transform(text, text.begin(),
                           [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    return {text, text + ".local"};
}

}  // namespace procatlas
