// Raw memory of a process as rows of 16 bytes with what lies there, for pictures and for texts. Pure.
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

    Address start = 0;  // a multiple of 16; the first byte on show may lie behind it
    std::size_t first = 0;
    std::string bytes;                         // from `start` + `first` on
    std::uint16_t changed = 0;                 // bit n: the byte at `start` + n differs from the moment before
    std::uint16_t stale = 0;                   // bit n: that byte lies below the stack pointer, left over from what is done
    std::optional<std::size_t> stack_pointer;  // it points to `start` + this
    std::string what;                          // variables, return addresses, blocks that begin here
    std::size_t folded = 0;                    // rows of zeros that this one stands for; 0: it stands for itself
};

struct ByteRun {  // bytes without a gap
    std::string region;
    RegionKind kind = RegionKind::anonymous;
    AddressRange range;  // that is shown
    std::vector<ByteRow> rows;
    std::size_t left_out = 0;  // rows at its end
    std::string why_cut;       // why there are no more; else empty
};

struct ByteRows {
    std::vector<ByteRun> runs;
    std::vector<std::string> none;  // why there is nothing, in sentences; else empty
};

struct ByteView {
    std::size_t most_rows = 64;          // of a run
    const MemoryBytes* asked = nullptr;  // these in place of what the recording keeps
};

// What the recording keeps of the memory of `process` at `moment`: around the stack pointer, the beginnings of data, bss, heap.
[[nodiscard]] ByteRows byte_rows(const MomentContext& context, std::size_t process, const ByteView& view);

}  // namespace procatlas
