#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/stream/command_stream.h"
#include "tests/fuzz/require.h"

// What is understood is written again as the same kind of command.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace procatlas;
    FrameBuffer frames;
    frames.append({reinterpret_cast<const char*>(data), size});
    while (true) {
        const auto command = read_command(frames);
        if (!command || !*command) {
            return 0;
        }
        std::string bytes;
        write_command(bytes, **command);
        FrameBuffer again;
        again.append(bytes);
        const auto back = read_command(again);
        REQUIRE(back && *back && (*back)->index() == (*command)->index());
    }
}
