// A process's memory as rows of 16 bytes, with the names of what is stored there. For pictures and text. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/model/recording.h"
#include "core/narrate/messages.h"
#include "core/narrate/moment_context.h"

namespace procatlas {

struct ByteRow {
    static constexpr std::size_t width = 16;

    Address start = 0;  // a multiple of 16; the first byte shown may come later
    std::size_t first = 0;
    std::string bytes;          // beginning at `start` + `first`
    std::uint16_t changed = 0;  // bit n: the byte at `start` + n differs from the moment before
    std::uint16_t stale = 0;  // bit n: the byte at `start` + n is below the stack pointer, left over from a call that returned
    std::optional<std::size_t> stack_pointer;  // offset from `start`, if the stack pointer is in this row
    std::string what;                          // names of the variables, return addresses and blocks that begin here
    std::size_t folded = 0;                    // rows of zeros that this row replaces; 0: an ordinary row
};

struct ByteRun {  // consecutive bytes
    std::string region;
    RegionKind kind = RegionKind::anonymous;
    AddressRange range;  // the range shown
    std::vector<ByteRow> rows;
    std::size_t left_out = 0;  // rows omitted at the end
    std::string why_cut;       // why the bytes end here; empty: they do not end early
};

struct ByteRows {
    std::vector<ByteRun> runs;
    std::vector<std::string> none;  // sentences that say why there are no bytes; empty if there are some
};

struct ByteView {
    std::size_t most_rows = 64;          // in each run
    const MemoryBytes* asked = nullptr;  // shows these instead of the bytes in the recording
};

// The bytes that the recording holds of `process` at `moment`: around the stack pointer, and the first ones of data, BSS and
// heap.
[[nodiscard]] ByteRows byte_rows(const MomentContext& context, std::size_t process, const ByteView& view);

}  // namespace procatlas
