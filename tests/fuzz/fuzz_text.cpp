#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/base/text.h"
#include "tests/fuzz/require.h"

// What is made safe is valid UTF-8 without control characters, and making it safe again changes nothing of that.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace procatlas;
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    for (const bool keep_lines : {false, true}) {
        const std::string shown = display_text(bytes, keep_lines);
        REQUIRE(valid_utf8(shown) == shown);
        for (const char c : shown) {
            REQUIRE((static_cast<unsigned char>(c) >= 0x20 && c != 0x7F) || (keep_lines && (c == '\n' || c == '\t')));
        }
    }
    const std::string valid = valid_utf8(bytes);
    REQUIRE(valid_utf8(valid) == valid);
    for (std::size_t at = 0; at < bytes.size();) {
        const std::size_t before = at;
        (void)next_code_point(bytes, at);
        REQUIRE(at > before && at <= bytes.size());
    }
    REQUIRE(base_name(bytes).size() <= bytes.size());
    return 0;
}
