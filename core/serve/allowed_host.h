// Whether a request came from a page of ours. A stranger's page can have a browser send requests here, and can give its own
// name our address (DNS rebinding); the headers Host, Origin and Sec-Fetch-Site, which scripts cannot set, tell. Pure.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "core/serve/http_request.h"

namespace procatlas {

// Addresses in digits and "localhost" cannot be somebody else's names; `names` are this machine's, in lower case. Any port:
// `ssh -L` and containers show ours as another.
[[nodiscard]] bool is_host_of_ours(std::string_view host, std::span<const std::string> names);

// Only a page of the same host and port, or a person who typed the address.
[[nodiscard]] bool is_asked_by_us(const HttpRequest& request);

// "lab7" and "lab7.local" on a machine that is called lab7.
[[nodiscard]] std::vector<std::string> names_of_this_machine();

}  // namespace procatlas
