// What was found inside, as bytes of the recording file: only what differs from what was written before for the same thread
// (the frames that are still there) and the same process (globals, heap).
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/base/result.h"
#include "core/model/inside.h"
#include "core/model/process_key.h"
#include "core/stream/codec.h"

namespace procatlas {

// What was last seen of each thread and process; both directions keep the same.
class InsideMemory {
protected:
    struct OfProcess {
        std::shared_ptr<const std::vector<Variable>> globals;
        std::shared_ptr<const Heap> heap;
        std::shared_ptr<const MemoryPieces> pieces;
    };
    // By pid and tid: numbers may be used again, then nothing is the same and all is written.
    std::unordered_map<std::int32_t, std::vector<std::shared_ptr<const StackFrame>>> frames_;
    std::unordered_map<std::int32_t, OfProcess> processes_;
};

class InsideWriter : InsideMemory {
public:
    // Appends to `out` all but raw memory, which is kept apart, for a figure leaves it out: the bytes of the stack, and those
    // of `new_pieces`, which are the pieces that differ from what was written before.
    void write(std::string& out, ProcessKey process, std::int32_t thread, const Inside& inside,
               std::vector<const MemoryBytes*>& new_pieces);
    // What was written since the last `forget` was lost: refer to nothing any more.
    void forget() { *this = InsideWriter(); }
};

// The reverse, in the same order. Equal parts come back as the same object.
class InsideReader : InsideMemory {
public:
    // What was kept apart; may be missing.
    struct RawMemory {
        Address stack_start = 0;
        std::string_view stack_bytes;
        std::span<const MemoryBytes> new_pieces;
    };
    [[nodiscard]] Result<Inside> read(std::string_view bytes, const RawMemory& raw, ProcessKey process, std::int32_t thread);

private:
    std::shared_ptr<const MemoryPieces> read_pieces(Decoder& in, const RawMemory& raw, const MemoryPieces* last);
};

}  // namespace procatlas
