#include <sys/mman.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <string>

#include "core/store/read_recording.h"
#include "tests/fuzz/require.h"

// Whatever the file, it is refused with a sentence or becomes a recording that can be gone through.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace procatlas;
    static const int file = ::memfd_create("recording", MFD_CLOEXEC);
    REQUIRE(::ftruncate(file, 0) == 0);
    REQUIRE(::pwrite(file, data, size, 0) == static_cast<ssize_t>(size));
    const auto loaded = read_recording_here("/proc/self/fd/" + std::to_string(file));
    if (!loaded) {
        REQUIRE(!loaded.error().message.empty());
        return 0;
    }
    const Recording& recording = loaded->recording;
    for (std::size_t i = 0; i < 4; ++i) {
        const std::size_t moment = recording.last_moment() * i / 3;
        REQUIRE(recording.empty() || recording.world_at(moment).event_count == moment + 1);
        if (!recording.empty()) {
            (void)recording.observed_event(moment);
        }
    }
    return 0;
}
