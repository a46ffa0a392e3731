// What a browser asks: the head of an HTTP/1.1 request (RFC 9112), as strictly as we can afford to, because strangers write it.
// Only what procatlas answers to is understood: GET and POST, bodies of a known length, plain names in paths and queries. Pure.
#pragma once

#include <cstddef>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace procatlas {

inline constexpr std::size_t most_head_bytes = 8192;
inline constexpr std::size_t most_body_bytes = 4096;

struct HttpRequest {
    enum class Method { get, post };

    Method method = Method::get;
    std::string path;                                        // "/scene": begins with "/", never decoded
    std::vector<std::pair<std::string, std::string>> query;  // letters, digits, "-", "_" and "." only
    std::string host;                                        // lower case, with its port if one was given
    std::string origin;                                      // empty: none was given
    std::string fetch_site;                                  // Sec-Fetch-Site; empty: not given
    std::string content_type;
    std::string token;  // of "Authorization: Bearer TOKEN"; empty: none
    bool takes_gzip = false;
    bool keeps_open = true;  // the connection, for the next request
    std::size_t content_length = 0;
    std::string body;  // filled in by whoever reads it

    // The first value of that name; null: none.
    [[nodiscard]] const std::string* parameter(std::string_view name) const;
    // The same as a number; nullopt: none, or not one.
    [[nodiscard]] std::optional<std::size_t> number(std::string_view name) const;
};

// The length of the head at the beginning of `bytes`, with the blank line that ends it; nullopt: it has not ended yet.
[[nodiscard]] std::optional<std::size_t> head_length(std::string_view bytes);

// `head`: with its blank line. Error: the status of the answer (400, 405, 413, 417, 431, 501 or 505); the connection must then
// be closed, because where the next request begins is not known.
[[nodiscard]] std::expected<HttpRequest, int> parse_request_head(std::string_view head);

// "OK", "Not Found", ... of the statuses that procatlas answers with.
[[nodiscard]] std::string_view status_words(int status);

}  // namespace procatlas
