// The inside of a fenced block of a lesson: lines `key: value` and `- item`, each continued by indented lines. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"

namespace procatlas {

struct BlockLine {
    std::string key;    // empty: an item
    std::string value;  // its lines, joined by newlines
    std::uint32_t line = 0;

    bool operator==(const BlockLine&) const = default;
};

struct BlockError {
    std::string message;
    std::uint32_t line = 0;
};

// `first`: the line of the block's first line in its file. Error: a line that is neither, or a key that is there twice.
[[nodiscard]] std::expected<std::vector<BlockLine>, BlockError> parse_block_lines(std::string_view text, std::uint32_t first);

}  // namespace procatlas
