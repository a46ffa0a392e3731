#include "core/serve/http_request.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace procatlas {

namespace {

constexpr std::size_t most_headers = 64;

bool is_letter_or_digit(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

// RFC 9110, 5.6.2.
bool is_token(std::string_view text) {
    return !text.empty() && std::ranges::all_of(text, [](char c) {
        return is_letter_or_digit(c) || std::string_view("!#$%&'*+-.^_`|~").contains(c);
    });
}

bool is_visible(std::string_view text) {
    return std::ranges::all_of(text, [](char c) { return c > ' ' && c < '\x7f'; });
}

// A header's value may hold spaces, tabs and bytes above ASCII, but nothing that controls.
bool is_field_value(std::string_view text) {
    return std::ranges::all_of(text, [](char c) { return c == '\t' || (static_cast<unsigned char>(c) >= ' ' && c != '\x7f'); });
}

bool is_plain(std::string_view text) {
    return std::ranges::all_of(text, [](char c) { return is_letter_or_digit(c) || c == '-' || c == '_' || c == '.'; });
}

std::string lower(std::string_view text) {
    std::string out(text);
    std::ranges::transform(out, out.begin(),
                           [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    return out;
}

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) {
        text.remove_prefix(1);
    }
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) {
        text.remove_suffix(1);
    }
    return text;
}

std::optional<std::size_t> whole_number(std::string_view text) {
    std::size_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc() && end == text.data() + text.size() ? std::optional(value) : std::nullopt;
}

// Takes the text up to `end` off `rest`, and `end` too.
std::string_view take_until(std::string_view& rest, std::string_view end) {
    const std::size_t at = std::min(rest.find(end), rest.size());
    const std::string_view taken = rest.substr(0, at);
    rest.remove_prefix(std::min(at + end.size(), rest.size()));
    return taken;
}

bool takes_coding(std::string_view value, std::string_view coding) {
    while (!value.empty()) {
        std::string_view one = take_until(value, ",");
        const std::string_view name = trimmed(take_until(one, ";"));
        if (name == coding) {
            return trimmed(one) != "q=0";
        }
    }
    return false;
}

class HeadReader {
public:
    std::expected<HttpRequest, int> read(std::string_view head) {
        if (head.size() > most_head_bytes) {
            return std::unexpected(431);
        }
        int wrong = read_request_line(take_until(head, "\r\n"));
        for (std::size_t headers = 0; wrong == 0 && head != "\r\n"; ++headers) {
            if (head.empty()) {
                return std::unexpected(400);
            }
            wrong = headers == most_headers ? 431 : read_header(take_until(head, "\r\n"));
        }
        if (wrong == 0 && (!has_host_ || (request_.method == HttpRequest::Method::get && request_.content_length != 0))) {
            wrong = 400;
        }
        if (wrong != 0) {
            return std::unexpected(wrong);
        }
        return std::move(request_);
    }

private:
    // Returns 0 or the status of what is wrong.
    int read_request_line(std::string_view line) {
        const std::string_view method = take_until(line, " ");
        std::string_view target = take_until(line, " ");
        if (!is_token(method) || !target.starts_with('/') || !is_visible(target) || !line.starts_with("HTTP/")) {
            return 400;
        }
        if (line != "HTTP/1.1" && line != "HTTP/1.0") {
            return 505;
        }
        request_.keeps_open = line == "HTTP/1.1";
        if (method != "GET" && method != "POST") {
            return 405;
        }
        request_.method = method == "GET" ? HttpRequest::Method::get : HttpRequest::Method::post;
        request_.path = take_until(target, "?");
        while (!target.empty()) {
            std::string_view pair = take_until(target, "&");
            const std::string_view name = take_until(pair, "=");
            if (!is_plain(name) || !is_plain(pair)) {
                return 400;
            }
            request_.query.emplace_back(name, pair);
        }
        return 0;
    }

    int read_header(std::string_view line) {
        const std::size_t colon = line.find(':');
        if (colon == std::string_view::npos || !is_token(line.substr(0, colon)) || !is_field_value(line)) {
            return 400;  // among them a line that continues the one before
        }
        const std::string name = lower(line.substr(0, colon));
        const std::string_view value = trimmed(line.substr(colon + 1));
        if (name == "transfer-encoding") {
            return 501;
        }
        if (name == "expect") {
            return 417;
        }
        if (name == "host") {
            return take_once(has_host_, request_.host, lower(value));
        }
        if (name == "origin") {
            return take_once(has_origin_, request_.origin, lower(value));
        }
        if (name == "authorization") {
            return take_once(has_token_, request_.token, value.starts_with("Bearer ") ? value.substr(7) : "");
        }
        if (name == "content-length") {
            return take_length(value);
        }
        if (name == "sec-fetch-site") {
            request_.fetch_site = lower(value);
        } else if (name == "content-type") {
            request_.content_type = lower(value);
        } else if (name == "accept-encoding") {
            request_.takes_gzip = takes_coding(lower(value), "gzip");
        } else if (name == "connection") {
            request_.keeps_open = request_.keeps_open && !takes_coding(lower(value), "close");
        }
        return 0;
    }

    // A second one would mean one thing to us and another to a proxy.
    static int take_once(bool& taken, std::string& into, std::string_view value) {
        if (taken || !is_visible(value)) {
            return 400;
        }
        taken = true;
        into = value;
        return 0;
    }

    int take_length(std::string_view value) {
        const auto length = whole_number(value);
        if (!length || has_length_) {
            return 400;
        }
        has_length_ = true;
        request_.content_length = *length;
        return *length > most_body_bytes ? 413 : 0;
    }

    HttpRequest request_;
    bool has_host_ = false;
    bool has_origin_ = false;
    bool has_token_ = false;
    bool has_length_ = false;
};

}  // namespace

const std::string* HttpRequest::parameter(std::string_view name) const {
    const auto found = std::ranges::find(query, name, &std::pair<std::string, std::string>::first);
    return found == query.end() ? nullptr : &found->second;
}

std::optional<std::size_t> HttpRequest::number(std::string_view name) const {
    const std::string* value = parameter(name);
    return value == nullptr ? std::nullopt : whole_number(*value);
}

std::optional<std::size_t> head_length(std::string_view bytes) {
    const std::size_t end = bytes.find("\r\n\r\n");
    return end == std::string_view::npos ? std::nullopt : std::optional(end + 4);
}

std::expected<HttpRequest, int> parse_request_head(std::string_view head) {
    return HeadReader().read(head);
}

std::string_view status_words(int status) {
    switch (status) {
        case 200:
            return "OK";
        case 204:
            return "No Content";
        case 400:
            return "Bad Request";
        case 401:
            return "Unauthorized";
        case 403:
            return "Forbidden";
        case 404:
            return "Not Found";
        case 405:
            return "Method Not Allowed";
        case 409:
            return "Conflict";
        case 413:
            return "Content Too Large";
        case 415:
            return "Unsupported Media Type";
        case 417:
            return "Expectation Failed";
        case 421:
            return "Misdirected Request";
        case 429:
            return "Too Many Requests";
        case 431:
            return "Request Header Fields Too Large";
        case 501:
            return "Not Implemented";
        case 503:
            return "Service Unavailable";
        case 505:
            return "HTTP Version Not Supported";
        default:
            return "Error";
    }
}

}  // namespace procatlas
