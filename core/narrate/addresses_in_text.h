// Finds addresses that a program printed, so that the window can show what they point to. Pure.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "core/base/address.h"

namespace procatlas {

struct PrintedAddress {
    std::size_t position = 0;  // byte offset of its "0x"
    std::size_t length = 0;    // bytes
    Address address = 0;
};

// Every "0x" with 1 to 16 hex digits that is not part of a longer word.
[[nodiscard]] std::vector<PrintedAddress> addresses_in_text(std::string_view text);

}  // namespace procatlas
