#include "core/lesson/block_lines.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/base/text.h"

namespace procatlas {
namespace {

constexpr std::string_view blanks = " \t\r";

std::string_view without_blanks(std::string_view text) {
    const std::size_t begin = text.find_first_not_of(blanks);
    return begin == std::string_view::npos ? std::string_view() : text.substr(begin, text.find_last_not_of(blanks) - begin + 1);
}

// "kind: choice" -> "kind"; empty: the line has no key.
std::string_view key_of(std::string_view line) {
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos || colon == 0) {
        return {};
    }
    const std::string_view key = line.substr(0, colon);
    return std::ranges::all_of(key, [](char c) { return c >= 'a' && c <= 'z'; }) ? key : std::string_view();
}

}  // namespace

std::expected<std::vector<BlockLine>, BlockError> parse_block_lines(std::string_view text, std::uint32_t first) {
    std::vector<BlockLine> lines;
    std::uint32_t number = first;
    for (; !text.empty(); ++number) {
        const std::size_t end = text.find('\n');
        const std::string_view line = text.substr(0, end);
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
        const std::string_view words = without_blanks(line);
        if (words.empty()) {
            continue;
        }
        const bool indented = blanks.find(line.front()) != std::string_view::npos;
        if (indented && !lines.empty()) {
            (lines.back().value += lines.back().value.empty() ? "" : "\n") += words;
        } else if (words.starts_with("- ")) {
            lines.push_back({{}, std::string(without_blanks(words.substr(2))), number});
        } else if (const std::string_view key = key_of(words); !key.empty()) {
            if (std::ranges::find(lines, key, &BlockLine::key) != lines.end()) {
                return std::unexpected(BlockError{fmt::format("\"{}:\" is here twice", key), number});
            }
            lines.push_back({std::string(key), std::string(without_blanks(words.substr(key.size() + 1))), number});
        } else {
            return std::unexpected(
                BlockError{fmt::format("\"{}\" is neither \"key: value\" nor \"- item\"; a line that goes on is indented",
                                       first_characters(display_text(words), 40)),
                           number});
        }
    }
    return lines;
}

}  // namespace procatlas
