#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/far/relay_message.h"
#include "core/stream/frame.h"
#include "tests/fuzz/require.h"

// What another machine may say: the first line, then frames. What is understood is written again as the same kind of message.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace procatlas;
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    const auto line = bytes.substr(0, bytes.find('\n'));
    if (const auto versions = find_greeting(line)) {
        const std::string again = relay_greeting(*versions);
        const auto back = find_greeting(std::string_view(again).substr(0, again.size() - 1));
        REQUIRE(back && back->relay == versions->relay && back->stream == versions->stream && back->reader == versions->reader);
        (void)version_mismatch(*versions, "lab");
    }
    FrameBuffer frames(relay_frame_limit);
    frames.append(bytes.substr(std::min(line.size() + 1, bytes.size())));
    while (true) {
        const auto frame = frames.next();
        if (!frame || !*frame) {
            return 0;
        }
        const auto message = read_message(**frame);
        if (!message) {
            return 0;
        }
        std::string again;
        write_message(again, *message);
        const auto back = read_message(std::string_view(again).substr(4));
        REQUIRE(back && back->index() == message->index());
    }
}
