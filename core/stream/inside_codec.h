// What was found inside, as bytes of the recording file: only what differs from what was written before for the same thread
// (the frames that are still there) and the same process (globals, heap).
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/base/result.h"
#include "core/model/inside.h"
#include "core/model/process_key.h"

namespace procatlas {

// What was last seen of each thread and process; both directions keep the same.
class InsideMemory {
protected:
    struct OfProcess {
        std::shared_ptr<const std::vector<Variable>> globals;
        std::shared_ptr<const Heap> heap;
    };
    // By pid and tid: numbers may be used again, then nothing is the same and all is written.
    std::unordered_map<std::int32_t, std::vector<std::shared_ptr<const StackFrame>>> frames_;
    std::unordered_map<std::int32_t, OfProcess> processes_;
};

class InsideWriter : InsideMemory {
public:
    // Appends to `out` all but the raw bytes of the stack, which are kept apart: a figure leaves them out.
    void write(std::string& out, ProcessKey process, std::int32_t thread, const Inside& inside);
    // What was written since the last `forget` was lost: refer to nothing any more.
    void forget() { *this = InsideWriter(); }
};

// The reverse, in the same order. Equal parts come back as the same object.
class InsideReader : InsideMemory {
public:
    struct StackBytes {
        Address start = 0;
        std::string_view bytes;
    };
    [[nodiscard]] Result<Inside> read(std::string_view bytes, StackBytes stack_bytes, ProcessKey process, std::int32_t thread);
};

}  // namespace procatlas
