// Answers "What is this address?" from a recording: region, section, frame, variable, heap block.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/result.h"
#include "core/model/recording.h"
#include "core/narrate/messages.h"

namespace procatlas {

// One line for each known fact. Errors: the recording does not have the moment or the process.
[[nodiscard]] Result<std::string> where_text(const Recording& recording, std::size_t moment, std::int32_t pid, Address address,
                                             const Messages& words);

// Parses an address: hexadecimal, with or without 0x, spaces allowed between digits. `decimal_without_prefix`: decimal if it
// has neither 0x nor a letter. nullopt: not an address.
[[nodiscard]] std::optional<Address> parse_address(std::string_view text, bool decimal_without_prefix = false);

}  // namespace procatlas
