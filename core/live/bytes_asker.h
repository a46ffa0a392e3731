// Asks the reader for a range of the memory of a held process, for as long as a person looks at it: once at each of its events.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "core/inspect/client/reader_client.h"
#include "core/model/world.h"

namespace procatlas {

// What a person wants to see the bytes of.
struct BytesWanted {
    ProcessKey process;
    AddressRange range;

    bool operator==(const BytesWanted&) const = default;
};

// What came of it.
struct LiveBytes {
    MemoryBytes memory;
    std::string error;            // why there are none; else empty
    bool held = true;             // false: the process is not held, so it was not asked
    bool waiting = false;         // asked, not answered yet
    std::size_t count = 0;        // of answers: tells one from the next
    std::size_t last_moment = 0;  // of the process when it was asked
};

class BytesAsker {
public:
    [[nodiscard]] int descriptor() const { return reader_.descriptor(); }
    // Takes answers, and asks where it is time to; true where `bytes` are others now. `present`: the moment looked at is the
    // last one of a program that is still watched.
    bool follow(const World& world, const std::optional<BytesWanted>& wanted, bool present);
    [[nodiscard]] const LiveBytes& bytes() const { return bytes_; }

private:
    ReaderClient reader_;
    std::optional<BytesWanted> asked_;
    LiveBytes bytes_;
};

}  // namespace procatlas
