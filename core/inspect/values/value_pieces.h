// Where the parts of a value lie in its bytes.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/result.h"
#include "core/inspect/dwarf/dwarf_modules.h"
#include "core/inspect/dwarf/variable_types.h"
#include "core/inspect/memory/stopped_process.h"

namespace procatlas {

// Counts the elements of a dimension whose size is known only at run time.
using CountElements = std::function<std::optional<std::uint64_t>(const Dimension&)>;

struct ValueSources {
    StoppedProcess& process;
    DwarfModules& modules;
    VariableTypes& types;
    CountElements count;
    Address bias = 0;  // of the program's own file
};

// The bytes of a value or of a part of it. They may be fewer than its type has: only the first ones of a large value are read.
struct Piece {
    std::string_view bytes;
    std::optional<Address> at;  // nullopt: it is not in memory
};

// The bytes of a member, and what keeps them if they are not among those of the object.
struct MemberPiece {
    std::string read;
    std::optional<Piece> within;
    Address at = 0;

    [[nodiscard]] Piece piece() const { return within ? *within : Piece{read, at}; }
};

// The bytes of a type, also of an array whose length is known only in the frame.
[[nodiscard]] std::optional<ByteCount> size_in_frame(const ValueSources& sources, const Type* type);

// The bytes from the start of `member` on; for a bit-field, all bytes that have bits of it.
[[nodiscard]] Result<MemberPiece> piece_of(const ValueSources& sources, const Member& member, const Piece& object);

// The variant that `object` is.
[[nodiscard]] Result<const Variant*> variant_of(const ValueSources& sources, const VariantPart& part, const Piece& object);

// The lowest `member.bit_size` bits of a bit-field's piece.
[[nodiscard]] std::uint64_t bits_in(const Member& member, std::string_view bytes);

}  // namespace procatlas
