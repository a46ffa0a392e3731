#include <cstddef>
#include <cstdint>
#include <string>

#include "core/export/carry/carried_recording.h"
#include "tests/fuzz/require.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace procatlas;
    const std::string figure(reinterpret_cast<const char*>(data), size);
    const auto carried = extract_recording(figure);
    REQUIRE(carried || !carried.error().message.empty());
    REQUIRE(!carried || !*carried || (*carried)->bytes.size() <= carried_limit);
    return 0;
}
