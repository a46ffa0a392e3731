#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "core/model/recording.h"
#include "core/stream/event_stream.h"

// Whatever the bytes and however they arrive, the reader gives events or an error, and the world takes every event.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace procatlas;
    std::string_view rest(reinterpret_cast<const char*>(data), size);
    std::string greeting;
    write_greeting(greeting);
    EventReader reader;
    reader.append(greeting);
    Recording recording;
    std::size_t piece = 1;
    while (!rest.empty()) {
        reader.append(rest.substr(0, piece));
        rest.remove_prefix(std::min(piece, rest.size()));
        piece = piece * 2 + 1;
        while (true) {
            auto event = reader.next();
            if (!event) {
                return 0;
            }
            if (!*event) {
                break;
            }
            recording.append(std::move(**event));
        }
    }
    if (!recording.empty()) {
        (void)recording.world_at(recording.last_moment() / 2);
    }
    return 0;
}
