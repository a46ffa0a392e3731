// "What is this address?", answered from a recording: region, section, frame, variable, block of the heap.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/result.h"
#include "core/model/recording.h"
#include "core/narrate/messages.h"

namespace procatlas {

// A line for each thing that is known. Errors: a moment or a process that the recording does not have.
[[nodiscard]] Result<std::string> where_text(const Recording& recording, std::size_t moment, std::int32_t pid, Address address,
                                             const Messages& words);

// An address as people write it: hexadecimal with or without 0x and with spaces between its digits; decimal where
// `decimal_without_prefix` and there is neither 0x nor a letter. nullopt: it is none.
[[nodiscard]] std::optional<Address> parse_address(std::string_view text, bool decimal_without_prefix = false);

}  // namespace procatlas
