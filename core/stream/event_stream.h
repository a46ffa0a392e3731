// Events as bytes: the live pipe, a file, the far end of ssh. A memory map travels as the text that the kernel gave, and of
// that only what differs from the last text sent for the process (for a newborn: for its parent). Pages are sent where they
// differ from the last ones sent for the process.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/base/result.h"
#include "core/model/observed_event.h"
#include "core/stream/frame.h"

namespace procatlas {

// A map as it was read.
struct MemoryText {
    std::string maps;  // the whole of /proc/PID/maps
    AddressMarks marks;
    bool torn = false;
};

class EventWriter {
public:
    // Appends one frame to `out`. `event.memory` and `child_memory` are not looked at; the texts take their place (null: not
    // read).
    void write(std::string& out, const ObservedEvent& event, const MemoryText* memory, const MemoryText* child_memory);

private:
    std::unordered_map<std::int32_t, std::string> last_;  // by pid, of the living
    std::unordered_map<std::int32_t, std::shared_ptr<const Pages>> last_pages_;
};

// The reverse. Equal maps and equal pages come back as the same object.
class EventReader {
public:
    // Bytes as they arrive.
    void append(std::string_view bytes) { frames_.append(bytes); }
    // The next whole event, or nullopt. Error: the bytes are no stream of events; reading on makes no sense.
    [[nodiscard]] Result<std::optional<ObservedEvent>> next();

private:
    struct Last {
        std::string text;
        std::shared_ptr<const AddressSpace> space;
    };
    Result<ObservedEvent> decode(std::string_view frame);
    bool decode_pages(class Decoder& in, PagesRead& read);
    bool decode_memory(class Decoder& in, std::int32_t base_pid, std::int32_t pid, std::shared_ptr<const AddressSpace>& out);

    FrameBuffer frames_;
    bool greeted_ = false;  // the first frame is the version
    std::unordered_map<std::int32_t, Last> last_;
    std::unordered_map<std::int32_t, std::shared_ptr<const Pages>> last_pages_;
};

// The first frame of a stream of events.
void write_greeting(std::string& out);

}  // namespace procatlas
