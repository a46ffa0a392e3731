#include "core/serve/http_request.h"

#include <doctest/doctest.h>

#include <string>

#include "core/serve/allowed_host.h"
#include "core/serve/share_command.h"

using namespace procatlas;

namespace {

// The status with which a head is refused; 0: it is not.
int refusal(const std::string& head) {
    const auto request = parse_request_head(head);
    return request ? 0 : request.error();
}

std::string get_with(const std::string& headers) {
    return "GET / HTTP/1.1\r\nHost: localhost\r\n" + headers + "\r\n";
}

}  // namespace

TEST_CASE("a request is read as it was written") {
    const auto request = parse_request_head(
        "POST /scene?moment=12&language=ko HTTP/1.1\r\nHost: LocalHost:80\r\nOrigin: http://localhost:80\r\n"
        "Authorization: Bearer 7.ab\r\nContent-Length: 3\r\nContent-Type: application/json\r\nAccept-Encoding: br, gzip\r\n"
        "Sec-Fetch-Site: same-origin\r\nConnection: close\r\nX-Other: anything \xff\r\n\r\n");
    REQUIRE(request.has_value());
    CHECK(request->method == HttpRequest::Method::post);
    CHECK(request->path == "/scene");
    CHECK(request->number("moment") == 12);
    CHECK(*request->parameter("language") == "ko");
    CHECK(request->parameter("other") == nullptr);
    CHECK_FALSE(request->number("language").has_value());
    CHECK(request->host == "localhost:80");
    CHECK(request->token == "7.ab");
    CHECK(request->content_length == 3);
    CHECK(request->takes_gzip);
    CHECK_FALSE(request->keeps_open);
    CHECK(is_asked_by_us(*request));
}

TEST_CASE("a head ends with its blank line") {
    CHECK_FALSE(head_length("GET / HTTP/1.1\r\nHost: a\r\n").has_value());
    CHECK(head_length("GET / HTTP/1.1\r\n\r\nbody") == 18);
}

TEST_CASE("what could be understood in two ways is refused") {
    CHECK(refusal(get_with("")) == 0);
    CHECK(refusal("GET / HTTP/1.1\r\n\r\n") == 400);     // no host
    CHECK(refusal(get_with("Host: other\r\n")) == 400);  // two
    CHECK(refusal(get_with("Content-Length: 0\r\nContent-Length: 0\r\n")) == 400);
    CHECK(refusal(get_with("Content-Length: +1\r\n")) == 400);
    CHECK(refusal(get_with("Content-Length: 1\r\n")) == 400);  // a body of a GET
    CHECK(refusal(get_with("Transfer-Encoding: chunked\r\n")) == 501);
    CHECK(refusal(get_with("Expect: 100-continue\r\n")) == 417);
    CHECK(refusal(get_with(" continued\r\n")) == 400);
    CHECK(refusal(get_with("Name : value\r\n")) == 400);
    CHECK(refusal(get_with("Name\r\n")) == 400);
    CHECK(refusal(get_with("Name: a\nOther: b\r\n")) == 400);
    CHECK(refusal(get_with(std::string("Name: a\0b\r\n", 11))) == 400);
    CHECK(refusal("GET http://localhost/ HTTP/1.1\r\nHost: localhost\r\n\r\n") == 400);
    CHECK(refusal("GET  / HTTP/1.1\r\nHost: localhost\r\n\r\n") == 400);
    CHECK(refusal("GET / HTTP/1.1 \r\nHost: localhost\r\n\r\n") == 505);
    CHECK(refusal("GET /?a=%2e HTTP/1.1\r\nHost: localhost\r\n\r\n") == 400);
    CHECK(refusal("PUT / HTTP/1.1\r\nHost: localhost\r\n\r\n") == 405);
    CHECK(refusal("GET / HTTP/2.0\r\nHost: localhost\r\n\r\n") == 505);
    CHECK(refusal("\x16\x03\x01 nonsense\r\n\r\n") == 400);
}

TEST_CASE("a request has bounds") {
    CHECK(refusal(get_with("A: " + std::string(most_head_bytes, 'a') + "\r\n")) == 431);
    std::string many;
    for (int i = 0; i < 70; ++i) {
        many += "A: b\r\n";
    }
    CHECK(refusal(get_with(many)) == 431);
    CHECK(refusal("POST /do HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999999999999999\r\n\r\n") == 400);
    CHECK(refusal("POST /do HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5000\r\n\r\n") == 413);
}

TEST_CASE("only names that cannot be a stranger's are hosts of ours") {
    const std::vector<std::string> names{"lab7", "lab7.local"};
    for (const char* host :
         {"localhost", "localhost:8000", "127.0.0.1:1", "192.168.1.5", "[::1]", "[::1]:8000", "lab7:80", "lab7.local"}) {
        CHECK_MESSAGE(is_host_of_ours(host, names), host);
    }
    for (const char* host : {"", ":80", "evil.example", "evil.example:8000", "localhost.evil.example", "127.0.0.1.evil.example",
                             "127.1", "2130706433", "localhost:http", "[::1", "[evil]", "[::1]evil", "[::1]:x", "lab8"}) {
        CHECK_MESSAGE(!is_host_of_ours(host, names), host);
    }
}

TEST_CASE("a page of another origin asks in vain") {
    HttpRequest request;
    request.host = "127.0.0.1:8000";
    CHECK(is_asked_by_us(request));
    for (const char* origin :
         {"http://evil.example", "null", "https://127.0.0.1:8000", "http://127.0.0.1:8001", "http://127.0.0.1"}) {
        request.origin = origin;
        CHECK_MESSAGE(!is_asked_by_us(request), origin);
    }
    request.origin = "http://127.0.0.1:8000";
    CHECK(is_asked_by_us(request));
    for (const char* site : {"cross-site", "same-site"}) {
        request.fetch_site = site;
        CHECK_FALSE(is_asked_by_us(request));
    }
}

TEST_CASE("a wish is one of those that there are, or none") {
    CHECK(std::holds_alternative<share::Run>(parse_share_command(R"({"do":"run"})").value()));
    CHECK(std::get<share::Step>(parse_share_command(R"({"do":"step","pid":7})").value()).pid == 7);
    CHECK(std::get<share::Show>(parse_share_command(R"({"do":"show","moment":3})").value()).moment == 3);
    CHECK_FALSE(std::get<share::Show>(parse_share_command(R"({"do":"show","moment":null})").value()).moment.has_value());
    CHECK(std::get<share::TypeText>(parse_share_command(R"({"do":"type","text":"a\n"})").value()).bytes == "a\n");
    CHECK(std::get<share::StartExample>(parse_share_command(R"({"do":"example","name":"hello"})").value()).name == "hello");
    CHECK(std::get<share::StartCommand>(parse_share_command(R"({"do":"start","command":["ls","-l"]})").value()).words.size() ==
          2);
    for (const char* json :
         {"", "1", "[]", "{}", "null", R"({"do":1})", R"({"do":"fly"})", R"({"do":"step"})", R"({"do":"step","pid":-1})",
          R"({"do":"step","pid":99999999999})", R"({"do":"step","pid":1.5})", R"({"do":"show","moment":-1})",
          R"({"do":"show"})", R"({"do":"start","command":[]})", R"({"do":"start","command":"ls"})",
          R"({"do":"start","command":[1]})", R"({"do":"start","command":["a\u0000b"]})", "{\"do\":\"run\"", "\xff"}) {
        CHECK_MESSAGE(!parse_share_command(json).has_value(), json);
    }
    CHECK(parse_entry(R"({"code":"123456"})")->code == "123456");
    CHECK_FALSE(parse_entry(R"({"code":"1","secret":"2"})").has_value());
    CHECK_FALSE(parse_entry(R"({"code":123456})").has_value());
}
