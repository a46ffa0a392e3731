#include <cstddef>
#include <cstdint>
#include <string>

#include "core/model/region.h"
#include "core/stream/proc_maps.h"
#include "tests/fuzz/require.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace procatlas;
    const auto space = parse_proc_maps(std::string(reinterpret_cast<const char*>(data), size));
    if (!space) {
        return 0;
    }
    Address last = 0;
    for (const Mapping& mapping : space->mappings) {
        REQUIRE(mapping.range.start >= last && mapping.range.start < mapping.range.end);
        last = mapping.range.end;
    }
    // The regions cover the mappings and nothing else, in order.
    Address region_end = 0;
    ByteCount in_regions = 0;
    for (const Region& region : classify_regions(*space, "/bin/x", {}, {})) {
        REQUIRE(region.range.start >= region_end && region.range.start < region.range.end);
        region_end = region.range.end;
        in_regions += region.range.size();
    }
    ByteCount in_mappings = 0;
    for (const Mapping& mapping : space->mappings) {
        in_mappings += mapping.range.size();
    }
    REQUIRE(in_regions == in_mappings);
    return 0;
}
