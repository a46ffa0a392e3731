#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/text.h"
#include "core/serve/access.h"
#include "core/serve/allowed_host.h"
#include "core/serve/http_request.h"
#include "core/serve/share_command.h"
#include "tests/fuzz/require.h"

namespace {

using namespace procatlas;

bool has_control(std::string_view text) {
    for (const char c : text) {
        if (static_cast<unsigned char>(c) < ' ' || c == '\x7f') {
            return true;
        }
    }
    return false;
}

}  // namespace

// Whatever arrives on a socket, it is refused with a status, or becomes a request that means one thing; its body becomes a
// wish, or none.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    (void)parse_share_command(bytes);
    if (const auto vote = parse_vote(bytes)) {
        REQUIRE(!vote->answer.empty() && display_text(vote->answer) == vote->answer);
    }
    if (const auto name = parse_own_name(bytes)) {
        REQUIRE(display_text(*name) == *name && !name->starts_with(' ') && !name->ends_with(' '));
    }
    if (const auto entry = parse_entry(bytes)) {
        REQUIRE(entry->secret.empty() != entry->code.empty());
    }
    const auto length = head_length(bytes);
    if (!length) {
        return 0;
    }
    REQUIRE(*length <= size);
    const auto request = parse_request_head(bytes.substr(0, *length));
    if (!request) {
        REQUIRE(status_words(request.error()) != "Error");
        return 0;
    }
    REQUIRE(request->path.starts_with('/'));
    REQUIRE(!has_control(request->path) && !has_control(request->host) && !has_control(request->origin) &&
            !has_control(request->token));
    REQUIRE(request->content_length <= most_body_bytes);
    REQUIRE(request->method == HttpRequest::Method::post || request->content_length == 0);
    static const std::vector<std::string> names{"lab7"};
    static const Access access;
    if (is_host_of_ours(request->host, names)) {
        REQUIRE(!request->host.empty());
    }
    (void)is_asked_by_us(*request);
    REQUIRE(access.number_of(request->token) == 0);
    // Read again, it is the same.
    const auto again = parse_request_head(bytes.substr(0, *length));
    REQUIRE(again && again->path == request->path && again->query == request->query && again->host == request->host);
    return 0;
}
