#include <cstddef>
#include <cstdint>
#include <string_view>

#include "core/observe/linux/proc/proc_stat.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    (void)procatlas::parse_proc_stat({reinterpret_cast<const char*>(data), size});
    return 0;
}
