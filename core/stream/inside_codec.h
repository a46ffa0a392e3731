// The inside of processes, as bytes of the recording file. Writes only what differs from what was written before for the same
// thread (its frames) and the same process (globals, heap).
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

// What was last seen of each thread and process. Writer and reader remember the same.
class InsideMemory {
protected:
    struct OfProcess {
        std::shared_ptr<const std::vector<Variable>> globals;
        std::shared_ptr<const std::vector<PythonObject>> objects;
        std::shared_ptr<const Heap> heap;
        std::shared_ptr<const MemoryPieces> pieces;
    };
    // By pid and tid. If the kernel uses a number again, nothing is equal, and everything is written.
    std::unordered_map<std::int32_t, std::vector<std::shared_ptr<const StackFrame>>> frames_;
    std::unordered_map<std::int32_t, OfProcess> processes_;
};

class InsideWriter : InsideMemory {
public:
    // Appends everything but raw memory to `out`. Raw memory is stored apart, because figures omit it: the bytes of the stack,
    // and those of `new_pieces`, the pieces that differ from those written before.
    void write(std::string& out, ProcessKey process, std::int32_t thread, const Inside& inside,
               std::vector<const MemoryBytes*>& new_pieces);
    // Call this if what was written since the last `forget` is lost: later bytes no longer refer to it.
    void forget() { *this = InsideWriter(); }
};

// Decodes what InsideWriter wrote, in the same order. Equal parts are returned as the same object.
class InsideReader : InsideMemory {
public:
    // The raw memory that is stored apart; may be missing.
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
