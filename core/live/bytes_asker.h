// Asks the reader for the bytes that a person looks at in a held process: once at each of its events.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "core/inspect/client/reader_client.h"
#include "core/model/world.h"

namespace procatlas {

// The bytes that a person wants to see.
struct BytesWanted {
    ProcessKey process;
    AddressRange range;

    bool operator==(const BytesWanted&) const = default;
};

// The answer so far.
struct LiveBytes {
    MemoryBytes memory;
    std::string error;            // why there are no bytes; else empty
    bool held = true;             // false: the process is not held, so it was not asked
    bool waiting = false;         // asked, not answered yet
    std::size_t count = 0;        // number of answers; it changes with each
    std::size_t last_moment = 0;  // last moment of the process when it was asked
};

class BytesAsker {
public:
    [[nodiscard]] int descriptor() const { return reader_.descriptor(); }
    // Programs are on `where` from now on (ReaderClient::move_to).
    void move_to(std::shared_ptr<Companions> where) { reader_.move_to(std::move(where)); }
    // Takes answers, and asks if it is time to. Returns true if `bytes` changed. `present`: the program is still watched, and
    // the person looks at its last moment.
    bool follow(const World& world, const std::optional<BytesWanted>& wanted, bool present);
    [[nodiscard]] const LiveBytes& bytes() const { return bytes_; }

private:
    ReaderClient reader_;
    std::optional<BytesWanted> asked_;
    LiveBytes bytes_;
};

}  // namespace procatlas
