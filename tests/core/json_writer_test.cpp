#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <string>

#include "core/export/data/json_writer.h"

using namespace procatlas;

TEST_CASE("whatever a string holds, another program reads it back from the JSON") {
    std::string every;
    for (int c = 0; c < 0x80; ++c) {
        every += static_cast<char>(c);
    }
    for (const std::string& text : {every, std::string("한글 “quoted” \\ </script>"), std::string()}) {
        std::string out;
        append_json_string(out, text);
        CHECK(nlohmann::json::parse(out).get<std::string>() == text);
    }
}

TEST_CASE("bytes that are not UTF-8 become replacement characters in the JSON") {
    std::string out;
    append_json_string(out, "a\xff\xc3z");
    CHECK(nlohmann::json::parse(out).get<std::string>() == "a\xEF\xBF\xBD\xEF\xBF\xBDz");
}

TEST_CASE("objects and arrays, nested or empty, have the content that was written") {
    std::string out;
    {
        JsonObject object(out);
        object.text("name", "x");
        object.number("small", -1);
        object.number("large", UINT64_MAX);
        object.flag("yes", true);
        object.null("nothing");
        object.hex("address", 0x7ffd0e9c1000);
        {
            const JsonArray empty(object.key("empty"));
        }
        JsonArray lines(object.key("lines"), true);
        for (int i = 0; i < 3; ++i) {
            JsonObject inner(lines.element());
            inner.number("i", i);
        }
    }
    const auto json = nlohmann::json::parse(out);
    CHECK(json["name"] == "x");
    CHECK(json["small"] == -1);
    CHECK(json["large"] == UINT64_MAX);
    CHECK(json["yes"] == true);
    CHECK(json["nothing"].is_null());
    CHECK(json["address"] == "0x7ffd0e9c1000");
    CHECK(json["empty"].empty());
    CHECK(json["lines"].size() == 3);
    CHECK(json["lines"][2]["i"] == 2);
}
