// Markdown (CommonMark, by md4c) as a flat list of what a lesson is made of. HTML is text, links and pictures are their words.
// Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/lesson/lesson.h"

namespace procatlas {

struct MarkdownPiece {
    enum class Kind : std::uint8_t { heading, prose, block };

    Kind kind = Kind::prose;
    std::uint32_t line = 0;  // in the file, from 1; of a block, that of its fence
    unsigned level = 0;      // of a heading
    Prose prose;             // of a heading too
    std::string name;        // of a block: the first word behind its fence
    std::string block;       // its lines, as they were written
};

inline constexpr std::size_t most_markdown_bytes = 512 * 1024;

// Blocks are the fenced ones with one of these `names`; other fenced blocks are prose. Error: it is too large, or md4c gave up.
[[nodiscard]] Result<std::vector<MarkdownPiece>> parse_markdown(std::string_view text,
                                                                const std::vector<std::string_view>& names);

}  // namespace procatlas
