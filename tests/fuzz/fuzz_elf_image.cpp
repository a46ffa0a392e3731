#include <cstddef>
#include <cstdint>
#include <string_view>

#include "core/inspect/elf/elf_image.h"
#include "tests/fuzz/require.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace procatlas;
    const auto image = parse_elf_image({reinterpret_cast<const char*>(data), size});
    if (!image) {
        return 0;
    }
    for (const ElfSection& section : image->sections) {
        REQUIRE(section.range.start < section.range.end);
    }
    for (const ElfSegment& segment : image->segments) {
        REQUIRE(segment.range.start <= segment.range.end);
    }
    return 0;
}
