#include <cstddef>
#include <cstdint>
#include <string_view>

#include "core/inspect/client/reader_protocol.h"
#include "tests/fuzz/require.h"

// What is understood is written again as something that is understood alike.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace procatlas;
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    if (const auto request = parse_request(bytes)) {
        const auto again = parse_request(std::string_view(encode_request(*request)).substr(4));
        REQUIRE(again && *again == *request);
    }
    if (const auto answer = parse_answer(bytes)) {
        const auto again = parse_answer(std::string_view(encode_answer(answer)).substr(4));
        REQUIRE(again && *again == *answer);
    }
    return 0;
}
