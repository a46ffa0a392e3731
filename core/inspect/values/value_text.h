// Values as gdb prints them with its default settings: 42, 65 'A', {x = 1, y = 2}, 0x55d0c0 "text".
#pragma once

#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/inspect/values/container_view.h"
#include "core/inspect/values/value_pieces.h"

namespace procatlas {

// `decoded` gets the containers in it. Error: why the value cannot be told. A part of it that cannot be told is written `<not
// available: why>`; nothing is made up.
[[nodiscard]] Result<std::string> value_text(const ValueSources& sources, const Type* type, const Piece& piece,
                                             DecodedContainers& decoded);

// The non-null pointers in a value, in order. Uses up what `value_text` has decoded of it.
[[nodiscard]] std::vector<Address> pointers_in(const ValueSources& sources, const Type* type, const Piece& piece,
                                               DecodedContainers& decoded);

}  // namespace procatlas
