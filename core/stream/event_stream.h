// Events as bytes, for the live pipe, a file, or the far end of ssh. A memory map is sent as the kernel's text, but only the
// part that differs from the last text sent for the process (for a newborn: for its parent). Of pages, only those are sent that
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

// The text of a map.
struct MemoryText {
    std::string maps;  // the whole of /proc/PID/maps
    AddressMarks marks;
    bool torn = false;
};

class EventWriter {
public:
    // Appends one frame to `out`. Ignores `event.memory` and `child_memory`, and writes the texts instead (null: not read).
    void write(std::string& out, const ObservedEvent& event, const MemoryText* memory, const MemoryText* child_memory);

private:
    std::unordered_map<std::int32_t, std::string> last_;  // by pid, of living processes
    std::unordered_map<std::int32_t, std::shared_ptr<const Pages>> last_pages_;
};

// Decodes what EventWriter wrote. Equal maps and equal pages are returned as the same object.
class EventReader {
public:
    // Takes bytes as they arrive.
    void append(std::string_view bytes) { frames_.append(bytes); }
    // The next whole event, or nullopt. Error: the bytes are not a stream of events; do not read on.
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
    bool greeted_ = false;  // the first frame, which contains the version, has arrived
    std::unordered_map<std::int32_t, Last> last_;
    std::unordered_map<std::int32_t, std::shared_ptr<const Pages>> last_pages_;
};

// Writes the first frame of a stream of events.
void write_greeting(std::string& out);
// Writes a frame that only says that the observer works. EventReader passes over it.
void write_sign_of_life(std::string& out);

}  // namespace procatlas
